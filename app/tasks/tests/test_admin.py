from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from core.tests.factories import BlogPostFactory
from ecommerce.models import ProductImport
from ecommerce.tests.factories import CategoryFactory, ProductImageFactory
from tasks import subjects
from tasks.models import Job, Process
from tasks.selectors import JobFigures, job_figures
from tasks.tests.making import a_job

pytestmark = pytest.mark.django_db
LIST = reverse("admin:tasks_job_changelist")


@pytest.fixture
def staff(client, bob):
    """Bob, who may look at jobs, logged in."""
    bob.user_permissions.add(Permission.objects.get(codename="view_job"))
    client.force_login(bob)
    return bob


def allow(person, codename):
    person.user_permissions.add(Permission.objects.get(codename=codename))


def page(client, job):
    return client.get(reverse("admin:tasks_job_change", args=[job.pk])).content.decode()


def test_customers_see_no_jobs(client, charlie):
    client.force_login(charlie)
    assert client.get(LIST).status_code == 302


def test_lists_jobs_with_their_state(client, staff):
    a_job(state=Job.State.FAILED, progress_current=3, progress_total=9)
    content = client.get(LIST).content.decode()
    assert "job-state--failed" in content
    assert "3/9" in content


def test_the_list_takes_the_same_queries_however_long(client, staff, django_assert_num_queries):
    client.get(LIST)
    a_job(owner=staff)
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as few:
        client.get(LIST)
    for _ in range(20):
        a_job(owner=staff)
    with django_assert_num_queries(len(few)):
        client.get(LIST)


def test_shows_the_traceback_as_it_is(client, staff):
    job = a_job(state=Job.State.FAILED, error="Traceback\n  <b>line</b>")
    assert '<pre class="job-text">Traceback\n  &lt;b&gt;line&lt;/b&gt;</pre>' in page(client, job)


def test_nobody_adds_or_edits_a_job(client, root):
    client.force_login(root)
    job = a_job()
    assert client.get(reverse("admin:tasks_job_add")).status_code == 403
    client.post(reverse("admin:tasks_job_change", args=[job.pk]), {"kind": "other"})
    job.refresh_from_db()
    assert job.kind == "tests.echo"


def test_only_ended_jobs_are_deleted(client, root):
    client.force_login(root)
    unfinished, ended = a_job(), a_job(state=Job.State.DONE)
    for job in (unfinished, ended):
        client.post(reverse("admin:tasks_job_delete", args=[job.pk]), {"post": "yes"})
    assert set(Job.objects.all()) == {unfinished}


def test_deleting_a_selection_spares_the_unfinished(client, root):
    client.force_login(root)
    unfinished = a_job()
    client.post(LIST, {"action": "delete_selected", "_selected_action": [unfinished.pk], "post": "yes"})
    assert Job.objects.filter(pk=unfinished.pk).exists()


@pytest.mark.parametrize("action", ["retry", "cancel"])
def test_to_look_is_not_to_touch(client, staff, action):
    job = a_job(state=Job.State.FAILED if action == "retry" else Job.State.QUEUED)
    assert client.post(reverse(f"admin:tasks_job_{action}", args=[job.pk])).status_code == 403
    client.post(LIST, {"action": f"{action}_selected", "_selected_action": [job.pk]})
    assert reverse(f"admin:tasks_job_{action}", args=[job.pk]) not in page(client, job)
    before = job.state
    job.refresh_from_db()
    assert job.state == before


def test_retrying_needs_its_permission_and_a_post(client, staff):
    allow(staff, "retry_job")
    job = a_job(state=Job.State.FAILED, attempts=5)
    address = reverse("admin:tasks_job_retry", args=[job.pk])
    assert address in page(client, job)
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 302
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.QUEUED, 0)


def test_cancelling_needs_its_permission(client, staff):
    allow(staff, "cancel_job")
    job = a_job()
    client.post(reverse("admin:tasks_job_cancel", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_a_selection_is_retried_where_it_can_be(client, staff):
    allow(staff, "retry_job")
    failed, done = a_job(state=Job.State.FAILED), a_job(state=Job.State.DONE)
    data = {"action": "retry_selected", "_selected_action": [failed.pk, done.pk]}
    content = client.post(LIST, data, follow=True).content.decode()
    assert "cannot be retried" in content
    failed.refresh_from_db()
    done.refresh_from_db()
    assert (failed.state, done.state) == (Job.State.QUEUED, Job.State.DONE)


def test_what_a_mail_says_is_shown_to_superusers_alone(client, staff, root):
    job = a_job(kind="mail.send", arguments={"message": {"body": "https://example.com/reset/secret"}})
    ordinary = a_job(arguments={"word": "lamp"})
    assert "reset/secret" not in page(client, job)
    assert "lamp" in page(client, ordinary)
    client.force_login(root)
    assert "reset/secret" in page(client, job)


def test_leads_to_what_the_job_is_about(client, root):
    category = CategoryFactory.create(title="Lamps")
    client.force_login(root)
    job = a_job(kind="ecommerce.index_category", arguments={"category_id": category.pk})
    address = reverse("admin:ecommerce_category_change", args=[category.pk])
    assert f'<a href="{address}">category: Lamps</a>' in page(client, job)


def test_leads_to_a_row_named_by_model_and_key(client, root):
    post = BlogPostFactory.create(author=root)
    client.force_login(root)
    job = a_job(kind="core.render_pictures", arguments={"model": "core.BlogPost", "pk": post.pk, "field": "picture"})
    assert reverse("admin:core_blogpost_change", args=[post.pk]) in page(client, job)


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("ecommerce.index_category", {"category_id": 999999}),
        ("ecommerce.index_category", {"category_id": "lamps"}),
        ("ecommerce.nothing", {"row_id": 1}),
        ("nowhere.nothing", {"order_id": 1}),
        ("core.render_pictures", {"model": "no.Model", "pk": 1}),
        ("core.render_pictures", {"model": "nonsense", "pk": 1}),
    ],
)
def test_leads_nowhere_where_there_is_nothing(client, root, kind, arguments):
    client.force_login(root)
    job = a_job(kind=kind, arguments=arguments)
    assert '<ul class="object-tools">' in page(client, job)


def test_leads_to_what_a_part_without_a_page_belongs_to(client, root):
    image = ProductImageFactory.create()
    client.force_login(root)
    job = a_job(kind="core.render_pictures", arguments={"model": "ecommerce.productimage", "pk": image.pk})
    assert reverse("admin:ecommerce_product_change", args=[image.product_id]) in page(client, job)


def test_finds_an_import_by_its_short_name():
    run = ProductImport.objects.create(file_name="products.csv")
    job = a_job(kind="ecommerce.import_products", arguments={"import_id": run.pk, "dry_run": True})
    assert subjects.subject_of(job) == run


def test_leads_nobody_to_what_they_may_not_see(client, staff):
    post = BlogPostFactory.create(author=staff)
    job = a_job(kind="tests.echo", arguments={"model": "core.BlogPost", "pk": post.pk})
    assert reverse("admin:core_blogpost_change", args=[post.pk]) not in page(client, job)


def test_leads_to_flower_who_may_watch_it(client, staff, settings):
    job = a_job(worker="worker@a")
    settings.FLOWER_URL = "/flower/"
    assert "/flower/" not in page(client, job)
    assert "/flower/" not in client.get(LIST).content.decode()
    allow(staff, "watch_flower")
    assert 'href="/flower/worker/worker%40a"' in page(client, job)
    assert 'href="/flower/"' in client.get(LIST).content.decode()
    settings.FLOWER_URL = ""
    assert "Flower" not in page(client, job)


def test_processes_are_for_whoever_may_see_jobs(client, staff, erin):
    row = Process.objects.create(name="worker@a", role="worker", started=timezone.now(), seen=timezone.now())
    address = reverse("admin:tasks_process_changelist")
    assert "worker@a" in client.get(address).content.decode()
    assert client.post(reverse("admin:tasks_process_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    client.force_login(erin)
    assert client.get(address).status_code == 403


def test_figures_of_an_empty_table():
    assert job_figures() == JobFigures(queued=0, running=0, failed_today=0, oldest_waiting=None)


def test_figures(django_assert_num_queries):
    now = timezone.now()
    a_job(run_after=now - timedelta(minutes=7))
    a_job(run_after=now + timedelta(hours=1), created=now - timedelta(days=1))
    a_job(state=Job.State.RUNNING, lease_until=now, run_after=now - timedelta(hours=2))
    a_job(state=Job.State.FAILED, finished=now)
    a_job(state=Job.State.FAILED, finished=now - timedelta(days=2))
    a_job(state=Job.State.DONE, finished=now)
    with django_assert_num_queries(2):
        figures = job_figures()
    assert (figures.queued, figures.running, figures.unfinished, figures.failed_today) == (2, 1, 3, 1)
    assert timedelta(minutes=7) <= figures.oldest_waiting < timedelta(minutes=8)

"""An upload in the admin: checked first, imported when staff say so, watched until it is done; and the command."""

from __future__ import annotations

import io

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from ecommerce.models import Product, ProductImport
from ecommerce.services.product_import import runs
from ecommerce.tests.catalogue_files import SHOPIFYS, csv_text, needs_shopifys, simple, uploaded
from tasks.models import Job
from tasks.services import jobs

pytestmark = pytest.mark.django_db

ADD = "admin:ecommerce_productimport_add"
FILE = csv_text(simple(), simple(Handle="elm", Title="Elm", Variant_Price="12,50"))


def _upload(client, content: str | bytes = FILE, name: str = "products.csv"):
    raw = content.encode() if isinstance(content, str) else content
    return client.post(reverse(ADD), {"file": SimpleUploadedFile(name, raw, content_type="text/csv")})


def _url(page: str, record: ProductImport) -> str:
    return reverse(f"admin:ecommerce_productimport_{page}", args=[record.pk])


def test_upload_is_checked_shown_by_line_and_imported_when_staff_say_so(client, bob) -> None:
    client.force_login(bob)
    response = _upload(client)
    record = ProductImport.objects.get()
    assert response["Location"] == _url("change", record)
    assert (record.file_name, record.uploaded_by) == ("products.csv", bob)
    waiting = client.get(_url("change", record)).content.decode()
    assert "Waiting for a worker" in waiting
    assert 'http-equiv="refresh"' in waiting
    assert "hx-trigger" in waiting

    jobs.run_due()
    checked = client.get(_url("change", record)).content.decode()
    assert "12,50" in checked
    assert 'value="Import 1 product"' in checked
    assert "hx-trigger" not in checked
    assert not Product.objects.exists()

    assert client.post(_url("start", record))["Location"] == _url("change", record)
    jobs.run_due()
    done = client.get(_url("change", record)).content.decode()
    assert "products created" in done
    assert [product.slug for product in Product.objects.all()] == ["oak-board"]
    assert LogEntry.objects.filter(user=bob, change_message__contains="Import started").count() == 1


def test_its_progress_is_followed_live_and_on_a_page_of_its_own(client, bob) -> None:
    client.force_login(bob)
    _upload(client)
    record, job = ProductImport.objects.get(), Job.objects.get()
    page = client.get(_url("change", record)).content.decode()
    assert f'data-socket="/ws/jobs/{job.pk}/"' in page
    assert f'hx-get="{_url("change", record)}" hx-trigger="job:look"' in page
    own = client.get(job.get_absolute_url()).content.decode()
    assert "<h1>Import of products</h1>" in own
    assert _url("change", record) in own


def test_who_may_import_but_not_see_jobs_follows_it_by_asking(client, bob) -> None:
    record = uploaded(FILE)
    runs.IMPORTER.check(record=record)
    group = bob.groups.get()
    group.permissions.remove(*group.permissions.filter(codename="view_job"))
    client.force_login(bob)
    page = client.get(_url("change", record)).content.decode()
    assert "data-socket" not in page
    assert 'hx-trigger="every 2s"' in page


def test_pressing_import_twice_imports_once(client, bob) -> None:
    client.force_login(bob)
    _upload(client)
    jobs.run_due()
    record = ProductImport.objects.get()
    for _ in range(2):
        client.post(_url("start", record))
    assert Job.objects.filter(kind=runs.IMPORTER.run_kind, arguments__dry_run=False).count() == 1


def test_nothing_is_imported_that_was_not_checked(client, bob) -> None:
    client.force_login(bob)
    _upload(client)
    record = ProductImport.objects.get()
    page = client.post(_url("start", record), follow=True)
    assert "There is nothing to import" in page.content.decode()
    assert not Job.objects.filter(arguments__dry_run=False).exists()


def test_file_of_which_nothing_can_be_taken_has_no_button(client, bob) -> None:
    client.force_login(bob)
    _upload(client, csv_text(simple(Variant_Price="free")))
    jobs.run_due()
    assert (
        'type="submit" class="default"' not in client.get(_url("change", ProductImport.objects.get())).content.decode()
    )


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b"PK\x03\x04zip", "not a CSV file"),
        (b"Name,Cost\nOak,3\n", "Handle, Title"),
        ("Handle,Title\ncafé,Café\n".encode("latin-1"), "Line 2 is not UTF-8"),
    ],
)
def test_wrong_file_is_refused_beside_its_field_and_not_kept(client, bob, content, part) -> None:
    client.force_login(bob)
    response = _upload(client, content)
    assert response.status_code == 200
    assert part in response.context["adminform"].form.errors["file"][0]
    assert not ProductImport.objects.exists()
    assert not Job.objects.exists()


def test_too_large_a_file_is_refused(client, bob, settings) -> None:
    settings.PRODUCT_IMPORT_MAX_MEGABYTES = 0
    client.force_login(bob)
    assert "larger than" in _upload(client).context["adminform"].form.errors["file"][0]


def test_job_that_broke_off_says_so_and_leads_to_the_reason(client, bob, monkeypatch) -> None:
    client.force_login(bob)
    _upload(client)
    monkeypatch.setattr(runs, "perform", lambda **_: 1 / 0)
    Job.objects.update(attempts=99)
    jobs.run_due()
    page = client.get(_url("change", ProductImport.objects.get())).content.decode()
    assert "stopped half-way" in page
    assert reverse("admin:tasks_job_change", args=[Job.objects.get().pk]) in page


def test_file_can_be_had_back_as_a_download_only(client, bob) -> None:
    record = uploaded(FILE)
    client.force_login(bob)
    response = client.get(_url("file", record))
    assert b"".join(response.streaming_content).decode() == FILE
    assert response["Content-Disposition"] == 'attachment; filename="products.csv"'
    record.file.storage.delete(record.file.name)
    assert client.get(_url("file", record)).status_code == 404


def test_import_is_deleted_with_its_file_and_not_while_it_runs(client, bob) -> None:
    client.force_login(bob)
    _upload(client)
    record = ProductImport.objects.get()
    assert client.post(_url("delete", record), {"post": "yes"}).status_code == 403
    jobs.run_due()
    client.post(
        reverse("admin:ecommerce_productimport_changelist"),
        {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"},
    )
    assert not ProductImport.objects.exists()
    assert not record.file.storage.exists(record.file.name)


@pytest.mark.parametrize("who", ["erin", "dave", "charlie", None])
def test_nobody_else_uploads_sees_or_starts_an_import(client, request, who) -> None:
    record = uploaded(FILE)
    if who:
        client.force_login(request.getfixturevalue(who))
    answers = [
        client.get(reverse(ADD)),
        _upload(client),
        client.get(reverse("admin:ecommerce_productimport_changelist")),
        *(client.get(_url(page, record)) for page in ("change", "file", "history", "delete")),
        client.post(_url("start", record)),
    ]
    assert {answer.status_code for answer in answers} <= {302, 403}
    assert all("login" in answer["Location"] for answer in answers if answer.status_code == 302)
    assert ProductImport.objects.count() == 1
    assert not Job.objects.exists()


def test_one_who_may_change_but_not_add_products_may_not_import(client, bob) -> None:
    group = bob.groups.get()
    group.permissions.remove(*group.permissions.filter(codename="add_product"))
    client.force_login(bob)
    assert client.get(reverse(ADD)).status_code == 403
    assert reverse(ADD) not in client.get(reverse("admin:ecommerce_product_changelist")).content.decode()


def test_list_of_products_leads_to_import_and_export(client, bob) -> None:
    client.force_login(bob)
    page = client.get(reverse("admin:ecommerce_product_changelist")).content.decode()
    assert reverse(ADD) in page
    assert reverse("admin:ecommerce_product_export") in page


def test_list_of_imports_names_the_state_of_each(client, bob) -> None:
    client.force_login(bob)
    _upload(client)
    url = reverse("admin:ecommerce_productimport_changelist")
    assert "Being checked" in client.get(url).content.decode()
    jobs.run_due()
    assert "Checked" in client.get(url).content.decode()
    client.post(_url("start", ProductImport.objects.get()))
    jobs.run_due()
    assert "Imported" in client.get(url).content.decode()


def test_start_needs_a_post(client, bob) -> None:
    client.force_login(bob)
    assert client.get(_url("start", uploaded(FILE))).status_code == 405


# --- The command ------------------------------------------------------------------------------------------------------


def _command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("import_products", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "products.csv"
    file.write_text(csv_text(simple(Vendor="Acme", Image_Src="http://127.0.0.1/a.png")), encoding="utf-8")
    return file


def test_command_imports_fetches_and_reports(path) -> None:
    said = _command(str(path))
    assert "Created 1 products, updated 0, left out 0; 1 variants, 1 pictures to fetch." in said
    assert "New categories: Imported." in said
    assert "no place for: Vendor." in said
    assert "Line 2, warning: oak-board: The picture http://127.0.0.1/a.png" in said
    assert "Fetched 0 pictures; 1 could not be had." in said
    assert Product.objects.count() == 1


def test_command_only_says_what_it_would_do(path) -> None:
    said = _command(str(path), "--dry-run")
    assert "Would create 1 products" in said
    assert "Nothing was changed" in said
    assert not Product.objects.exists()


def test_command_leaves_pictures_to_the_workers_if_told(path) -> None:
    assert "/admin/ecommerce/productimport/" in _command(str(path), "--no-wait")
    assert Job.objects.get(kind="ecommerce.fetch_product_pictures").state == Job.State.QUEUED


def test_command_fails_where_something_was_left_out(path) -> None:
    path.write_text(FILE, encoding="utf-8")
    with pytest.raises(CommandError, match="left out"):
        _command(str(path))
    assert [product.slug for product in Product.objects.all()] == ["oak-board"]


def test_command_refuses_what_it_cannot_read(path, settings) -> None:
    with pytest.raises(CommandError, match="No such file"):
        _command(str(path) + "x")
    path.write_bytes(b"")
    with pytest.raises(CommandError, match=r"Nothing was changed\. The file is empty"):
        _command(str(path))
    settings.PRODUCT_IMPORT_MAX_MEGABYTES = 0
    path.write_bytes(b"x")
    with pytest.raises(CommandError, match="PRODUCT_IMPORT_MAX_MEGABYTES"):
        _command(str(path))


def test_command_says_how_far_it_is(path, monkeypatch) -> None:
    monkeypatch.setattr("core.management.file_import.SECONDS_BETWEEN_LINES", 0)
    said = _command(str(path))
    assert "Importing: 1/1" in said
    assert "Fetching pictures" in said


def test_interrupted_command_leaves_no_job_that_goes_on_by_itself(path, monkeypatch) -> None:
    def interrupt(**kwargs: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(runs, "perform", interrupt)
    with pytest.raises(CommandError, match="Stopped") as stopped:
        _command(str(path))
    assert stopped.value.returncode == 130
    assert Job.objects.get().cancel_requested


@needs_shopifys
def test_command_takes_shopifys_own_file() -> None:
    assert "Created 20 products" in _command(str(SHOPIFYS), "--no-wait")

from __future__ import annotations

import pytest
from django.core.files.storage import default_storage
from django.template import Context, Template

from core.models import BlogPost
from core.tests.factories import BlogPostFactory, picture_file
from tasks.models import Job
from tasks.services import jobs

pytestmark = pytest.mark.django_db


def rendered(post, options='alt="A loaf" ratio="16/9"'):
    template = Template("{% load site_pictures %}{% responsive_picture post.cover " + options + " %}")
    return template.render(Context({"post": post}))


def ready(post):
    post.refresh_from_db()
    return post.cover_ready


def files():
    found, folders = [], [""]
    while folders:
        folder = folders.pop()
        if default_storage.exists(folder) or not folder:
            below, names = default_storage.listdir(folder)
            found += [f"{folder}{name}" for name in names]
            folders += [f"{folder}{name}/" for name in below]
    return sorted(found)


def test_shows_the_original_until_the_renditions_are_made():
    post = BlogPostFactory(cover=picture_file(width=1200, height=900))
    html = rendered(post)
    assert "<source" not in html
    assert f'src="{post.cover.url}"' in html
    assert 'width="1200" height="675"' in html
    assert 'alt="A loaf"' in html
    assert 'loading="lazy"' in html


def test_a_job_makes_avif_and_webp_in_every_width():
    post = BlogPostFactory(cover=picture_file(width=1200, height=900))
    assert not ready(post)
    jobs.run_due()
    assert ready(post)
    html = rendered(post, 'alt="" ratio="16/9" sizes="50vw"')
    assert html.index("image/avif") < html.index("image/webp") < html.index("<img")
    for width in (400, 800, 1200):
        assert f"/16_9/{width}w.avif {width}w" in html
    assert 'sizes="50vw"' in html
    assert 'width="1200" height="675"' in html
    assert len(files()) == 1 + 6


def test_a_small_picture_stays_as_it_is():
    post = BlogPostFactory(cover=picture_file(width=300, height=200))
    jobs.run_due()
    assert ready(post)
    assert "<source" not in rendered(post)
    assert 'width="300" height="168"' in rendered(post)


def test_the_first_picture_of_a_page_comes_first():
    html = rendered(BlogPostFactory(cover=picture_file()), 'alt="" ratio="16/9" priority=True')
    assert 'fetchpriority="high"' in html
    assert 'loading="eager"' in html


def test_text_cannot_leave_its_attribute():
    post = BlogPostFactory(cover=picture_file(), cover_alt='"><script>alert(1)</script>')
    assert "<script>" not in rendered(post, 'alt=post.cover_alt ratio="16/9"')


def test_no_picture_is_nothing():
    assert rendered(BlogPostFactory()) == ""


@pytest.mark.parametrize("way", ["assign", "save", "columns"])
def test_a_new_picture_replaces_the_old_and_its_renditions(way):
    post = BlogPostFactory(cover=picture_file("old.png"))
    jobs.run_due()
    post.refresh_from_db()
    old = post.cover.name
    if way == "save":
        post.cover.save("new.png", picture_file("new.png"))
    else:
        post.cover = picture_file("new.png")
        post.save(update_fields=["cover"] if way == "columns" else None)
    assert not ready(post)
    assert "<source" not in rendered(post)
    jobs.run_due()
    assert ready(post)
    assert not [name for name in files() if name.startswith(old.removesuffix(".png"))]
    assert len(files()) == 1 + 6


def test_saving_something_else_makes_nothing_anew():
    post = BlogPostFactory(cover=picture_file())
    jobs.run_due()
    before = Job.objects.count()
    post.refresh_from_db()
    post.title = "Another"
    post.save()
    assert Job.objects.count() == before
    assert ready(post)


def test_taking_the_picture_away_takes_its_files_away():
    post = BlogPostFactory(cover=picture_file())
    jobs.run_due()
    post.refresh_from_db()
    post.cover = ""
    post.save()
    jobs.run_due()
    assert files() == []
    assert not ready(post)


def test_deleting_the_row_deletes_its_files():
    post = BlogPostFactory(cover=picture_file())
    jobs.run_due()
    post.delete()
    jobs.run_due()
    assert files() == []


def test_a_file_that_another_row_uses_is_kept():
    post = BlogPostFactory(cover=picture_file())
    jobs.run_due()
    other = BlogPostFactory()
    BlogPost.objects.filter(pk=other.pk).update(cover=post.cover.name)
    post.delete()
    jobs.run_due()
    assert len(files()) == 1 + 6


def test_a_job_for_a_picture_that_was_replaced_meanwhile_does_nothing():
    post = BlogPostFactory(cover=picture_file())
    BlogPost.objects.filter(pk=post.pk).update(cover="blog/other.png")
    jobs.run_due()
    assert not ready(post)
    job = Job.objects.get(kind="core.render_pictures")
    assert job.state == Job.State.DONE
    assert job.result == {"rendered": False}


def test_done_twice_gives_the_same_files():
    BlogPostFactory(cover=picture_file())
    jobs.run_due()
    before = files()
    Job.objects.update(state=Job.State.QUEUED)
    jobs.run_due()
    assert files() == before

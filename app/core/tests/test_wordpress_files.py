"""What imported texts show: fetched once and made smaller, shown from here, and reported where it cannot be had."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from core.models import BlogPost, ImportedFile
from core.services import file_imports
from core.services.wordpress_import import files, runs
from core.tests.factories import png_bytes
from core.tests.serving import allow_this_machine, serving
from core.tests.wordpress_exports import attachment, export, img, item, meta, uploaded
from tasks.models import Job
from tasks.services import jobs

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.4 and so on"


@pytest.fixture
def local_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    allow_this_machine(monkeypatch)


def _import(*items: str) -> file_imports.Fetched:
    record = uploaded(export(*items))
    runs.perform(import_id=record.pk, dry_run=False, progress=lambda *_: None)
    for job in runs.IMPORTER.fetch_jobs(record):
        assert job.queue == "io"
        assert jobs.run(job_id=job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.error
    return runs.IMPORTER.fetched(record)


@pytest.mark.usefixtures("local_servers")
def test_pictures_are_shown_from_here_and_made_smaller() -> None:
    with serving({"/up/b.png": png_bytes(3000, 1500), "/c.png": png_bytes(40, 30)}) as (base, asked):
        text = (
            f'<p>A</p>{img(f"{base}/up/b.png", "Boat")}<p><a href="{base}/c.png">{img(f"{base}/c-20x15.png")}</a></p>'
        )
        found = _import(item(content=text))
    assert (found.fetched, found.missing) == (2, 0)
    boat, small = ImportedFile.objects.order_by("-width")
    assert (boat.width, boat.height, small.width) == (1600, 800, 40)
    body = BlogPost.objects.get().body
    assert f'<img src="{boat.file.url}" alt="Boat" width="1600" height="800">' in body
    assert f'<img src="{small.file.url}" alt=""' in body
    assert base not in body
    assert asked == ["/up/b.png", "/c.png"]
    with boat.file.open() as file, Image.open(file) as image:
        assert image.format == "WEBP"


@pytest.mark.usefixtures("local_servers")
def test_what_is_there_is_not_fetched_again_and_no_edit() -> None:
    with serving({"/b.png": png_bytes(40, 30)}) as (base, asked):
        post = item(content=img(f"{base}/b.png"))
        _import(post)
        body = BlogPost.objects.get().body
        again = _import(post)
    assert asked == ["/b.png"]
    assert again.jobs == 0
    assert BlogPost.objects.get().body == body
    record = uploaded(export(post))
    result = runs.perform(import_id=record.pk, dry_run=True, progress=lambda *_: None)
    assert (result.updated, result.kept, result.files) == (1, 0, 0)


@pytest.mark.usefixtures("local_servers")
def test_missing_picture_is_reported_linked_and_tried_again_next_time() -> None:
    served = {}
    with serving(served) as (base, _):
        post = item(content=f"<p>{img(f'{base}/b.png', 'Boat')}</p>{img(f'{base}/c.png')}")
        found = _import(post)
        assert (found.fetched, found.missing) == (0, 2)
        assert found.problems[0].handle == "Post 7"
        assert "404" in found.problems[0].message
        body = BlogPost.objects.get().body
        assert f'<a href="{base}/b.png">Boat</a>' in body
        assert f'<a href="{base}/c.png">c.png</a>' in body
        served["/b.png"] = png_bytes(40, 30)
        assert _import(post).fetched == 1
    assert 'alt="Boat" width="40"' in BlogPost.objects.get().body


@pytest.mark.usefixtures("local_servers")
def test_cover_is_the_featured_picture() -> None:
    with serving({"/b.png": png_bytes(1600, 900), "/new.png": png_bytes(800, 450)}) as (base, asked):
        cover = attachment(3, f"{base}/b.png", alt="A boat")
        found = _import(cover, item(extra=meta("_thumbnail_id", "3")))
        post = BlogPost.objects.get()
        assert (found.fetched, post.cover_alt, post.cover_width) == (1, "A boat", 1600)
        assert Job.objects.filter(kind="core.render_pictures").count() == 1
        assert _import(cover, item(extra=meta("_thumbnail_id", "3"))).fetched == 0
        _import(attachment(4, f"{base}/new.png"), item(extra=meta("_thumbnail_id", "4")))
        assert BlogPost.objects.get().cover_width == 800
    assert asked == ["/b.png", "/new.png"]


@pytest.mark.usefixtures("local_servers")
def test_cover_that_somebody_chose_here_stays() -> None:
    with serving({"/b.png": png_bytes(1600, 900)}) as (base, _):
        _import(item())
        post = BlogPost.objects.get()
        post.cover_alt = "Mine"
        post.save()
        _import(attachment(3, f"{base}/b.png"), item(extra=meta("_thumbnail_id", "3")))
    assert not BlogPost.objects.get().cover


@pytest.mark.usefixtures("local_servers")
def test_attachments_come_also_where_no_text_shows_them() -> None:
    with serving({"/b.png": png_bytes(40, 30), "/list.pdf": PDF, "/film.mp4": b"film"}) as (base, asked):
        both = [attachment(3, f"{base}/b.png"), attachment(4, f"{base}/list.pdf"), attachment(5, f"{base}/film.mp4")]
        found = _import(item(content=f"<p>{img(f'{base}/b.png')}</p>"), *both)
    assert (found.fetched, found.missing) == (2, 1)
    assert sorted(asked) == ["/b.png", "/film.mp4", "/list.pdf"]
    assert found.problems[0].handle == "Post 5"
    assert {file.title for file in ImportedFile.objects.all()} == {"b.png", "Post 4"}


@pytest.mark.usefixtures("local_servers")
def test_links_to_documents_and_their_old_addresses_lead_to_them(client) -> None:
    with serving({"/wp-content/uploads/list.pdf": PDF}) as (base, _):
        _import(item(content=f'<a href="{base}/wp-content/uploads/list.pdf">List</a>'))
    file = ImportedFile.objects.get()
    assert f'<a href="{file.file.url}">List</a>' in BlogPost.objects.get().body
    assert client.get("/wp-content/uploads/list.pdf")["Location"] == file.file.url


@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>Not found</html>", b"", png_bytes(40, 30)[:60]],
    ids=["svg", "html", "empty", "cut off"],
)
@pytest.mark.usefixtures("local_servers")
def test_what_a_browser_could_run_is_not_stored(content) -> None:
    with serving({"/a.png": content}) as (base, _):
        found = _import(item(content=img(f"{base}/a.png")))
    assert (found.fetched, found.missing) == (0, 1)
    assert not ImportedFile.objects.exists()


def test_private_addresses_are_refused_and_the_import_goes_on() -> None:
    found = _import(
        item(content=img("http://127.0.0.1/a.png")), item(8), attachment(9, "http://169.254.169.254/latest/")
    )
    assert found.missing == 2
    assert all("public internet" in problem.message for problem in found.problems)
    assert BlogPost.objects.count() == 2


def test_pictures_lose_what_the_camera_wrote_and_stand_upright() -> None:
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Camera"
    Image.new("RGB", (40, 20)).save(buffer, "JPEG", exif=exif)
    stored = files.prepared(buffer.getvalue())
    assert (stored.width, stored.height, stored.extension) == (20, 40, ".webp")
    with Image.open(io.BytesIO(stored.content)) as image:
        assert not image.getexif()


def test_moving_pictures_go_on_moving() -> None:
    buffer = io.BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue")]
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    assert files.prepared(buffer.getvalue()) == files.Stored(buffer.getvalue(), ".gif", 9, 9)


@pytest.mark.usefixtures("local_servers")
def test_text_edited_before_its_pictures_came_keeps_the_edit_and_gets_them() -> None:
    with serving({"/b.png": png_bytes(40, 30)}) as (base, _):
        record = uploaded(export(item(content=f"<p>A</p>{img(f'{base}/b.png')}")))
        runs.perform(import_id=record.pk, dry_run=False, progress=lambda *_: None)
        post = BlogPost.objects.get()
        post.body = post.body.replace("<p>A</p>", "<p>Mine</p>")
        post.save()
        jobs.run(job_id=runs.IMPORTER.fetch_jobs(record).get().pk)
        body = BlogPost.objects.get().body
        assert "<p>Mine</p>" in body
        assert ImportedFile.objects.get().file.url in body
        again = runs.perform(import_id=record.pk, dry_run=True, progress=lambda *_: None)
    assert again.kept == 1


def test_post_that_is_gone_by_then_gets_no_picture() -> None:
    record = uploaded(export(item(content=img("http://127.0.0.1/a.png"))))
    runs.perform(import_id=record.pk, dry_run=False, progress=lambda *_: None)
    BlogPost.objects.all().delete()
    [job] = runs.IMPORTER.fetch_jobs(record)
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE


@pytest.mark.usefixtures("local_servers")
def test_same_picture_fetched_twice_at_once_is_stored_once() -> None:
    with serving({"/b.png": png_bytes(9, 9)}) as (base, _):
        _import(item(content=img(f"{base}/b.png")))
    known = ImportedFile.objects.get()
    twin = ImportedFile(source_url=known.source_url, source_key=known.source_key, title="twin")
    content = files.ContentFile(b"x", name="twin.webp")
    assert not files._store(twin, content)
    assert not twin.file.storage.exists(twin.file.name)
    assert known.file.storage.exists(known.file.name)

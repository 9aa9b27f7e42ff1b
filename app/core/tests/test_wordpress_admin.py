"""WordPress's export uploaded in the admin: checked, imported when staff say so, stopped; and the command."""

from __future__ import annotations

import io

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from core.models import BlogPost, ImportedFile, WordPressImport
from core.services.wordpress_import import runs
from core.tests.wordpress_exports import REAL, export, img, item, needs_real, term, uploaded
from tasks.models import Job
from tasks.services import jobs

pytestmark = pytest.mark.django_db

ADD = "admin:core_wordpressimport_add"
COMMENT = "<wp:comment><wp:comment_id>1</wp:comment_id></wp:comment>"
FILE = export(
    item(title="A boat", terms=term("boats"), extra=COMMENT),
    item(8, status="private", title="Secret"),
    item(9, guid=None, post_id=None, link=None, title="Lost"),
)


def _upload(client, content: str | bytes = FILE, name: str = "old.WordPress.xml"):
    raw = content.encode() if isinstance(content, str) else content
    return client.post(reverse(ADD), {"file": SimpleUploadedFile(name, raw, content_type="text/xml")})


def _url(page: str, record: WordPressImport) -> str:
    return reverse(f"admin:core_wordpressimport_{page}", args=[record.pk])


def test_upload_is_checked_shown_by_line_and_imported_when_staff_say_so(client, erin) -> None:
    client.force_login(erin)
    response = _upload(client)
    record = WordPressImport.objects.get()
    assert response["Location"] == _url("change", record)
    assert (record.file_name, record.uploaded_by) == ("old.WordPress.xml", erin)
    assert "Waiting for a worker" in client.get(_url("change", record)).content.decode()

    jobs.run_due()
    checked = client.get(_url("change", record)).content.decode()
    assert 'value="Import 2 posts and pages"' in checked
    assert "Secret" in checked
    assert "Tags to create: boats" in checked
    assert "Agnes Marlow" in checked
    assert "1 comment" in checked
    assert not BlogPost.objects.exists()

    assert client.post(_url("start", record))["Location"] == _url("change", record)
    jobs.run_due()
    done = client.get(_url("change", record)).content.decode()
    assert "New tags: boats" in done
    assert {post.title for post in BlogPost.objects.all()} == {"A boat", "Secret"}
    assert LogEntry.objects.filter(user=erin, change_message__contains="Import started").count() == 1


def test_import_can_be_stopped_and_says_what_it_did(client, erin) -> None:
    client.force_login(erin)
    _upload(client)
    jobs.run_due()
    record = WordPressImport.objects.get()
    client.post(_url("start", record))
    assert (
        reverse("admin:core_wordpressimport_stop", args=[record.pk])
        in client.get(_url("change", record)).content.decode()
    )
    assert client.get(_url("stop", record)).status_code == 405
    client.post(_url("stop", record))
    jobs.run_due()
    assert not BlogPost.objects.exists()
    assert "stopped half-way" in client.get(_url("change", record)).content.decode()
    assert "had ended already" in client.post(_url("stop", record), follow=True).content.decode()


def test_stopping_also_stops_what_is_still_to_be_fetched(client, erin) -> None:
    client.force_login(erin)
    record = uploaded(export(item(content=img("https://a.example/b.png"))))
    runs.IMPORTER.begin(record=record)
    jobs.run(job_id=Job.objects.get().pk)
    client.post(_url("stop", record))
    assert runs.IMPORTER.fetch_jobs(record).get().state == Job.State.CANCELLED


@pytest.mark.parametrize(
    ("content", "part"),
    [(b"", "empty"), (b"<rss></rss>", "not an export"), (b"<rss>", "too early"), (b"PK\x03\x04", "packed")],
)
def test_wrong_file_is_refused_beside_its_field_and_not_kept(client, erin, content, part) -> None:
    client.force_login(erin)
    response = _upload(client, content)
    assert response.status_code == 200
    assert part in response.context["adminform"].form.errors["file"][0]
    assert not WordPressImport.objects.exists()


def test_file_can_be_had_back_as_a_download_only(client, erin) -> None:
    record = uploaded(FILE)
    client.force_login(erin)
    response = client.get(_url("file", record))
    assert b"".join(response.streaming_content).decode() == FILE
    assert response["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize("who", ["bob", "dave", "charlie", None])
def test_nobody_else_uploads_sees_starts_or_stops_an_import(client, request, who) -> None:
    record = uploaded(FILE)
    if who:
        client.force_login(request.getfixturevalue(who))
    answers = [
        client.get(reverse(ADD)),
        _upload(client),
        client.get(reverse("admin:core_wordpressimport_changelist")),
        client.get(reverse("admin:core_importedfile_changelist")),
        *(client.get(_url(page, record)) for page in ("change", "file", "history", "delete")),
        *(client.post(_url(page, record)) for page in ("start", "stop")),
    ]
    assert {answer.status_code for answer in answers} <= {302, 403}
    assert all("login" in answer["Location"] for answer in answers if answer.status_code == 302)
    assert WordPressImport.objects.count() == 1
    assert not Job.objects.exists()


def test_one_who_may_write_posts_but_no_pages_may_not_import(client, erin) -> None:
    group = erin.groups.get()
    group.permissions.remove(*group.permissions.filter(codename="add_page"))
    client.force_login(erin)
    assert client.get(reverse(ADD)).status_code == 403


def test_imported_files_are_listed_with_their_addresses(client, erin) -> None:
    ImportedFile.objects.create(source_key="a", title="Boat", file="uploads/boat.webp", width=40, height=30)
    ImportedFile.objects.create(source_key="b", title="List", file="uploads/list.pdf")
    client.force_login(erin)
    page = client.get(reverse("admin:core_importedfile_changelist"), {"q": "Boat"}).content.decode()
    assert "uploads/boat.webp" in page
    assert "list.pdf" not in page
    assert client.get(reverse("admin:core_importedfile_add")).status_code == 403


def test_pictures_within_a_text_survive_an_edit_in_the_admin(client, erin) -> None:
    """The editor knows them, so saving a post there does not throw them out."""
    picture = f"<figure>{img('/media/b.webp', 'B')}<figcaption>C</figcaption></figure>"
    record = uploaded(export(item(content=picture)))
    runs.perform(import_id=record.pk, dry_run=False, progress=lambda *_: None)
    post = BlogPost.objects.get()
    client.force_login(erin)
    page = client.get(reverse("admin:core_blogpost_change", args=[post.pk]))
    form = page.context["adminform"].form
    assert "Figure" in form.fields["body"].widget.config["extensions"]
    data = {name: value for name, value in form.initial.items() if value is not None and name != "cover"}
    data |= {"title": "Renamed", "tags": [], "activate_date_0": "2024-05-01", "activate_date_1": "10:00:00"}
    assert client.post(page.request["PATH_INFO"], data).status_code == 302
    post.refresh_from_db()
    assert (post.title, "<figcaption>C</figcaption>" in post.body) == ("Renamed", True)
    assert '<img src="https://old.example/media/b.webp" alt="B">' in post.body


# --- The command ------------------------------------------------------------------------------------------------------


def _command(*arguments: str) -> str:
    out = io.StringIO()
    call_command("import_wordpress", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def path(tmp_path):
    file = tmp_path / "old.xml"
    picture = img("http://127.0.0.1/a.png")
    file.write_text(export(item(title="A boat", terms=term("boats"), content=picture, extra=COMMENT)), encoding="utf-8")
    return file


def test_command_imports_fetches_and_reports(path) -> None:
    said = _command(str(path))
    assert "Created 1, updated 0, left out 0; 1 posts, 0 pages, 0 of them drafts, 1 files to fetch." in said
    assert "New tags: boats." in said
    assert "New authors, who cannot log in: Agnes Marlow." in said
    assert "Not imported: 1 comment." in said
    assert "warning: A boat: http://127.0.0.1/a.png was not taken over" in said
    assert "Fetched 0 files; 1 could not be had." in said


def test_command_only_says_what_it_would_do(path) -> None:
    said = _command(str(path), "--dry-run")
    assert "Would create 1" in said
    assert "Nothing was changed" in said
    assert not BlogPost.objects.exists()


def test_command_says_what_was_edited_here(path) -> None:
    _command(str(path), "--no-wait")
    BlogPost.objects.update(title="Mine")
    assert "left as they are: 1" in _command(str(path), "--no-wait")


def test_command_fails_where_something_was_left_out(path) -> None:
    path.write_text(FILE, encoding="utf-8")
    with pytest.raises(CommandError, match="left out"):
        _command(str(path))
    assert BlogPost.objects.count() == 2


def test_command_refuses_what_it_cannot_read(path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        _command(str(path) + "x")
    path.write_bytes(b"")
    with pytest.raises(CommandError, match=r"Nothing was changed\. The file is empty"):
        _command(str(path))


@needs_real
def test_command_takes_wordpresses_own_file() -> None:
    assert "Created 7, updated 0, left out 0; 7 posts" in _command(str(REAL), "--no-wait")

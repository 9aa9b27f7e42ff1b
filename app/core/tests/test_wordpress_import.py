"""WordPress's export becomes posts and pages; twice is once; what was edited here is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from django.utils import timezone

from core.models import BlogPost, Page, Tag, WordPressItem
from core.services.wordpress_import import reading, runs
from core.tests.factories import BlogPostFactory, PageFactory, TagFactory
from core.tests.wordpress_exports import (
    AUTHOR,
    HEAD,
    REAL,
    SITE,
    TAIL,
    cdata,
    export,
    imported,
    item,
    needs_real,
    said,
    term,
    uploaded,
)
from tasks.models import Job
from tasks.services import jobs
from users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@needs_real
def test_takes_over_what_wordpress_exports() -> None:
    result = imported(REAL.read_bytes())
    assert (result.created, result.posts, result.skipped, result.comments, result.files) == (7, 7, 0, 2, 1)
    assert [problem.message for problem in result.problems] == ["A form was left out."]
    assert result.new_authors == ["Theme Admin"]
    boat = BlogPost.objects.get(slug="worth-a-thousand-words")
    assert (boat.title, boat.summary, boat.byline) == ("Worth A Thousand Words", "Boat.", "Theme Admin")
    assert boat.is_published
    assert boat.activate_date == datetime(2008, 10, 17, 4, 33, 51, tzinfo=UTC)
    assert {tag.name for tag in boat.tags.all()} == {"boat", "lake"}
    assert "<figcaption>Boat</figcaption>" in boat.body
    assert BlogPost.objects.get(slug="html").summary.endswith("a big fat hen")
    elements = BlogPost.objects.get(slug="elements").body
    assert "<h2>Heading 1</h2>" in elements
    assert "Option 1" not in elements
    assert "<form" not in elements
    assert "<pre><code>Lorem ipsum dolor sit amet,\nconsectetuer" in elements


@needs_real
def test_same_file_twice_updates_and_doubles_nothing() -> None:
    imported(REAL.read_bytes())
    before = list(BlogPost.objects.order_by("pk").values_list("pk", "slug", "modified"))
    result = imported(REAL.read_bytes())
    assert (result.created, result.updated, result.kept) == (0, 7, 0)
    assert list(BlogPost.objects.order_by("pk").values_list("pk", "slug", "modified")) == before, "nothing had changed"
    assert not result.new_tags
    assert not result.new_authors


@needs_real
def test_dry_run_says_the_same_and_changes_nothing() -> None:
    would = imported(REAL.read_bytes(), dry_run=True)
    assert not BlogPost.objects.exists()
    assert not Tag.objects.exists()
    assert not get_user_model().objects.exists()
    assert not Job.objects.exists()
    assert would == imported(REAL.read_bytes())


def test_changes_there_come_here() -> None:
    imported(export(item(title="Before", terms=term("old"))))
    imported(export(item(title="After", content="<p>New.</p>", terms=term("new"), status="draft")))
    post = BlogPost.objects.get()
    assert (post.title, post.body, post.slug) == ("After", "<p>New.</p>", "post-7")
    assert not post.is_published
    assert [tag.name for tag in post.tags.all()] == ["new"]


@pytest.mark.parametrize("how", ["title", "tags", "publication", "address"])
def test_what_was_edited_here_is_left_as_it_is_and_named(how) -> None:
    imported(export(item()))
    post = BlogPost.objects.get()
    match how:
        case "title":
            post.title = "Mine"
        case "tags":
            post.tags.add(TagFactory.create())
        case "publication":
            post.status = BlogPost.INACTIVE_STATUS
        case "address":
            post.slug = "mine"
    post.save()
    before = BlogPost.objects.values().get()
    for dry_run in (True, False):
        result = imported(export(item(title="Theirs", content="<p>Theirs.</p>")), dry_run=dry_run)
        assert (result.created, result.updated, result.kept) == (0, 0, 1)
        assert "edited here" in said(result)
    assert BlogPost.objects.values().get() == before


def test_what_was_deleted_here_comes_again() -> None:
    imported(export(item()))
    BlogPost.objects.all().delete()
    assert imported(export(item())).created == 1
    assert WordPressItem.objects.count() == 1


def test_post_is_known_again_when_its_site_has_moved() -> None:
    imported(export(item()))
    moved = (
        export(item())
        .replace(f"<link>{SITE}", "<link>https://new.example")
        .replace(f"url>{SITE}", "url>https://new.example")
    )
    assert imported(moved).updated == 1


@pytest.mark.parametrize(
    ("changes", "published", "date", "words"),
    [
        ({"status": "publish"}, True, True, ""),
        ({"status": "draft", "post_date_gmt": "0000-00-00 00:00:00"}, False, False, ""),
        ({"status": "pending"}, False, False, ""),
        ({"status": "private"}, False, True, "private"),
        ({"post_password": "secret"}, False, True, "password"),
        ({"status": "strange"}, False, True, "“strange” is not known"),
        ({"status": None}, False, True, "is not known"),
    ],
)
def test_only_what_everybody_could_read_there_is_published_here(changes, published, date, words) -> None:
    result = imported(export(item(**changes)))
    post = BlogPost.objects.get()
    assert (post.is_published, post.activate_date is not None, result.drafts) == (published, date, not published)
    assert words in said(result)


def test_scheduled_post_stays_scheduled() -> None:
    soon = timezone.now() + timedelta(days=3)
    imported(export(item(status="future", post_date_gmt=f"{soon:%Y-%m-%d %H:%M:%S}")))
    assert BlogPost.objects.scheduled().count() == 1


@pytest.mark.parametrize(
    ("changes", "date"),
    [
        ({}, datetime(2024, 5, 1, 10, tzinfo=UTC)),
        ({"post_date_gmt": "0000-00-00 00:00:00"}, datetime(2024, 5, 1, 12, tzinfo=UTC)),
        (
            {"post_date_gmt": None, "pubDate": "Wed, 01 May 2024 12:00:00 +0200"},
            datetime(2024, 5, 1, 10, tzinfo=UTC),
        ),
        (
            {"post_date_gmt": "2024-13-45 00:00:00", "pubDate": "Mon, 30 Nov -0001 00:00:00 +0000"},
            datetime(2024, 5, 1, 12, tzinfo=UTC),
        ),
    ],
)
def test_date_is_the_first_that_can_be_read(changes, date) -> None:
    imported(export(item(**changes)))
    assert BlogPost.objects.get().activate_date == date


def test_published_without_a_date_is_dated_once() -> None:
    broken = export(item(post_date="soon", post_date_gmt="2024-99-01 00:00:00"))
    result = imported(broken)
    assert "“2024-99-01 00:00:00” is not a date" in said(result)
    assert "that of this import" in said(result)
    date = BlogPost.objects.get().activate_date
    imported(broken)
    assert BlogPost.objects.get().activate_date == date


def test_pages_keep_out_of_the_footer_and_have_a_description() -> None:
    about = export(item(post_type="page", excerpt="What we do.", menu_order="4", content="<p>A.</p>"))
    result = imported(about)
    page = Page.objects.get()
    assert (result.pages, page.slug, page.description, page.position) == (1, "post-7", "What we do.", 4)
    assert not page.in_footer
    assert (
        imported(export(item(post_type="page", excerpt="What we do.", menu_order="4", content="<p>A.</p>"))).kept == 0
    )


def test_address_that_is_taken_gets_a_number_and_keeps_it() -> None:
    BlogPostFactory.create(slug="post-7")
    assert "is taken" in said(imported(export(item()), dry_run=True))
    result = imported(export(item(), item(8, post_name="post-7")))
    assert "“post-7” is taken, so it is “post-7-2”" in said(result)
    assert {item.wp_id: item.post.slug for item in WordPressItem.objects.all()} == {7: "post-7-2", 8: "post-7-3"}
    BlogPost.objects.get(slug="post-7").delete()
    imported(export(item(), item(8, post_name="post-7")))
    assert {item.wp_id: item.post.slug for item in WordPressItem.objects.all()} == {7: "post-7-2", 8: "post-7-3"}


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"post_name": "caf%C3%A9-cr%C3%A8me"}, "cafe-creme"),
        ({"post_name": "", "title": "Only a title"}, "post-7"),
        ({"post_name": None, "link": f"{SITE}/?p=7", "title": "Only a title"}, "only-a-title"),
        ({"post_name": "%d0%bf%d1%80", "link": f"{SITE}/?p=7", "title": "Привет"}, "post-7"),
        ({"post_name": "x" * 150}, "x" * 100),
    ],
)
def test_address_is_one_that_an_address_can_be(changes, slug) -> None:
    imported(export(item(**changes)))
    assert BlogPost.objects.get().slug == slug


def test_title_is_plain_text() -> None:
    imported(export(item(title="Tom &amp; <em>Jerry</em> &#8211; “Fun”")))
    assert BlogPost.objects.get().title == "Tom & Jerry – “Fun”"
    result = imported(export(item(8, title=""), item(9, title="t" * 300)))
    assert {post.title for post in BlogPost.objects.all()} >= {"Untitled", "t" * 255}
    assert "shortened" in said(result)


def test_tags_and_categories_become_tags_and_are_shared_whatever_their_case() -> None:
    boats = TagFactory.create(name="Boats")
    terms = (
        term("boats")
        + term("Sails &amp; Oars", "category")
        + term("Uncategorized", "category", "uncategorized")
        + term("Allgemein", "category", "uncategorized")
        + term("Video", "post_format")
        + term("L" * 60)
    )
    result = imported(export(item(terms=terms)))
    assert {tag.name for tag in BlogPost.objects.get().tags.all()} == {"Boats", "Sails & Oars", "L" * 50}
    assert boats.posts.count() == 1
    assert result.new_tags == ["Sails & Oars", "L" * 50]


def test_author_is_an_account_of_staff_or_one_that_nobody_can_use() -> None:
    agnes = UserFactory.create(email="agnes@old.example", is_staff=True)
    result = imported(export(item(), item(8, creator="someone else"), item(9, creator="someone else")))
    assert BlogPost.objects.get(slug="post-7").author == agnes
    made = BlogPost.objects.get(slug="post-8").author
    assert result.new_authors == ["someone else"]
    assert (made.get_full_name(), made.is_active, made.has_usable_password()) == ("someone else", False, False)
    assert made.email.endswith("@authors.invalid")
    assert BlogPost.objects.get(slug="post-9").author == made


def test_customer_with_the_address_of_an_author_is_not_taken_for_them() -> None:
    customer = UserFactory.create(email="agnes@old.example")
    imported(export(item()))
    author = BlogPost.objects.get().author
    assert author != customer
    assert author.get_full_name() == "Agnes Marlow"


def test_summary_is_the_excerpt_or_how_it_begins() -> None:
    imported(
        export(
            item(1, excerpt="The excerpt."),
            item(2, content="<p>Before.</p><!--more--><p>After.</p>"),
            item(3, content=f"<p>{'word ' * 100}</p>"),
            item(4, content="[gallery]", title="Only a gallery"),
            item(5, content='<p>See <a href="/a/">it</a>.</p><figure><figcaption>No</figcaption></figure><p>Yes</p>'),
        )
    )
    summaries = {post.slug: post.summary for post in BlogPost.objects.all()}
    assert summaries["post-1"] == "The excerpt."
    assert summaries["post-2"] == "Before."
    assert len(summaries["post-3"]) <= 300
    assert summaries["post-3"].endswith("word…")
    assert summaries["post-4"] == "Only a gallery"
    assert summaries["post-5"] == "See it. Yes"


def test_what_has_no_place_here_is_counted() -> None:
    comment = "<wp:comment><wp:comment_id>1</wp:comment_id></wp:comment>"
    result = imported(
        export(
            item(extra=comment * 3),
            item(8, status="trash"),
            item(9, post_type="nav_menu_item"),
            item(10, post_type="nav_menu_item"),
            item(11, post_type="product"),
        )
    )
    assert (result.created, result.comments, result.in_the_bin) == (1, 3, 1)
    assert result.others == {"nav_menu_item": 2, "product": 1}


def test_two_with_one_guid_are_told_apart_by_their_numbers_if_they_have_any() -> None:
    both = [item(), item(8, guid=f"{SITE}/?p=7")]
    assert imported(export(*both)).created == 2
    assert imported(export(*both)).updated == 2
    result = imported(export(item(20, post_id=None), item(20, post_id=None)))
    assert "stands in the file twice" in said(result, "error")


def test_error_names_its_line_and_the_others_are_imported() -> None:
    result = imported(export(item(), item(8, guid=None, post_id=None, link=None)))
    [problem] = result.problems
    assert (result.created, result.skipped, problem.level, problem.handle) == (1, 1, "error", "Post 8")
    lines = export(item(), item(8, guid=None, post_id=None, link=None)).splitlines()
    assert lines[problem.line - 1].startswith("<item>")
    assert "Post 8" in lines[problem.line]


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "empty"),
        (b"PK\x03\x04zip", "packed"),
        (b"just words", "Line 1"),
        (b"\xff\xfe<\x00", "not UTF-8"),
        (b"<rss><channel><title>A feed</title><item><title>x</title></item></channel></rss>", "not an export"),
        (b"<html><body>Log in</body></html>", "not an export"),
        ((HEAD + TAIL).encode(), "no post"),
        ((HEAD + item()).encode(), "too early"),
        ((HEAD + "<item><title>a &nbsp; b</title></item>" + TAIL).encode(), "Line 12"),
        (b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "aaaa">]><rss>&a;</rss>', "document type"),
        (b'<?xml version="1.0"?><!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss></rss>', "document type"),
    ],
)
def test_file_that_cannot_be_read_changes_nothing(content, part) -> None:
    result = imported(content)
    assert part in result.refusal
    assert not result.finished
    assert not BlogPost.objects.exists()


def test_error_late_in_the_file_is_found_before_anything_is_written() -> None:
    assert "Line" in imported(export(item()).replace(TAIL, "<item></channel></rss>")).refusal
    assert not BlogPost.objects.exists()


def test_file_above_the_limit_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(reading, "LARGEST_MEGABYTES", 0)
    assert "larger than" in imported(export(item())).refusal


def test_takes_blank_lines_before_the_file_and_characters_that_no_xml_has() -> None:
    result = imported(
        ("\n\n\n" + export(item(content="<p>A\x08B</p>"), item(8, guid=None, post_id=None, link=None))).encode()
    )
    assert BlogPost.objects.get().body == "<p>AB</p>"
    assert result.problems[0].line == 3 + export(item()).count("\n") - 0


def test_old_exports_without_numbers_or_domains_are_taken() -> None:
    old = item(post_id=None, post_name=None, terms=f"<category>{cdata('boats')}</category>")
    imported(export(old, authors=""))
    assert [tag.name for tag in BlogPost.objects.get().tags.all()] == ["boats"]
    assert WordPressItem.objects.get().wp_id is None


def test_a_text_beyond_all_measure_is_an_error_of_its_own(monkeypatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_FIELD", 1000)
    result = imported(export(item(), item(8, content="x" * 2000)))
    assert (result.created, result.skipped) == (1, 1)
    assert "content:encoded" in said(result, "error")


def test_items_are_read_one_piece_of_the_file_at_a_time() -> None:
    """A file of any length: what comes later is not read before it is needed."""

    class Endless:
        read_bytes = 0

        def seek(self, *_: object) -> int:
            return 0

        def read(self, size: int) -> bytes:
            first = self.read_bytes == 0
            self.read_bytes += size
            return ((HEAD + AUTHOR) if first else "").encode() + (item() * 50).encode()

    file = Endless()
    items = reading.items(file)  # type: ignore[arg-type]  # all that is asked of it
    for _ in range(200):
        next(items)
    assert file.read_bytes < 10 * 65_536


def test_links_to_what_came_along_lead_to_it_wherever_it_stands_in_the_file() -> None:
    text = (
        f'<p><a href="{SITE}/2024/05/post-8/">later</a> <a href="/?p=8#part">by number</a> '
        f'<a href="http://www.old.example/about/">page</a> <a href="{SITE}/gone/">gone</a> '
        '<a href="https://other.example/2024/05/post-8/">elsewhere</a></p>'
    )
    for _ in range(2):
        imported(
            export(item(content=text), item(8), item(9, post_type="page", link=f"{SITE}/about/", post_name="about"))
        )
        assert BlogPost.objects.get(slug="post-7").body == (
            '<p><a href="/blog/post-8/">later</a> <a href="/blog/post-8/#part">by number</a> '
            f'<a href="/pages/about/">page</a> <a href="{SITE}/gone/">gone</a> '
            '<a href="https://other.example/2024/05/post-8/">elsewhere</a></p>'
        )
    assert imported(export(item(content=text))).kept == 0, "links that we changed are no edit"


def test_old_address_leads_to_the_new_one_if_visitors_may_see_it(client) -> None:
    imported(
        export(
            item(),
            item(8, status="draft"),
            item(9, link=f"{SITE}/?p=9"),
            item(10, post_type="page", link=f"{SITE}/über-uns/"),
        )
    )
    answer = client.get("/2024/05/post-7")
    assert (answer.status_code, answer["Location"]) == (301, "/blog/post-7/")
    assert client.get("/%C3%BCber-uns/")["Location"] == "/pages/post-10/"
    assert client.head("/2024/05/post-7/").status_code == 301
    assert client.post("/2024/05/post-7/").status_code == 404
    assert client.get("/2024/05/post-8/").status_code == 404
    assert client.get("/2024/05/").status_code == 404
    assert client.get("/").status_code == 200


def test_our_own_addresses_win_over_old_ones(client) -> None:
    PageFactory.create(slug="terms")
    imported(export(item(link=f"{SITE}/pages/terms/")))
    assert client.get("/pages/terms/").status_code == 200


def test_job_runs_twice_with_the_same_result() -> None:
    record = uploaded(export(item()))
    job = runs.IMPORTER.begin(record=record)
    assert runs.IMPORTER.begin(record=record) == job, "a double click is one import"
    assert job.queue == "bulk"
    assert jobs.run(job_id=job.pk)
    Job.objects.filter(pk=job.pk).update(state=Job.State.QUEUED)
    assert jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.result["updated"]) == (Job.State.DONE, 1)
    assert BlogPost.objects.count() == 1


def test_progress_counts_the_items() -> None:
    record, seen = uploaded(export(*(item(number) for number in range(1, 6)))), []
    runs.perform(import_id=record.pk, dry_run=False, progress=lambda *step: seen.append(step))
    assert seen == [(number, 5, "Importing") for number in range(1, 6)]


def test_import_that_is_stopped_keeps_and_reports_what_it_did() -> None:
    record = uploaded(export(*(item(number) for number in range(1, 6))))

    def stop_at_the_third(current: int, *_: object) -> None:
        if current == 3:
            raise jobs.Cancelled("enough")

    with pytest.raises(jobs.Cancelled):
        runs.perform(import_id=record.pk, dry_run=False, progress=stop_at_the_third)
    record.refresh_from_db()
    assert (record.import_report["created"], record.import_report["finished"]) == (2, False)
    assert BlogPost.objects.count() == 2


def test_import_whose_row_is_gone_gives_up() -> None:
    record = uploaded(export(item()))
    job = runs.IMPORTER.begin(record=record)
    record.delete()
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert (job.state, job.error) == (Job.State.FAILED, "The import has been deleted.")
    assert not record.file.storage.exists(record.file.name)


def test_imported_posts_are_shown(client) -> None:
    imported(export(item(title="A boat on the lake", content="Two\n\nparagraphs", terms=term("boats"))))
    assert "A boat on the lake" in client.get("/blog/").content.decode()
    assert "<p>Two</p><p>paragraphs</p>" in client.get("/blog/post-7/").content.decode()
    assert "A boat on the lake" in client.get("/blog/tags/boats/").content.decode()


def test_cost_of_a_post_does_not_grow_with_the_blog(django_assert_max_num_queries) -> None:
    imported(export(*(item(number, terms=term("a")) for number in range(1, 6))))
    with django_assert_max_num_queries(45):
        imported(export(item(1, terms=term("a"))))

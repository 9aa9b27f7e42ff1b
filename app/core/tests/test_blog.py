from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from core import selectors
from core.models import BlogPost
from core.tests.factories import BlogPostFactory, TagFactory
from users.tests.factories import UserFactory

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def shown(response):
    return [post.title for post in response.context["posts"]]


def post_at(days, **kwargs):
    return BlogPostFactory(activate_date=NOON + timedelta(days=days), **kwargs)


def test_lists_the_newest_post_first(client):
    post_at(0, title="Old"), post_at(2, title="New"), post_at(1, title="Middle")
    assert shown(client.get("/blog/")) == ["New", "Middle", "Old"]


def test_says_so_when_there_is_no_post_yet(client):
    assert "Nothing here yet" in client.get("/blog/").text


def test_hides_drafts_scheduled_and_ended_posts_everywhere(client):
    now = timezone.now()
    hidden = [
        BlogPostFactory(draft=True, title="Hidden oven"),
        BlogPostFactory(activate_date=now + timedelta(hours=1), title="Hidden oven later"),
        BlogPostFactory(deactivate_date=now - timedelta(hours=1), title="Hidden oven before"),
    ]
    tag = TagFactory(name="Ovens")
    for post in hidden:
        post.tags.add(tag)
    for address in ("/", "/blog/", "/blog/?q=hidden", "/blog/tags/ovens/", "/blog/feed.rss", "/blog/feed.atom"):
        assert "Hidden oven" not in client.get(address).text, address
    for post in hidden:
        assert client.get(post.get_absolute_url()).status_code == 404
        assert client.get(post.get_absolute_url() + "?preview").status_code == 404


def test_an_editor_may_preview_a_draft(client, django_user_model):
    post = BlogPostFactory(draft=True)
    client.force_login(UserFactory(groups=["Editors"]))
    response = client.get(post.get_absolute_url() + "?preview")
    assert response.status_code == 200
    assert "noindex" in response.text
    assert "no-store" in response["Cache-Control"]
    assert "X-Accel-Expires" not in response
    assert client.get(post.get_absolute_url()).status_code == 404


def test_a_customer_and_other_staff_may_not_preview(client, alice):
    post = BlogPostFactory(draft=True)
    for person in (alice, UserFactory(groups=["Shop staff"])):
        client.force_login(person)
        assert client.get(post.get_absolute_url() + "?preview").status_code == 404


def test_walks_all_pages_forth_and_back_without_losing_a_post(client):
    # Some of them published in the same moment: the key must break the tie.
    for number in range(30):
        post_at(number // 4, title=f"Post {number:02}")
    forth, address = [], "/blog/"
    pages = []
    while address:
        response = client.get(address)
        pages.append(shown(response))
        forth += pages[-1]
        last_page = response.context["page"]
        address = f"/blog/?before={last_page.older}" if last_page.older else ""
    assert len(forth) == len(set(forth)) == 30
    back = [pages[-1]]
    newer = last_page.newer
    while newer:
        response = client.get(f"/blog/?after={newer}")
        back.insert(0, shown(response))
        newer = response.context["page"].newer
    assert back == pages


@pytest.mark.parametrize("query", ["before=x", "before=1-", "after=9-9-9", f"before={10**30}-1", f"before=1-{10**30}"])
def test_a_place_that_no_list_gave_out_is_not_found(client, query):
    assert client.get(f"/blog/?{query}").status_code == 404


def test_a_tag_shows_its_posts_only(client):
    tag = TagFactory(name="Bread")
    post_at(0, title="Rye", tags=[tag])
    post_at(1, title="Candles")
    assert shown(client.get("/blog/tags/bread/")) == ["Rye"]
    assert client.get("/blog/tags/nothing/").status_code == 404


def test_the_archive_shows_one_year(client):
    BlogPostFactory(title="Then", activate_date=datetime(2024, 12, 31, 23, 59, tzinfo=UTC))
    BlogPostFactory(title="Later", activate_date=datetime(2025, 1, 1, tzinfo=UTC))
    assert shown(client.get("/blog/archive/2024/")) == ["Then"]
    assert client.get("/blog/archive/2019/").status_code == 404
    assert client.get("/blog/archive/99999/").status_code == 404


def test_topics_and_years_follow_the_posts(client, django_capture_on_commit_callbacks):
    assert selectors.blog_years() == []
    with django_capture_on_commit_callbacks(execute=True):
        post = post_at(0, tags=[TagFactory(name="Bread")])
    assert [tag["title"] for tag in selectors.blog_tags()] == ["Bread"]
    assert selectors.blog_years() == [2026]
    with django_capture_on_commit_callbacks(execute=True):
        post.deactivate()
    assert selectors.blog_tags() == []


def test_a_post_shows_its_text_author_and_neighbours(client):
    author = UserFactory(first_name="Nora", last_name="Ashdown", email="nora@example.com")
    post_at(0, title="Before it")
    post = post_at(1, title="This one", author=author, body="<p>Some <strong>words</strong>.</p>")
    post_at(2, title="After it")
    page = client.get(post.get_absolute_url()).text
    for text in ("Nora Ashdown", "<strong>words</strong>", "Before it", "After it", "1 min read"):
        assert text in page


def test_the_address_of_an_author_without_a_name_is_not_shown(client):
    author = UserFactory(first_name="", last_name="", email="secret@example.com")
    post = BlogPostFactory(author=author)
    for address in (post.get_absolute_url(), "/blog/", "/blog/feed.rss", "/blog/feed.atom", "/"):
        assert "secret@example.com" not in client.get(address).text


def test_reading_time_counts_words_not_tags():
    post = BlogPost(body="<p class='x y z'>word</p> " * 660)
    assert post.reading_minutes == 3


@pytest.mark.full_text
class TestSearch:
    def test_finds_words_of_title_summary_and_text(self, client):
        post_at(0, title="A stew", summary="Slow and good.", body="<p>With pearl barley.</p>")
        post_at(1, title="Candles")
        for query in ("stew", "SLOW", "barley", "barley stew"):
            assert shown(client.get("/blog/", {"q": query})) == ["A stew"], query

    def test_needs_all_the_words(self, client):
        post_at(0, title="A stew")
        assert shown(client.get("/blog/", {"q": "stew candles"})) == []

    def test_short_words_are_looked_for_in_titles(self, client):
        post_at(0, title="To be or")
        post_at(1, title="Candles")
        assert shown(client.get("/blog/", {"q": "or"})) == ["To be or"]

    @pytest.mark.parametrize(
        "query",
        [
            '"',
            "*",
            "a*",
            "AND",
            "NOT stew",
            "stew OR",
            "(",
            "stew)",
            "'; --",
            "%",
            "\\",
            "stew:title",
            "a",
            "🍞",
            "é",
            "\x00",
            "^stew",
            "{stew}",
            "NEAR(stew, 2)",
            "+stew -pan",
            "x" * 5000,
            "the and with",
            "_",
            "stew\n\r\t",
        ],
    )
    def test_whatever_is_typed_is_no_error(self, client, query):
        post_at(0, title="A stew")
        assert client.get("/blog/", {"q": query}).status_code == 200

    def test_shows_what_was_typed_without_trusting_it(self, client):
        page = client.get("/blog/", {"q": "<script>alert(1)</script>"}).text
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page

    def test_has_pages(self, client):
        for number in range(15):
            post_at(number, title=f"Stew {number}")
        first, second = client.get("/blog/?q=stew"), client.get("/blog/?q=stew&page=2")
        assert len(shown(first)) == 12
        assert len(shown(second)) == 3
        assert not set(shown(first)) & set(shown(second))
        assert "page=2" in first.text
        for page in ("0", "-1", "x", "99999"):
            assert client.get(f"/blog/?q=stew&page={page}").status_code == 404

    def test_is_not_for_search_engines(self, client):
        assert 'name="robots" content="noindex' in client.get("/blog/?q=stew").text


def test_works_while_the_cache_is_away(client, settings):
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    post = BlogPostFactory()
    assert client.get("/blog/").status_code == 200
    assert client.get(post.get_absolute_url()).status_code == 200


class TestSlug:
    def test_is_made_from_the_title(self):
        assert BlogPostFactory(title="Bread & butter").slug == "bread-butter"

    def test_may_be_chosen(self):
        assert BlogPostFactory(title="Bread & butter", slug="bread").slug == "bread"

    def test_stays_when_the_title_changes(self):
        post = BlogPostFactory(title="Bread")
        post.title = "Butter"
        post.save()
        assert post.slug == "bread"

    def test_is_unique(self):
        assert {BlogPostFactory(title="Bread").slug for _ in range(3)} == {"bread", "bread-2", "bread-3"}

    @pytest.mark.parametrize("title", ["🍞", "日本語", "!!!"])
    def test_a_title_without_latin_letters_has_an_address_too(self, client, title):
        post = BlogPostFactory(title=title)
        assert client.get("/blog/").status_code == 200
        assert client.get(post.get_absolute_url()).status_code == 200

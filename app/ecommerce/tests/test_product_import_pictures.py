"""Pictures of an import: fetched once from public addresses only, looked at, and reported where they cannot be had."""

from __future__ import annotations

import socket
from contextlib import contextmanager

import pytest

from core.services import fetching
from core.services.fetching import FetchError
from core.services.file_imports import Fetched
from core.tests.factories import png_bytes
from core.tests.serving import allow_this_machine, serving
from ecommerce.models import Product, ProductImage
from ecommerce.services.product_import import runs
from ecommerce.tests.catalogue_files import csv_text, simple, uploaded
from tasks.models import Job
from tasks.services import jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def local_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    allow_this_machine(monkeypatch)


def _import(*rows: dict[str, str]) -> Fetched:
    """Import, fetch the pictures, and say what became of them."""
    record = uploaded(csv_text(*rows))
    runs.perform(import_id=record.pk, dry_run=False, progress=lambda *_: None)
    for job in runs.IMPORTER.fetch_jobs(record):
        assert jobs.run(job_id=job.pk)
        job.refresh_from_db()
        assert job.state == Job.State.DONE, job.error
    return runs.IMPORTER.fetched(record)


@contextmanager
def _resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str):
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443)) for address in addresses]
    with monkeypatch.context() as patch:
        patch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        yield


@pytest.mark.usefixtures("local_servers")
def test_pictures_come_with_their_order_and_description() -> None:
    with serving({"/a/Oak%20board.png?v=1": png_bytes(40, 30), "/b.png": png_bytes(20, 20)}) as (base, _):
        found = _import(
            simple(Image_Src=f"{base}/a/Oak%20board.png?v=1", Image_Position="2", Image_Alt_Text="From above"),
            {"Handle": "oak-board", "Image Src": f"{base}/b.png", "Image Position": "1"},
        )
    assert (found.fetched, found.missing, found.is_finished) == (2, 0, True)
    second, first = Product.objects.get().images.order_by("-position")
    assert (second.alt, second.position, second.image_width) == ("From above", 2, 40)
    assert second.image.name.startswith("products/oak-board")
    assert Product.objects.get().picture == first
    assert Job.objects.filter(kind="core.render_pictures").count() == 2


@pytest.mark.usefixtures("local_servers")
def test_what_is_there_is_not_fetched_again_but_described_anew() -> None:
    with serving({"/a.png": png_bytes(40, 30)}) as (base, asked):
        _import(simple(Image_Src=f"{base}/a.png"))
        again = _import(simple(Image_Src=f"{base}/a.png", Image_Alt_Text="Now with words"))
    assert asked == ["/a.png"]
    assert again.jobs == 0
    assert ProductImage.objects.get().alt == "Now with words"


@pytest.mark.usefixtures("local_servers")
def test_missing_picture_is_reported_by_line_and_tried_again_next_time() -> None:
    with serving({"/there.png": png_bytes(40, 30)}) as (base, _):
        rows = [
            simple(Image_Src=f"{base}/there.png"),
            {"Handle": "oak-board", "Image Src": f"{base}/gone.png"},
        ]
        found = _import(*rows)
        assert (found.fetched, found.missing) == (1, 1)
        [problem] = found.problems
        assert (problem.line, problem.level, problem.handle) == (3, "warning", "oak-board")
        assert "gone.png" in problem.message
        assert "404" in problem.message
        assert _import(*rows).missing == 1


@pytest.mark.usefixtures("local_servers")
def test_passing_fault_gets_a_second_try_and_a_lasting_one_does_not() -> None:
    with serving({"/busy.png": 503, "/secret.png": 403}) as (base, asked):
        found = _import(
            simple(Image_Src=f"{base}/busy.png"), {"Handle": "oak-board", "Image Src": f"{base}/secret.png"}
        )
    assert found.missing == 2
    assert asked == ["/busy.png", "/busy.png", "/secret.png"]


@pytest.mark.parametrize(
    "content",
    [b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<html>Not found</html>", b"", png_bytes(40, 30)[:60]],
    ids=["svg", "html", "empty", "cut off"],
)
@pytest.mark.usefixtures("local_servers")
def test_what_is_no_picture_is_not_stored(content) -> None:
    with serving({"/a.png": content}) as (base, _):
        found = _import(simple(Image_Src=f"{base}/a.png"))
    assert "not a picture" in found.problems[0].message
    assert not ProductImage.objects.exists()


@pytest.mark.usefixtures("local_servers")
def test_too_large_a_picture_is_not_stored(monkeypatch) -> None:
    monkeypatch.setattr(fetching, "LARGEST_BYTES", 1000)
    with serving({"/a.png": b"x" * 100_000}) as (base, _):
        found = _import(simple(Image_Src=f"{base}/a.png"))
    assert "larger than" in found.problems[0].message


@pytest.mark.usefixtures("local_servers")
def test_redirects_are_followed_some_times() -> None:
    with serving({"/old.png": "/new.png", "/new.png": png_bytes(9, 9), "/loop.png": "/loop.png"}) as (base, asked):
        assert _import(simple(Image_Src=f"{base}/old.png")).fetched == 1
        found = _import(simple(Handle="elm", Image_Src=f"{base}/loop.png"))
    assert "redirects too often" in found.problems[0].message
    assert asked.count("/loop.png") == fetching.MOST_REDIRECTS + 1


def test_redirect_to_a_private_address_is_refused(monkeypatch) -> None:
    real = fetching.public_addresses
    monkeypatch.setattr(fetching, "allowed_port", lambda port: True)
    monkeypatch.setattr(
        fetching, "public_addresses", lambda host, port: [host] if host == "127.0.0.1" else real(host, port)
    )
    inside = "http://169.254.169.254/latest/meta-data/"
    with serving({"/a.png": inside}) as (base, _), pytest.raises(FetchError, match="public internet"):
        fetching.fetch(f"{base}/a.png")


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.5", "172.16.3.4", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "192.0.2.1", "::1", "::", "fe80::1%eth0", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "64:ff9b::7f00:1", "2002:7f00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_private_address_is_refused(monkeypatch, address) -> None:
    assert not fetching.is_public(address)
    with _resolving(monkeypatch, address), pytest.raises(FetchError, match="public internet"):
        fetching.fetch("https://pictures.example/a.png")


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch) -> None:
    with _resolving(monkeypatch, "93.184.215.14", "10.0.0.5"), pytest.raises(FetchError, match="public internet"):
        fetching.fetch("https://pictures.example/a.png")


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8"])
def test_public_address_is_taken(address) -> None:
    assert fetching.is_public(address)


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("file:///etc/passwd", "https"),
        ("ftp://example.com/a.png", "https"),
        ("//example.com/a.png", "https"),
        ("a.png", "https"),
        ("https://", "not valid"),
        ("https://user:secret@example.com/a.png", "not valid"),
        ("https://example.com:6379/a.png", "unusual port"),
        ("https://example.com:99999/a.png", "not valid"),
        ("https://[::1/a.png", "not valid"),
    ],
)
def test_strange_address_is_refused(url, reason) -> None:
    with pytest.raises(FetchError, match=reason):
        fetching.fetch(url)


def test_connects_to_the_very_address_that_was_looked_at(monkeypatch) -> None:
    """A name can mean a public server when it is looked at and a private one a moment later."""
    asked = []

    def connect(address, timeout=None):
        asked.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)
    with _resolving(monkeypatch, "93.184.215.14"), pytest.raises(FetchError, match="cannot be reached"):
        fetching.fetch("http://pictures.example/a.png")
    assert asked == [("93.184.215.14", 80)]


def test_import_goes_on_when_no_picture_can_be_had() -> None:
    found = _import(simple(Image_Src="http://127.0.0.1/a.png"), simple(Handle="elm", Title="Elm"))
    assert (found.fetched, found.missing) == (0, 1)
    assert Product.objects.count() == 2


def test_product_that_is_gone_by_then_gets_no_picture() -> None:
    record = uploaded(csv_text(simple(Image_Src="http://127.0.0.1/a.png")))
    runs.perform(import_id=record.pk, dry_run=False, progress=lambda *_: None)
    Product.objects.get().delete()
    [job] = runs.IMPORTER.fetch_jobs(record)
    jobs.run(job_id=job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE

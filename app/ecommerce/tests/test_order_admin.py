"""Staff find orders, read them and act on them, each as far as their role goes."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.contrib.admin.models import LogEntry
from django.urls import reverse

from ecommerce.admin.order_actions import ACTIONS
from ecommerce.models import Order, Refund
from ecommerce.services import orders, payments
from ecommerce.tests.orders import a_paid_order, a_refund, an_order, variants

pytestmark = pytest.mark.django_db
State = Order.State
CSRF_NAME = "csrfmiddlewaretoken"


def act(order: Order, name: str) -> str:
    return reverse("admin:ecommerce_order_action", args=[order.pk, name])


def page_of(order: Order) -> str:
    return reverse("admin:ecommerce_order_change", args=[order.pk])


def text(response) -> str:
    return " ".join(response.content.decode().split())


FILLED = {
    "ship": {"carrier": "DHL", "tracking_number": "JD01", "tracking_url": "https://dhl.example/JD01"},
    "complete": {},
    "cancel": {"reason": "Asked to"},
    "refund": {"shipping": "4.90", "confirmed": "4.90", "refunds_before": "0"},
    "mail": {"mail": "confirmation"},
    "note": {"text": "Called."},
    "look": {},
}
MAY = {
    "bob": set(ACTIONS),
    "dave": {"mail", "note", "look"},
    "erin": set(),
    "alice": set(),
}


def test_every_action_is_tried_here():
    assert set(FILLED) == set(ACTIONS)


@pytest.mark.parametrize("person", ["bob", "dave", "erin", "alice", "anonymous"])
@pytest.mark.parametrize("name", list(ACTIONS))
def test_who_may_do_what(client, request, refunds, person, name):
    order = {"complete": in_shipped, "look": in_attention}.get(name, a_paid_order)()
    if person != "anonymous":
        client.force_login(request.getfixturevalue(person))
    events = order.events.count()
    may = name in MAY.get(person, set())
    asked = client.get(act(order, name))
    answer = client.post(act(order, name), FILLED[name])
    if may:
        assert asked.status_code == 200
        assert (answer.status_code, answer.url) == (302, page_of(order)), text(answer)
        assert order.events.count() > events
        assert order.events.last().actor == request.getfixturevalue(person)
        assert LogEntry.objects.get().user == request.getfixturevalue(person)
    else:
        assert asked.status_code == answer.status_code
        assert answer.status_code == 403 or "/login/" in answer.url or person == "alice"
        assert order.events.count() == events
        assert not LogEntry.objects.exists()


@pytest.mark.parametrize("person", ["erin", "alice", "anonymous"])
@pytest.mark.parametrize("name", ["changelist", "slips", "ship_many"])
def test_who_may_not_see_orders_sees_none(client, request, person, name):
    order = a_paid_order()
    if person != "anonymous":
        client.force_login(request.getfixturevalue(person))
    address = reverse(f"admin:ecommerce_order_{name}")
    assert client.get(address, {"ids": order.pk} if name != "changelist" else {}).status_code in {302, 403}
    assert client.get(page_of(order)).status_code in {302, 403}


def in_shipped() -> Order:
    order = a_paid_order()
    return orders.ship(order=order, carrier="DHL", actor=None)


def in_attention() -> Order:
    return orders.set_attention(order=a_paid_order(), reason="The amount differs.")


@pytest.fixture
def refunds(monkeypatch):
    """Refunds are asked for, and Stripe never answers."""
    asked = []

    def request_refund(*, order, amount, lines, shipping, reason, requested_by):
        refund = Refund.objects.create(
            order=order, amount=amount, shipping=shipping, reason=reason, requested_by=requested_by
        )
        for line in lines:
            line.refund = refund
            line.save()
        asked.append(refund)
        return refund

    monkeypatch.setattr(payments, "request_refund", request_refund)
    return asked


# Reading


@pytest.mark.parametrize("looked_for", ["number", "email", "name", "sku"])
def test_orders_are_found_by_what_people_know_of_them(client, bob, looked_for):
    order, other = an_order(email="zoe@example.com"), an_order()
    order.addresses.update(name="Zoë Müller")
    word = {
        "number": order.number,
        "email": "zoe@example",
        "name": "Müller",
        "sku": order.lines.get().sku,
    }[looked_for]
    client.force_login(bob)
    page = text(client.get(reverse("admin:ecommerce_order_changelist"), {"q": word}))
    assert order.number in page
    assert other.number not in page


def test_the_list_is_narrowed_by_state_and_attention(client, bob):
    paid, odd = a_paid_order(), an_order(attention="The amount differs.")
    client.force_login(bob)
    address = reverse("admin:ecommerce_order_changelist")
    page = text(client.get(address, {"state__exact": "paid"}))
    assert paid.number in page
    assert odd.number not in page
    page = text(client.get(address, {"attention": "yes"}))
    assert odd.number in page
    assert "The amount differs." in page
    assert paid.number not in page


def test_the_page_tells_everything_of_the_order(client, bob):
    order = a_paid_order(customer_note="Please ring <twice>.")
    orders.note(order=order, text="Rings twice.", actor=bob)
    note = a_refund(order, amount=Decimal("5.00"), reason="Scratched").credit_note
    client.force_login(bob)
    page = text(client.get(page_of(order)))
    line = order.lines.get()
    for part in (
        line.sku,
        "Lindenstraße 5",
        "€52.90",
        "Please ring &lt;twice&gt;.",
        "Rings twice.",
        "Bob Example",
        note.number,
        "Scratched",
    ):
        assert part in page
    assert 'name="_save"' not in page, "nobody types into an order"


def test_only_actions_that_fit_are_offered(client, bob, dave):
    order = a_paid_order()
    client.force_login(bob)
    offered = set(re.findall(rf"/order/{order.pk}/(\w+)/\"", client.get(page_of(order)).content.decode()))
    assert offered - {"history"} == {"ship", "cancel", "refund", "mail", "note"}
    client.force_login(dave)
    offered = set(re.findall(rf"/order/{order.pk}/(\w+)/\"", client.get(page_of(order)).content.decode()))
    assert offered - {"history"} == {"mail", "note"}


# Acting


def test_an_action_that_does_not_fit_is_refused_in_words(client, bob):
    order = an_order()
    client.force_login(bob)
    assert "waiting for payment" in text(client.get(act(order, "ship")))
    answer = client.post(act(order, "ship"), FILLED["ship"])
    assert answer.status_code == 400
    order.refresh_from_db()
    assert order.state == State.PENDING


def test_an_unknown_action_or_order_is_not_found(client, bob):
    order = an_order()
    client.force_login(bob)
    assert client.get(f"/admin/ecommerce/order/{order.pk}/dance/").status_code == 404
    assert client.get("/admin/ecommerce/order/999999/note/").status_code == 404


def test_what_is_wrong_with_the_form_is_said_at_its_field(client, bob):
    order = a_paid_order()
    client.force_login(bob)
    answer = client.post(act(order, "ship"), {"carrier": "x" * 61, "tracking_url": "javascript:alert(1)"})
    assert answer.status_code == 400
    assert set(answer.context["form"].errors) == {"carrier", "tracking_url"}
    order.refresh_from_db()
    assert order.state == State.PAID


def test_a_refund_shows_its_amount_before_anything_happens(client, bob, refunds):
    order = a_paid_order()
    line = order.lines.get()
    form = {f"line_{line.pk}": "1", "shipping": "4.90", "restock": "on", "reason": "Broken"}
    client.force_login(bob)
    shown = client.post(act(order, "refund"), form)
    assert "€28.90" in text(shown)
    assert not refunds
    hidden = {name: shown.context["form"][name].value() for name in ("confirmed", "refunds_before")}
    assert client.post(act(order, "refund"), {**form, **hidden}).status_code == 302
    [refund] = refunds
    assert (refund.amount, refund.shipping, refund.requested_by) == (Decimal("28.90"), Decimal("4.90"), bob)
    assert refund.lines.get().quantity == 1
    line.variant.refresh_from_db()
    assert line.variant.stock == 9, "two were sold of ten, one is back"
    again = client.post(act(order, "refund"), {**form, **hidden})
    assert again.status_code in {200, 400}, "a second click gives nothing back"
    assert len(refunds) == 1


def test_a_refund_of_nothing_or_too_much_is_refused(client, bob, refunds):
    order = a_paid_order()
    line = order.lines.get()
    client.force_login(bob)
    assert "Choose what to give back" in text(client.post(act(order, "refund"), {}))
    for form in ({f"line_{line.pk}": "3"}, {"shipping": "5.00"}, {f"line_{line.pk}": "-1"}, {"shipping": "x"}):
        assert client.post(act(order, "refund"), form).status_code == 400
    assert not refunds


def test_cancelling_a_paid_order_gives_everything_back(client, bob, refunds):
    order = a_paid_order()
    client.force_login(bob)
    assert "€52.90" in text(client.get(act(order, "cancel")))
    client.post(act(order, "cancel"), {"reason": "Sold out after all"})
    order.refresh_from_db()
    assert order.state == State.CANCELLED
    assert refunds[0].amount == order.total
    variant = order.lines.get().variant
    assert variant.stock == 10


def test_who_may_not_refund_cannot_cancel_a_paid_order(client, bob, refunds):
    from django.contrib.auth.models import Permission

    order = a_paid_order()
    bob.groups.clear()
    bob.user_permissions.set(Permission.objects.filter(codename__in=["view_order", "cancel_order"]))
    client.force_login(bob)
    answer = client.post(act(order, "cancel"), {"reason": "Asked to"})
    assert answer.status_code == 400
    assert "€52.90 must be given back" in text(answer)
    order.refresh_from_db()
    assert (order.state, refunds) == (State.PAID, [])


def test_several_orders_are_shipped_at_once_each_with_its_number(client, bob):
    first, second, waiting = a_paid_order(), a_paid_order(), an_order()
    client.force_login(bob)
    chosen = client.post(
        reverse("admin:ecommerce_order_changelist"),
        {"action": "ship_selected", "_selected_action": [first.pk, second.pk, waiting.pk]},
    )
    page = client.get(chosen.url)
    assert all(order.number in text(page) for order in (first, second, waiting))
    form = {"ids": f"{first.pk},{second.pk},{waiting.pk}"}
    for order, number in ((first, "A1"), (second, "B2"), (waiting, "C3")):
        form |= {f"{order.pk}-carrier": "DHL", f"{order.pk}-tracking_number": number}
    answer = client.post(reverse("admin:ecommerce_order_ship_many"), form)
    assert waiting.number in text(answer), "it stays on the page, with the reason"
    assert [row[0] for row in answer.context["rows"]] == [waiting]
    shipped = Order.objects.filter(state=State.SHIPPED).order_by("pk")
    assert list(shipped.values_list("tracking_number", flat=True)) == ["A1", "B2"]


def test_packing_slips_list_the_pieces_and_no_prices(client, dave):
    first, second = a_paid_order(*variants(2)), a_paid_order(customer_note="Ring twice.")
    client.force_login(dave)
    page = text(client.get(reverse("admin:ecommerce_order_slips"), {"ids": f"{first.pk},{second.pk}"}))
    assert page.count('class="slip"') == 2
    for line in first.lines.all():
        assert line.sku in page
    assert "Lindenstraße 5" in page
    assert "Ring twice." in page
    assert "€" not in page


def test_more_orders_than_fit_one_page_are_refused_with_the_reason(client, bob, monkeypatch):
    monkeypatch.setattr("ecommerce.admin.order.MOST_AT_ONCE", 1)
    first, second = a_paid_order(), a_paid_order()
    client.force_login(bob)
    form = {"action": "packing_slips", "_selected_action": [first.pk, second.pk]}
    answer = client.post(reverse("admin:ecommerce_order_changelist"), form, follow=True)
    assert "At most 1 orders can be done at once." in text(answer)


@pytest.mark.parametrize("ids", ["", "x", "999999", "1' OR 1=1", "9" * 30])
def test_slips_of_no_orders_are_not_found(client, bob, ids):
    client.force_login(bob)
    assert client.get(reverse("admin:ecommerce_order_slips"), {"ids": ids}).status_code == 404


def test_invoices_are_listed_with_their_download_and_cannot_be_changed(client, bob):
    invoice = a_paid_order().invoices.get()
    client.force_login(bob)
    page = text(client.get(reverse("admin:ecommerce_invoice_changelist")))
    assert reverse("ecommerce:own_invoice", args=[invoice.number]) in page
    address = reverse("admin:ecommerce_invoice_change", args=[invoice.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, {"number": "X"}).status_code == 403
    assert client.post(reverse("admin:ecommerce_invoice_delete", args=[invoice.pk])).status_code == 403

from __future__ import annotations

import pytest

from ecommerce.models import Coupon, ShippingMethod

from .buying import CouponFactory, ShippingMethodFactory
from .factories import TaxRateFactory
from .orders import a_paid_order

pytestmark = pytest.mark.django_db

COUPON = {"code": " summer 5 ", "kind": "fixed", "value": "5.00", "minimum_amount": "0", "active": "on"}


@pytest.fixture
def staff(client, bob):
    client.force_login(bob)
    return client


def coupon_form(**changes: str) -> dict[str, str]:
    return {**COUPON, "starts_0": "", "starts_1": "", "ends_0": "", "ends_1": "", **changes}


def test_staff_add_a_coupon_whose_code_is_kept_in_capitals(staff):
    response = staff.post("/admin/ecommerce/coupon/add/", coupon_form())
    assert response.status_code == 302
    assert Coupon.objects.get().code == "SUMMER 5"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"code": "ten"}, "There is a coupon with this code already."),
        ({"kind": "percent", "value": "101"}, "A discount in percent is at most 100."),
        ({"value": "0"}, "greater than or equal to 0.01"),
    ],
)
def test_a_coupon_that_cannot_be_is_refused(staff, changes, message):
    CouponFactory.create(code="TEN")
    response = staff.post("/admin/ecommerce/coupon/add/", coupon_form(**changes))
    assert message in response.text
    assert Coupon.objects.count() == 1


def test_a_coupon_that_orders_were_made_with_is_not_deleted(staff):
    coupon, unused = CouponFactory.create(), CouponFactory.create()
    order = a_paid_order()
    order.coupon = coupon
    order.save()
    for each in (coupon, unused):
        staff.post(f"/admin/ecommerce/coupon/{each.pk}/delete/", {"post": "yes"})
    assert Coupon.objects.get() == coupon


def test_staff_add_a_shipping_method_for_some_countries(staff):
    data = {"name": "Bike", "price": "3.50", "tax_rate": TaxRateFactory.create().pk, "countries": ["DE", "AT"]}
    response = staff.post("/admin/ecommerce/shippingmethod/add/", {**data, "active": "on", "position": "0"})
    assert response.status_code == 302
    assert [country.code for country in ShippingMethod.objects.get().countries] == ["AT", "DE"]


def test_the_list_says_where_a_method_goes(staff):
    ShippingMethodFactory.create(name="All", countries=[])
    ShippingMethodFactory.create(name="Some", countries=["AT", "BE", "CH", "DE", "DK", "FR", "NL"])
    html = staff.get("/admin/ecommerce/shippingmethod/").text
    assert "everywhere" in html
    assert "AT, BE, CH, DE, DK, FR and 1 more" in html


@pytest.mark.parametrize("model", ["coupon", "shippingmethod"])
def test_editors_have_no_business_there(client, erin, model):
    client.force_login(erin)
    assert client.get(f"/admin/ecommerce/{model}/").status_code == 403

"""Orders for staff: to find, to read, and to act on. Nobody types into one: each change is an action with a reason."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from core.admin import log
from core.generics import AnyModelAdmin
from core.templatetags.money import money
from ecommerce import order_selectors, order_words
from ecommerce.admin import order_actions
from ecommerce.admin.order_actions import ACTIONS, OrderAction
from ecommerce.admin.order_forms import RefundForm, ShipForm
from ecommerce.models import Order
from ecommerce.services import exports, invoice_content, orders, refund_amounts
from ecommerce.services.errors import ShopError

MOST_AT_ONCE = 100


class AttentionFilter(admin.SimpleListFilter):
    title = _("attention")
    parameter_name = "attention"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("yes", _("Needs attention")), ("no", _("All is well"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Order]) -> QuerySet[Order]:
        match self.value():
            case "yes":
                return queryset.exclude(attention="")
            case "no":
                return queryset.filter(attention="")
        return queryset


@admin.register(Order)
class OrderAdmin(AnyModelAdmin):
    list_display = ["number", "state_and_attention", "buyer", "pieces", "amount", "created"]
    list_filter = ["state", AttentionFilter, "created"]
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "created"
    search_fields = ["number", "email", "addresses__name", "addresses__company", "lines__sku", "tracking_number"]
    search_help_text = _("Number, e-mail address, name, SKU or tracking number.")
    actions = ["ship_selected", "packing_slips", "export"]
    change_form_template = "ecommerce/admin/order.html"
    fieldsets = [
        (None, {"fields": ["state_badge", "attention", "email", "user", "customer_note"]}),
        (_("When"), {"fields": ["created", "reserved_until", "paid_at", "shipped_at", "completed_at", "cancelled_at"]}),
        (_("Parcel"), {"fields": ["shipping_name", "carrier", "tracking_number", "tracking_url"]}),
    ]
    readonly_fields = ["state_badge"]

    class Media:
        css = {"all": ["ecommerce/order-admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Order | None = None) -> bool:
        return False

    def has_ship_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("ecommerce.ship_order")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Order]:
        found: QuerySet[Order] = super().get_queryset(request).prefetch_related("lines", "addresses")
        return found

    @admin.display(description=_("state"), ordering="state")
    def state_badge(self, order: Order) -> SafeString:
        return format_html('<span class="state state--order-{}">{}</span>', order.state, order.get_state_display())

    @admin.display(description=_("buyer"), ordering="email")
    def buyer(self, order: Order) -> SafeString:
        name = next((address.name for address in order.addresses.all()), "")
        return format_html('{}<br><span class="quiet">{}</span>', name, order.email)

    @admin.display(description=_("pieces"))
    def pieces(self, order: Order) -> int:
        return sum(line.quantity for line in order.lines.all())

    @admin.display(description=_("total"), ordering="total")
    def amount(self, order: Order) -> SafeString | str:
        total = money(order.total, order.currency)
        if not order.refunded:
            return total
        back = money(order.refunded, order.currency)
        return format_html('{}<br><span class="quiet">−{}</span>', total, back)

    @admin.display(description=_("state"), ordering="state")
    def state_and_attention(self, order: Order) -> SafeString:
        badge = self.state_badge(order)
        if not order.attention:
            return badge
        return format_html('{}<br><span class="attention">{}</span>', badge, order.attention)

    @admin.action(description=_("Mark as shipped"), permissions=["ship"])
    def ship_selected(self, request: HttpRequest, queryset: QuerySet[Order]) -> HttpResponse | None:
        return self._with_ids(request, "admin:ecommerce_order_ship_many", queryset)

    @admin.action(description=_("Print packing slips"), permissions=["view"])
    def packing_slips(self, request: HttpRequest, queryset: QuerySet[Order]) -> HttpResponse | None:
        return self._with_ids(request, "admin:ecommerce_order_slips", queryset)

    @admin.action(description=_("Export as CSV"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[Order]) -> HttpResponse:
        """Those that were chosen; “select all” takes what the filters leave, however many."""
        job = exports.ask_for_orders(orders=queryset, by=request.user)  # type: ignore[arg-type]  # nobody anonymous
        log.exported(request, queryset)
        return redirect(job)

    def _with_ids(self, request: HttpRequest, name: str, queryset: QuerySet[Order]) -> HttpResponse | None:
        """The page for these orders; none, with the reason, where an address cannot hold so many."""
        keys = list(queryset.order_by("pk").values_list("pk", flat=True)[: MOST_AT_ONCE + 1])
        if len(keys) > MOST_AT_ONCE:
            message = _("At most %d orders can be done at once. Please choose fewer.") % MOST_AT_ONCE
            self.message_user(request, message, messages.ERROR)
            return None
        return HttpResponseRedirect(f"{reverse(name)}?{urlencode({'ids': ','.join(map(str, keys))})}")

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        own = [
            path("slips/", view(require_safe(self.slips_view)), name="ecommerce_order_slips"),
            path("ship/", view(_any(self.ship_many_view)), name="ecommerce_order_ship_many"),
            path("<int:pk>/<slug:name>/", view(_any(self.action_view)), name="ecommerce_order_action"),
        ]
        # Django's own addresses first where one could be taken for the other: /7/change/, /7/history/.
        return [*own[:2], *super().get_urls()[:-1], own[2], super().get_urls()[-1]]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        order = self.get_object(request, object_id)
        more = _details(request, order) if order is not None and self.has_view_permission(request, order) else {}
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})

    def action_view(self, request: HttpRequest, pk: int, name: str) -> HttpResponse:
        """Ask, then do it. What is not possible is said on the same page, and nothing has changed."""
        action = ACTIONS.get(name)
        if action is None:
            raise Http404(f"Orders know no “{name}”.")
        if not action.is_allowed(request.user) or not self.has_view_permission(request):
            raise PermissionDenied
        order = get_object_or_404(Order, pk=pk)
        form = action.form(request.POST or None, order=order) if request.method == "POST" else action.form(order=order)
        form.is_bound = request.method == "POST"  # a form without fields posts nothing but its token
        if not form.is_bound or not form.is_valid():
            return self._ask(request, action, order, form)
        if isinstance(form, RefundForm) and not _is_confirmed(form):
            return self._confirm_refund(request, action, order, form)
        try:
            done = action.apply(order, form, request.user)
        except ShopError as error:
            form.add_error(None, str(error))
            return self._ask(request, action, order, form)
        self.log_change(request, order, done)
        self.message_user(request, done, messages.SUCCESS)
        return HttpResponseRedirect(_address(order))

    def _ask(self, request: HttpRequest, action: OrderAction, order: Order, form: Any, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("%(action)s: order %(number)s") % {"action": action.label, "number": order.number},
            "action": action,
            "order": order,
            "form": form,
            "fits": action.fits(order),
            "question": action.question(order),
            "order_url": _address(order),
            **more,
        }
        template = "refund" if isinstance(form, RefundForm) else "action"
        status = 400 if form.is_bound and form.errors else 200
        return render(request, f"ecommerce/admin/order_{template}.html", context, status=status)

    def _confirm_refund(
        self, request: HttpRequest, action: OrderAction, order: Order, form: RefundForm
    ) -> HttpResponse:
        """Show the amount; the same form comes back with it."""
        try:
            quote = refund_amounts.quote(order=order, lines=form.quantities, shipping=form.shipping)
            if not quote.total:
                raise ShopError(gettext("Choose what to give back: pieces, or the shipping."))
        except ShopError as error:
            form.add_error(None, str(error))
            return self._ask(request, action, order, form)
        form.data = form.data.copy()  # type: ignore[attr-defined]  # a QueryDict: the form is bound
        form.data["confirmed"] = f"{quote.total}"  # type: ignore[index]
        form.data["refunds_before"] = str(order.refunds.count())  # type: ignore[index]
        return self._ask(request, action, order, form, quote=quote)

    def ship_many_view(self, request: HttpRequest) -> HttpResponse:
        """One row for each order, with a tracking number of its own. What cannot be shipped stays, and says why."""
        if not self.has_ship_permission(request) or not self.has_view_permission(request):
            raise PermissionDenied
        chosen = _chosen(request)
        data = request.POST if request.method == "POST" else None
        rows = [(order, ShipForm(data, order=order, prefix=str(order.pk))) for order in chosen]
        if data is not None and all(form.is_valid() for _order, form in rows):
            rows = self._ship_each(request, rows)
            if not rows:
                return HttpResponseRedirect(reverse("admin:ecommerce_order_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": gettext("Mark as shipped"),
            "rows": rows,
            "ids": ",".join(str(order.pk) for order, _form in rows),
        }
        return render(request, "ecommerce/admin/order_ship_many.html", context)

    def _ship_each(self, request: HttpRequest, rows: list[tuple[Order, ShipForm]]) -> list[tuple[Order, ShipForm]]:
        refused = []
        for order, form in rows:
            try:
                orders.ship(order=order, **form.cleaned_data, actor=request.user)  # type: ignore[arg-type]
            except ShopError as error:
                form.add_error(None, str(error))
                refused.append((order, form))
            else:
                done = gettext("Order %s is marked as shipped. The buyer gets a mail.") % order
                self.log_change(request, order, done)
                self.message_user(request, done, messages.SUCCESS)
        return refused

    def slips_view(self, request: HttpRequest) -> HttpResponse:
        """What goes into the parcel, one page for each order, to be printed."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        slips = [
            (order, {address.kind: invoice_content.address_lines(address) for address in order.addresses.all()})
            for order in _chosen(request)
        ]
        return render(request, "ecommerce/admin/packing_slips.html", {"slips": slips})


def _any(view: Any) -> Any:
    return require_http_methods(["GET", "HEAD", "POST"])(view)


def _address(order: Order) -> str:
    return reverse("admin:ecommerce_order_change", args=[order.pk])


def _chosen(request: HttpRequest) -> list[Order]:
    ids = (request.POST.get("ids") or request.GET.get("ids") or "").split(",")
    keys = [int(part) for part in ids if part.isascii() and part.isdigit() and len(part) < 19][:MOST_AT_ONCE]
    found = list(order_selectors.with_details().filter(pk__in=keys).order_by("pk"))
    if not found:
        raise Http404("No such orders.")
    return found


def _is_confirmed(form: RefundForm) -> bool:
    """Whether the amount that was shown is still the amount of what is asked for."""
    try:
        quote = refund_amounts.quote(order=form.order, lines=form.quantities, shipping=form.shipping)
    except ShopError:
        return False
    return form.cleaned_data["confirmed"] == f"{quote.total}" and bool(quote.total)


def _details(request: HttpRequest, order: Order) -> dict[str, Any]:
    events = order.events.select_related("actor")
    return {
        "order": order,
        "lines": list(order.lines.select_related("variant")),
        "addresses": [
            (address.get_kind_display(), invoice_content.address_lines(address), address.phone)
            for address in order.addresses.all()
        ],
        "events": [(event, order_words.event(event.what)) for event in events],
        "sessions": list(order.stripe_sessions.all()),
        "refunds": list(order.refunds.select_related("requested_by").annotate(pieces=Count("lines"))),
        "invoices": list(order.invoices.order_by("pk")) if request.user.has_perm("ecommerce.view_invoice") else [],
        "order_actions": order_actions.open_to(request.user, order),
        "slip_url": f"{reverse('admin:ecommerce_order_slips')}?ids={order.pk}",
    }


__all__ = ["OrderAdmin"]

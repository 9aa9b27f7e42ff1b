"""Pages by the last row seen instead of a number: the database goes straight there and counts nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Generic, TypeVar

from django.core.signing import BadSignature, Signer
from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)

# Signed, so that no made-up value ever reaches the database. The separator needs no escaping in an address.
_signer = Signer(salt="ecommerce.keyset", sep=".")


class InvalidCursorError(ValueError):
    """The token was not made by us, or for another order."""


@dataclass(frozen=True)
class Order:
    """By one column, and by primary key where that is equal: without it, equal rows would be skipped or repeated."""

    name: str
    field: str
    descending: bool = False

    def keys(self, *, backwards: bool = False) -> tuple[str, str]:
        sign = "-" if self.descending is not backwards else ""
        return f"{sign}{self.field}", f"{sign}pk"

    def beyond(self, cursor: Cursor) -> Q:
        """The rows after the cursor. The first condition alone is implied by the second, but lets an index be used."""
        operator = "lt" if self.descending is not cursor.backwards else "gt"
        return Q(**{f"{self.field}__{operator}e": cursor.value}) & (
            Q(**{f"{self.field}__{operator}": cursor.value}) | Q(**{f"pk__{operator}": cursor.pk})
        )


@dataclass(frozen=True)
class Cursor:
    """A place between two rows, and which way to read from there."""

    order: str
    value: Any
    pk: int
    backwards: bool = False

    def token(self) -> str:
        return _signer.sign_object([self.order, *_packed(self.value), self.pk, self.backwards])

    @classmethod
    def from_token(cls, token: str, *, order: Order) -> Cursor:
        """Raises InvalidCursorError."""
        try:
            name, kind, text, pk, backwards = _signer.unsign_object(token)
        except BadSignature as error:
            raise InvalidCursorError(token) from error
        if name != order.name:
            raise InvalidCursorError(token)
        return cls(name, _UNPACK[kind](text), pk, backwards)


@dataclass(frozen=True)
class Page(Generic[Row]):
    rows: list[Row]
    next: str = ""
    previous: str = ""
    is_first: bool = True
    restarted: bool = False


def paginate(queryset: QuerySet[Row], *, order: Order, size: int, token: str = "") -> Page[Row]:
    """One page, from the token of a page before. One query, whichever page it is.

    An invalid token, or one whose rows are gone, gives the first page, marked ``restarted``.
    """
    if not token:
        return _first(queryset, order, size)
    try:
        cursor = Cursor.from_token(token, order=order)
    except InvalidCursorError:
        return _first(queryset, order, size, restarted=True)
    page = _after(queryset, order, size, cursor)
    return page if page.rows else _first(queryset, order, size, restarted=True)


def _first(queryset: QuerySet[Row], order: Order, size: int, *, restarted: bool = False) -> Page[Row]:
    rows = list(queryset.order_by(*order.keys())[: size + 1])
    following = _token(order, rows[size - 1]) if len(rows) > size else ""
    return Page(rows[:size], next=following, restarted=restarted)


def _after(queryset: QuerySet[Row], order: Order, size: int, cursor: Cursor) -> Page[Row]:
    ordered = queryset.filter(order.beyond(cursor)).order_by(*order.keys(backwards=cursor.backwards))
    rows = list(ordered[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if cursor.backwards:
        return _backwards(queryset, order, size, rows[::-1], more)
    return _page(order, rows, has_next=more, has_previous=True)


def _backwards(queryset: QuerySet[Row], order: Order, size: int, rows: list[Row], more: bool) -> Page[Row]:
    if not more:  # back at the start: read it as the first page, which is full even where rows have gone meanwhile
        return _first(queryset, order, size)
    return _page(order, rows, has_next=True, has_previous=True)


def _page(order: Order, rows: list[Row], *, has_next: bool, has_previous: bool) -> Page[Row]:
    if not rows:
        return Page([], is_first=False)
    return Page(
        rows,
        next=_token(order, rows[-1]) if has_next else "",
        previous=_token(order, rows[0], backwards=True) if has_previous else "",
        is_first=False,
    )


def _token(order: Order, row: Model, *, backwards: bool = False) -> str:
    return Cursor(order.name, getattr(row, order.field), row.pk, backwards).token()


_UNPACK: dict[str, Any] = {"datetime": datetime.fromisoformat, "decimal": Decimal, "text": str}


def _packed(value: Any) -> tuple[str, str]:
    """A value of a column as JSON can carry it, to the last microsecond and cent."""
    if isinstance(value, datetime):
        return "datetime", value.isoformat()
    return ("decimal", str(value)) if isinstance(value, Decimal) else ("text", str(value))

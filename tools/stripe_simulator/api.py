"""The API below /v1/: keys, idempotency, expansion and lists, around what the services do."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Iterable
from typing import Any

from . import parameters as p
from .configuration import API_VERSION, is_test_key
from .errors import StripeError, bad_parameter, missing_object, server_error, unauthorized
from .events import REQUEST
from .idempotency import Answer as Kept
from .payments import empty_list
from .simulator import Simulator
from .store import Body, new_id
from .web import Answer, CutOff, Request, json_answer

Parameters = dict[str, Any]
# What an object's field names, by the field: these can be expanded.
EXPANDABLE = {
    "payment_intent": "payment_intent",
    "latest_charge": "charge",
    "charge": "charge",
}
_RANGE = ("gt", "gte", "lt", "lte")
_PAGE: dict[str, p.Check] = {"limit": p.integer(1, 100), "starting_after": p.text(), "ending_before": p.text()}


def _range(value: Any, name: str) -> dict[str, int]:
    moment = p.integer(0, 99_999_999_999)
    if isinstance(value, str):
        return {"gte": moment(value, name), "lte": moment(value, name)}
    return p.object_of(dict.fromkeys(_RANGE, moment))(value, name)  # type: ignore[no-any-return]


_FILTERS: dict[str, dict[str, p.Check]] = {
    "checkout/sessions": {
        "payment_intent": p.text(), "status": p.choice("open", "complete", "expired"), "created": _range
    },
    "payment_intents": {"created": _range},
    "charges": {"payment_intent": p.text(), "created": _range},
    "refunds": {"payment_intent": p.text(), "charge": p.text(), "created": _range},
    "disputes": {"payment_intent": p.text(), "charge": p.text(), "created": _range},
    "coupons": {"created": _range},
    "events": {"type": p.text(), "types": p.list_of(p.text()), "created": _range, "delivery_success": p.boolean},
}  # fmt: skip
_KINDS = {
    "checkout/sessions": "checkout.session",
    "payment_intents": "payment_intent",
    "charges": "charge",
    "refunds": "refund",
    "disputes": "dispute",
    "coupons": "coupon",
    "events": "event",
}
_PARAMS_OF_MISSING = {"checkout.session": "session", "payment_intent": "intent", "coupon": "coupon"}


class Api:
    def __init__(self, simulator: Simulator) -> None:
        self._simulator = simulator
        self._store = simulator.store

    # --- Around every request ----------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Answer:
        request_id = new_id("req", 14)
        headers = {"Request-Id": request_id, "Stripe-Version": API_VERSION}
        try:
            self._check_key(request)
            answer = self._with_idempotency(request, request_id)
        except StripeError as error:
            answer = json_answer(error.body(request_id), error.status)
        answer.headers |= headers
        if request.headers.get("Idempotency-Key"):
            answer.headers["Idempotency-Key"] = str(request.headers["Idempotency-Key"])
        return answer

    def _check_key(self, request: Request) -> None:
        key = _key(request.headers.get("Authorization") or "")
        if not key:
            raise unauthorized(
                "You did not provide an API key. You need to provide your API key in the Authorization header, using "
                "Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
            )
        if "_live_" in key:
            raise unauthorized(
                "Invalid API Key provided: this is a live key, and the simulator takes test keys only. Nothing was "
                "done. A live key that was sent to the wrong address should be rolled."
            )
        expected = self._simulator.configuration.api_key
        if (key != expected) if expected else not is_test_key(key):
            raise unauthorized(f"Invalid API Key provided: {key[:8]}****{key[-4:]}")

    def _with_idempotency(self, request: Request, request_id: str) -> Answer:
        key = str(request.headers.get("Idempotency-Key") or "")
        if not key or request.method != "POST":
            return self._done(request, request_id, "")
        with self._simulator.keys.held(key):
            return self._done(request, request_id, key)

    def _done(self, request: Request, request_id: str, key: str) -> Answer:
        faults = self._simulator.faults
        self._simulator_trouble()
        is_lost = faults.take("lost_answers")
        token = REQUEST.set((request_id, key or None))
        try:
            answer = self._kept_or_new(request, request_id, key)
        finally:
            REQUEST.reset(token)
        self._simulator.wake()
        if is_lost:
            raise CutOff
        return answer

    def _simulator_trouble(self) -> None:
        faults = self._simulator.faults
        if faults.take("latency"):
            self._simulator.pause(faults.values["latency_seconds"])
        if faults.take("timeouts"):
            self._simulator.pause(faults.values["timeout_seconds"])
            raise CutOff
        if faults.take("errors"):
            raise server_error()

    def _kept_or_new(self, request: Request, request_id: str, key: str) -> Answer:
        endpoint = request.path
        # The answer is kept in the transaction of what it tells: a crash keeps both or neither.
        with self._store.transaction():
            kept = self._simulator.keys.answer(key, endpoint=endpoint, parameters=request.body) if key else None
            if kept is not None:
                return Answer(kept.status, kept.body, "application/json", {"Idempotent-Replayed": "true"})
            answer, is_kept = self._new(request, request_id)
            if key and is_kept:
                self._simulator.keys.keep(
                    key, Kept(answer.status, answer.body), endpoint=endpoint, parameters=request.body
                )
            return answer

    def _new(self, request: Request, request_id: str) -> tuple[Answer, bool]:
        try:
            return json_answer(self._result(request)), True
        except StripeError as error:
            return json_answer(error.body(request_id), error.status), error.is_kept

    def _result(self, request: Request) -> Body:
        given = p.parse(request.body if request.method == "POST" else request.query)
        paths = p.list_of(p.text())(given.pop("expand", []), "expand")
        handler = self._handler(request)
        return self._expanded(handler(given), paths)

    # --- What is asked -----------------------------------------------------------------------------------------------

    def _handler(self, request: Request) -> Callable[[Parameters], Body]:
        parts = request.path.removeprefix("/v1/").strip("/").split("/")
        collection, rest = ("/".join(parts[:2]), parts[2:]) if parts[0] == "checkout" else (parts[0], parts[1:])
        handler = None
        if collection in _KINDS:
            by_method = {"POST": self._post, "GET": self._get}
            find = by_method.get(request.method)
            handler = find(collection, rest) if find else None
        if handler is None:
            raise StripeError(
                f"Unrecognized request URL ({request.method}: {request.path}). The simulator knows what its README "
                "lists; see https://stripe.com/docs for all that Stripe has.",
                status=404,
            )
        return handler

    def _post(self, collection: str, rest: list[str]) -> Callable[[Parameters], Body] | None:
        simulator = self._simulator
        match collection, rest:
            case "checkout/sessions", []:
                return simulator.sessions.create
            case "checkout/sessions", [identifier, "expire"]:
                return _without_parameters(lambda: simulator.sessions.expire(identifier))
            case "refunds", []:
                return simulator.refunds.create
            case "coupons", []:
                return simulator.coupons.create
        return None

    def _get(self, collection: str, rest: list[str]) -> Callable[[Parameters], Body] | None:
        match collection, rest:
            case _, []:
                return lambda given: self._list(collection, given)
            case "checkout/sessions", [identifier, "line_items"]:
                return lambda given: self._line_items(identifier, given)
            case _, [identifier]:
                return _without_parameters(lambda: self._retrieve(_KINDS[collection], identifier))
        return None

    def _retrieve(self, kind: str, identifier: str) -> Body:
        found = self._store.find(identifier, kind)
        if found is None:
            raise missing_object(kind, identifier, param=_PARAMS_OF_MISSING.get(kind, "id"))
        return self._with_refunds(found)

    def _with_refunds(self, found: Body) -> Body:
        if found["object"] == "charge":
            refunds = [one for one in self._store.newest("refund") if one["charge"] == found["id"]]
            found["refunds"]["data"] = refunds[:10]
            found["refunds"]["has_more"] = len(refunds) > 10
        return found

    def _line_items(self, identifier: str, given: Parameters) -> Body:
        given = p.checked(given, _PAGE)
        session = self._simulator.sessions.get(identifier)
        items = self._simulator.sessions.line_items(session["id"])
        return _page(items, given, f"/v1/checkout/sessions/{identifier}/line_items", "item")

    def _list(self, collection: str, given: Parameters) -> Body:
        given = p.checked(given, {**_PAGE, **_FILTERS[collection]})
        kind = _KINDS[collection]
        matching = (one for one in self._store.newest(kind) if _matches(one, given))
        return _page((self._with_refunds(one) for one in matching), given, f"/v1/{collection}", kind)

    # --- Expansion ---------------------------------------------------------------------------------------------------

    def _expanded(self, body: Body, paths: list[str]) -> Body:
        for path in paths:
            self._expand(body, path.split("."), path)
        return body

    def _expand(self, body: Body, steps: list[str], path: str) -> None:
        if body.get("object") == "list" and steps[0] == "data":
            for one in body["data"]:
                self._expand(one, steps[1:] or [""], path)
            return
        field = steps[0]
        if body.get("object") == "checkout.session" and field == "line_items":
            items = self._simulator.sessions.line_items(body["id"])
            body[field] = _page(items, {}, f"/v1/checkout/sessions/{body['id']}/line_items", "item")
        elif field not in body or (field not in EXPANDABLE and field != "refunds"):
            raise bad_parameter(f"This property cannot be expanded ({path}).", "expand")
        elif isinstance(body[field], str):
            body[field] = self._retrieve(EXPANDABLE[field], body[field])
        if len(steps) > 1 and isinstance(body[field], dict):
            self._expand(body[field], steps[1:], path)


def _key(authorization: str) -> str:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(value).decode().partition(":")[0]
        except (binascii.Error, UnicodeDecodeError):
            return ""
    return ""


def _without_parameters(act: Callable[[], Body]) -> Callable[[Parameters], Body]:
    def handler(given: Parameters) -> Body:
        p.checked(given, {})
        return act()

    return handler


def _matches(one: Body, given: Parameters) -> bool:
    comparisons = {"gt": int.__gt__, "gte": int.__ge__, "lt": int.__lt__, "lte": int.__le__}
    if not all(comparisons[name](one["created"], bound) for name, bound in given.get("created", {}).items()):
        return False
    if "delivery_success" in given and given["delivery_success"] != (one["pending_webhooks"] == 0):
        return False
    if "types" in given and one["type"] not in given["types"]:
        return False
    if "type" in given and not _is_of_type(one["type"], given["type"]):
        return False
    return all(one[name] == given[name] for name in ("payment_intent", "charge", "status") if name in given)


def _is_of_type(type_: str, wanted: str) -> bool:
    return type_.startswith(wanted[:-1]) if wanted.endswith(".*") else type_ == wanted


def _page(newest: Iterable[Body], given: Parameters, url: str, kind: str) -> Body:
    """One page of a list, as its cursors say."""
    limit = given.get("limit", 10)
    objects = list(newest)
    positions = {one["id"]: at for at, one in enumerate(objects)}
    for cursor in ("starting_after", "ending_before"):
        if cursor in given and given[cursor] not in positions:
            raise missing_object(kind, given[cursor], param=cursor)
    if "ending_before" in given:
        end = positions[given["ending_before"]]
        start = max(end - limit, 0)
        chosen, has_more = objects[start:end], start > 0
    else:
        start = positions[given["starting_after"]] + 1 if "starting_after" in given else 0
        chosen, has_more = objects[start : start + limit], start + limit < len(objects)
    return empty_list(url) | {"data": json.loads(json.dumps(chosen)), "has_more": has_more}

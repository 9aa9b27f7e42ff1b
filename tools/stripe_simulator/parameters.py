"""Parameters as Stripe takes them: form fields such as line_items[0][price_data][currency], then checked by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from .errors import bad_parameter

# Takes the raw value and its full name; returns the value as the services want it, or raises.
Check = Callable[[Any, str], Any]

_NAME = re.compile(r"^([^\[\]]+)((?:\[[^\[\]]*\])*)$")
LARGEST_AMOUNT = 99_999_999
MOST_METADATA = 50


def parse(encoded: str) -> dict[str, Any]:
    """Nested dictionaries and lists of a form-encoded text. Raise StripeError for a name that is none."""
    tree: dict[str, Any] = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        match = _NAME.match(name)
        if match is None:
            raise bad_parameter(f"Invalid parameter name: {name}", name)
        _put(tree, [match[1], *re.findall(r"\[([^\[\]]*)\]", match[2])], value, name)
    return {key: _with_lists(value) for key, value in tree.items()}


def _put(tree: dict[str, Any], path: list[str], value: str, name: str) -> None:
    for step in path[:-1]:
        tree = tree.setdefault(step or str(len(tree)), {})
        if not isinstance(tree, dict):
            raise bad_parameter(f"Invalid parameter: {name} is given as a value and as an object.", name)
    tree[path[-1] or str(len(tree))] = value


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if value and all(key.isdigit() for key in value):
        return [_with_lists(value[key]) for key in sorted(value, key=int)]
    return {key: _with_lists(part) for key, part in value.items()}


def text(longest: int = 5000) -> Check:
    def check(value: Any, name: str) -> str:
        if not isinstance(value, str):
            raise bad_parameter(f"Invalid string: {value}", name)
        if not value:
            raise bad_parameter(
                f"You passed an empty string for '{name}'. We assume empty values are an attempt to unset a parameter; "
                f"however '{name}' cannot be unset. You should remove '{name}' from your request or supply a non-empty "
                "value.",
                name,
                code="parameter_invalid_empty",
            )
        if len(value) > longest:
            raise bad_parameter(f"Invalid string: must be at most {longest} characters", name)
        return value

    return check


def integer(smallest: int = 0, largest: int = LARGEST_AMOUNT) -> Check:
    def check(value: Any, name: str) -> int:
        if not isinstance(value, str) or not re.fullmatch(r"-?\d{1,15}", value):
            raise bad_parameter(f"Invalid integer: {value}", name, code="parameter_invalid_integer")
        if int(value) < smallest:
            raise bad_parameter(
                f"This value must be greater than or equal to {smallest}.", name, code="parameter_invalid_integer"
            )
        if int(value) > largest:
            raise bad_parameter(
                f"This value must be less than or equal to {largest}.", name, code="parameter_invalid_integer"
            )
        return int(value)

    return check


def decimal(smallest: float, largest: float) -> Check:
    def check(value: Any, name: str) -> float:
        if not isinstance(value, str) or not re.fullmatch(r"\d{1,9}(\.\d{1,6})?", value):
            raise bad_parameter(f"Invalid decimal: {value}", name)
        if not smallest <= float(value) <= largest:
            raise bad_parameter(f"This value must be from {smallest} to {largest}.", name)
        return float(value)

    return check


def boolean(value: Any, name: str) -> bool:
    if value not in ("true", "false"):
        raise bad_parameter(f"Invalid boolean: {value}", name)
    return bool(value == "true")


def choice(*values: str) -> Check:
    def check(value: Any, name: str) -> str:
        if value not in values:
            allowed = ", ".join(values[:-1]) + f", or {values[-1]}" if len(values) > 1 else values[0]
            raise bad_parameter(f"Invalid {name}: must be one of {allowed}", name)
        return str(value)

    return check


def address(value: Any, name: str) -> str:
    if not isinstance(value, str) or not re.match(r"https?://[^/\s]+", value):
        raise bad_parameter("Not a valid URL", name, code="url_invalid")
    return value


def email(value: Any, name: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[^@\s]+@[^@\s]+", value):
        raise bad_parameter(f"Invalid email address: {value}", name, code="email_invalid")
    return value


def currency(value: Any, name: str) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z]{3}", value):
        raise bad_parameter(f"Invalid currency: {value}", name)
    return value.lower()


def metadata(value: Any, name: str) -> dict[str, str]:
    if value == "":
        return {}
    # Keys that are all numbers arrive as a list.
    pairs = dict(enumerate(value)) if isinstance(value, list) else value
    if not isinstance(pairs, dict) or len(pairs) > MOST_METADATA:
        raise bad_parameter(f"Metadata takes up to {MOST_METADATA} keys.", name)
    for key, part in pairs.items():
        if not isinstance(part, str) or len(str(key)) > 40 or len(part) > 500:
            raise bad_parameter("Metadata values can have up to 500 characters, and keys up to 40.", f"{name}[{key}]")
    return {str(key): part for key, part in pairs.items() if part}


def refused(why: str) -> Check:
    """For what Stripe takes and the simulator does not do: said, rather than silently left out."""

    def check(value: Any, name: str) -> None:
        raise bad_parameter(f"The simulator does not support {name}: {why}", name)

    return check


def list_of(part: Check) -> Check:
    def check(value: Any, name: str) -> list[Any]:
        if not isinstance(value, list):
            raise bad_parameter("Invalid array", name)
        return [part(one, f"{name}[{index}]") for index, one in enumerate(value)]

    return check


def object_of(fields: Mapping[str, Check], *, required: tuple[str, ...] = ()) -> Check:
    def check(value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise bad_parameter("Invalid object", name)
        return checked(value, fields, required=required, within=name)

    return check


def checked(
    values: Mapping[str, Any], fields: Mapping[str, Check], *, required: tuple[str, ...] = (), within: str = ""
) -> dict[str, Any]:
    """The values, each checked. Raise StripeError for the first that is unknown, missing or wrong."""
    for key in values:
        if key not in fields:
            name = _name(within, key)
            raise bad_parameter(f"Received unknown parameter: {name}", name, code="parameter_unknown")
    for key in required:
        if key not in values:
            name = _name(within, key)
            raise bad_parameter(f"Missing required param: {name}.", name, code="parameter_missing")
    return {key: fields[key](value, _name(within, key)) for key, value in values.items()}


def _name(within: str, key: str) -> str:
    return f"{within}[{key}]" if within else key

"""Errors as Stripe answers them: a status, and an error object with type, code, param, message and doc_url."""

from __future__ import annotations

from typing import Any


class StripeError(Exception):
    """``is_kept``: whether an idempotency key remembers it. Stripe forgets answers to requests it never began."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        type: str = "invalid_request_error",  # noqa: A002  # Stripe's name
        code: str | None = None,
        param: str | None = None,
        is_kept: bool = True,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        self.type = type
        self.code = code
        self.param = param
        self.is_kept = is_kept

    def body(self, request_id: str) -> dict[str, Any]:
        error: dict[str, Any] = {}
        if self.code:
            error["code"] = self.code
            error["doc_url"] = f"https://stripe.com/docs/error-codes/{self.code.replace('_', '-')}"
        error["message"] = self.message
        if self.param:
            error["param"] = self.param
        error["request_log_url"] = f"https://dashboard.stripe.com/test/logs/{request_id}"
        error["type"] = self.type
        return {"error": error}


def missing_object(kind: str, identifier: str, *, param: str = "id") -> StripeError:
    return StripeError(f"No such {kind}: '{identifier}'", status=404, code="resource_missing", param=param)


def bad_parameter(message: str, param: str, *, code: str | None = None) -> StripeError:
    return StripeError(message, param=param, code=code, is_kept=False)


def unauthorized(message: str, *, code: str | None = None) -> StripeError:
    return StripeError(message, status=401, code=code, is_kept=False)


def idempotency_error(message: str) -> StripeError:
    return StripeError(message, type="idempotency_error", is_kept=False)


def server_error() -> StripeError:
    return StripeError(
        "An unknown error occurred (asked for by the simulator's switches)",
        status=500,
        type="api_error",
        is_kept=False,
    )

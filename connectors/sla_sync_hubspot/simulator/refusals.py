"""What the platform says when it refuses: one exception that carries HubSpot's error body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]

BAD_REQUEST = 400
UNAUTHORIZED = 401
FORBIDDEN = 403
NOT_FOUND = 404
METHOD_NOT_ALLOWED = 405
CONFLICT = 409
UNSUPPORTED_MEDIA_TYPE = 415
TOO_MANY_REQUESTS = 429
SERVER_ERROR = 500


class RefusalError(Exception):
    """A request is refused with this status and these members of the error body (see the guide "Error handling")."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        category: str | None = "VALIDATION_ERROR",
        sub_category: str | None = None,
        context: Mapping[str, Sequence[str]] | None = None,
        errors: Sequence[Json] = (),
        links: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})
        optional = {
            "category": category,
            "subCategory": sub_category,
            "context": {key: list(values) for key, values in (context or {}).items()},
            "errors": list(errors),
            "links": dict(links or {}),
        }
        self.members: Json = {key: value for key, value in optional.items() if value} | dict(extra or {})

    def body(self, correlation_id: str) -> Json:
        """Return the whole body; members that do not apply are absent, as the guide warns."""
        return {"status": "error", "message": self.message, "correlationId": correlation_id} | self.members

    def as_batch_error(self) -> Json:
        """Return the entry that a 207 answer holds for one input (`StandardError` of the published description)."""
        entry: Json = {"status": "error", "message": self.message, "errors": [], "context": {}, "links": {}}
        return entry | self.members


def invalid(message: str, *, where: str = "", code: str | None = None, sub_category: str | None = None) -> RefusalError:
    """Return a 400 for one wrong value; `where` is its place in the body, like `options[0].label`."""
    detail: Json = {"message": message}
    if code:
        detail["code"] = code
    if where:
        detail["in"] = where
    return RefusalError(BAD_REQUEST, message, sub_category=sub_category, errors=[detail])


def missing(names: Iterable[str], where: str) -> RefusalError:
    """Return a 400 for members that a body lacks; the sentence is HubSpot's own."""
    listed = ", ".join(sorted(names))
    place = f" (in {where})" if where else ""
    return invalid(f"Invalid input JSON on line 1, column 1: Some required fields were not set: [{listed}]{place}")


def not_found(message: str, **context: str) -> RefusalError:
    """Return a 404 for a thing that does not exist."""
    spelled = {key: [value] for key, value in context.items()}
    return RefusalError(NOT_FOUND, message, category="OBJECT_NOT_FOUND", context=spelled)


def not_built(what: str) -> RefusalError:
    """Return a 404 for what HubSpot has and this simulator does not; it never answers emptily instead."""
    return RefusalError(NOT_FOUND, f"The simulator does not implement {what}.", category="NOT_IMPLEMENTED")


def opaque() -> RefusalError:
    """Return the 500 without a reason that workflow bodies of certain wrong shapes get (seen in recordings)."""
    return RefusalError(SERVER_ERROR, "internal error", category=None)

"""A refusal: the platform's code and text, spoken as JSON over REST and as a fault over SOAP."""

from __future__ import annotations


class RefusedError(Exception):
    """The request is refused. `status` counts over REST; over SOAP every fault is a 500."""

    def __init__(self, code: str, message: str, *, status: int = 400, fields: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status
        self.fields = fields


def not_implemented(what: str, *, status: int = 400) -> RefusedError:
    """Return the refusal of something that the platform knows and this double of it does not."""
    return RefusedError("NOT_IMPLEMENTED_BY_SIMULATOR", f"{what} is not implemented by this simulator", status=status)


def unknown_session() -> RefusedError:
    """Return the answer to a session that is not open."""
    return RefusedError("INVALID_SESSION_ID", "Session expired or invalid", status=401)

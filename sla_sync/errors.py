"""Exceptions mean "cannot go on"; findings are diagnostics.

SlaSyncError                      exit 1
├── DocumentError                 a document cannot be used; carries its diagnostics
├── TargetError                   a target is unknown, incomplete or its secret is missing
├── ConnectorError                a connector is absent or speaks another contract
├── JournalError                  the journal cannot be written
├── LockedError                   somebody else is applying
├── RefusedError                  a guard said no                                  exit 4
│   └── StalePlanError            the world moved since the plan was made          exit 4
└── PlatformError                 a platform's answer; names the target and the call
    ├── UnreachableError          no answer at all
    ├── UnauthorizedError         the credential is wrong or has expired
    ├── ForbiddenError            the credential is right and may not do this
    ├── RejectedError             the platform understood and refused (4xx)
    ├── ExhaustedError            a limit that waiting for seconds does not cure
    └── FaultError                the platform failed (5xx) or answered what nobody can read
"""

from __future__ import annotations

import errno
from typing import ClassVar

from sla_sync.diagnostics import Diagnostic

_ROOM = "Free space on that disk, then run the command again: what stood there before still does."
_RIGHTS = "Choose a place that can be written to, or correct its rights, then run the command again."
_REMEDIES = {
    **{each: _ROOM for name in ("ENOSPC", "EDQUOT", "EFBIG") if (each := getattr(errno, name, None))},
    **dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), _RIGHTS),
}
"""What to do about errors of the disk."""


class SlaSyncError(Exception):
    """The command cannot go on. `hint` starts with a verb and says what to do."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class DocumentError(SlaSyncError):
    """A document cannot be used; every reason is in `diagnostics`."""

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...], *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.diagnostics = diagnostics


class TargetError(SlaSyncError):
    """A target is unknown, incomplete, or the environment lacks its secret."""


class ConnectorError(SlaSyncError):
    """A connector is not installed, or was built for another contract."""


class JournalError(SlaSyncError):
    """The journal cannot be written; before the platform is touched this stops apply."""


class LockedError(SlaSyncError):
    """Somebody else is applying to this target."""


class RefusedError(SlaSyncError):
    """A guard refused; `diagnostics` name what was refused and how to release it."""

    exit_code: ClassVar[int] = 4

    def __init__(self, message: str, diagnostics: tuple[Diagnostic, ...] = (), *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.diagnostics = diagnostics


class StalePlanError(RefusedError):
    """The agreement or the live settings moved since the plan was made."""


class PlatformError(SlaSyncError):
    """A call to a platform failed. `call` is what was asked, never with a secret in it."""

    def __init__(self, message: str, *, call: str = "", status: int | None = None, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.call = call
        self.status = status


class UnreachableError(PlatformError):
    """The host did not answer."""


class UnauthorizedError(PlatformError):
    """The credential is wrong or has expired."""


class ForbiddenError(PlatformError):
    """The credential is valid and lacks the permission or scope."""


class RejectedError(PlatformError):
    """The platform understood the request and refused it."""


class ExhaustedError(PlatformError):
    """A limit is used up and waiting for seconds does not help."""


class FaultError(PlatformError):
    """The platform failed, or its answer cannot be read."""


def of_the_disk(error: OSError) -> SlaSyncError:
    """Return an error of the disk as a sentence that names the file, with what to do about it where that is known."""
    if error.errno == errno.ENOENT and not error.filename:  # `tempfile` says so also where a disk is full
        return SlaSyncError(f"{error.strerror}.", hint="Free space in one of them, or name another one by TMPDIR.")
    return SlaSyncError(
        f"{error.filename or 'A file'}: {error.strerror or error}.", hint=_REMEDIES.get(error.errno or 0, "")
    )

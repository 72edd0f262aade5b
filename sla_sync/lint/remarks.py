"""What a rule is given, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.document import Agreement
from sla_sync.diagnostics import KeyPath, Severity


@dataclass(frozen=True)
class Case:
    """An agreement on a day, with its bindings by the name of their documents."""

    agreement: Agreement
    bindings: Mapping[str, BindingDocument]
    today: date


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule found: in the agreement, or in the binding that `document` names.

    `at_key` points at the key of `path` and not at its value, `offset` at a character inside the value. `severity`
    replaces that of the rule.
    """

    message: str
    path: KeyPath
    hint: str = ""
    document: str | None = None
    at_key: bool = False
    offset: int = 0
    severity: Severity | None = None


Check: TypeAlias = Callable[[Case], Iterator[Remark]]


class Needs(StrEnum):
    """What a rule looks at."""

    READING = "reading"
    """Found while the documents are read; no check of its own."""
    DOCUMENT = "document"
    LIVE = "live"
    """The settings or people of a platform."""
    HISTORY = "history"
    """What happened to leads."""
    CHANGE = "change"
    """Two versions of an agreement."""


@dataclass(frozen=True)
class Rule:
    """A code, how much it weighs, what it means in one sentence, and the check that finds it.

    `because` is the reason for the rule; `bad` and `good` are excerpts of a document. A rule without a check is found
    elsewhere, as `needs` says.
    """

    code: str
    severity: Severity
    meaning: str
    check: Check | None = None
    because: str = ""
    bad: str = ""
    good: str = ""
    needs: Needs = Needs.DOCUMENT

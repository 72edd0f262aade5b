"""What a rule is given, and what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TypeAlias

from sla_sync.agreement.attestations import Attestations
from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.tree import Expression
from sla_sync.agreement.sections.header import DocumentStatus
from sla_sync.agreement.sections.reading import Written
from sla_sync.agreement.source import Source
from sla_sync.agreement.walk import leaves
from sla_sync.diagnostics import KeyPath, Severity


@dataclass(frozen=True)
class Case:
    """An agreement on a day, with its bindings by the name of their documents.

    `source` is what the agreement was read from, `sources` what its bindings were; without them the rules about
    spelling find nothing. `neighbours` are the other agreements of the same targets, by the name of their documents.
    `attestations` is what people vouch for, and `vouched` the name of that document.
    """

    agreement: Agreement
    bindings: Mapping[str, BindingDocument]
    today: date
    source: Source | None = None
    sources: Mapping[str, Source] = field(default_factory=dict)
    neighbours: Mapping[str, Agreement] = field(default_factory=dict)
    attestations: Attestations | None = None
    vouched: str | None = None

    @property
    def lenient(self) -> bool:
        """Whether what is left out is only information: in a draft, and in the agreement of a small team."""
        metadata = self.agreement.metadata
        return metadata.status is DocumentStatus.DRAFT or metadata.size == "small"

    @property
    def over(self) -> bool:
        """Whether the last day of the agreement has passed."""
        until = self.agreement.metadata.effective.until
        return until is not None and until < self.today

    @cached_property
    def leaves(self) -> tuple[tuple[KeyPath, object], ...]:
        """Every value of the agreement that was written and is no mapping or list, with its path."""
        return tuple(leaves(self.agreement))

    @cached_property
    def conditions(self) -> tuple[tuple[KeyPath, Expression], ...]:
        """Every condition of the agreement with its path; those inside a measure are none of them."""
        found = ((path, each.value if isinstance(each, Written) else each) for path, each in self.leaves)
        return tuple((path, each) for path, each in found if isinstance(each, Expression))


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule found: in the agreement, or in the binding that `document` names.

    `at_key` points at the key of `path` and not at its value, `offset` at a character inside the value. `severity`
    replaces that of the rule. `absent` says that it is about a part that was left out and may be: where the case is
    lenient, it is information.
    """

    message: str
    path: KeyPath
    hint: str = ""
    document: str | None = None
    at_key: bool = False
    offset: int = 0
    severity: Severity | None = None
    absent: bool = False


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
    besides: Needs | None = None
    """What finds more of the same where it is there."""

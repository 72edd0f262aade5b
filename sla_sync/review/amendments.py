"""What a review is made of: edits of one place, and amendments, which say in a sentence what edits mean together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.canonical import Plain
from sla_sync.agreement.document import Agreement
from sla_sync.diagnostics import KeyPath


class Absent(Enum):
    """What stands at a place where nothing is said."""

    ABSENT = "absent"


ABSENT = Absent.ABSENT


@dataclass(frozen=True)
class Revision:
    """One revision of an agreement with what gives its words their meaning.

    `name` is what a person calls it: a git revision or a folder. `bindings` are by connector; `holidays` are the texts
    of its files of holidays by name; `digest` is the digest of its meaning.
    """

    name: str
    agreement: Agreement
    bindings: Mapping[str, BindingDocument]
    holidays: Mapping[str, str]
    digest: str


@dataclass(frozen=True, slots=True)
class Edit:
    """One place whose value differs, in the form that `plain_of` gives to a revision.

    The first step of `path` is `agreement`, `bindings` (then the connector) or `holidays`. A renamed word stands under
    its new name on both sides, so that a rename alone is no edit but a `Renaming`.
    """

    path: KeyPath
    before: Plain | Absent
    after: Plain | Absent


@dataclass(frozen=True, slots=True)
class Renaming:
    """A word that has another name now: `kind` is stages, reasons or fields."""

    kind: str
    old: str
    new: str


class Effect(StrEnum):
    """What an amendment does to what one party must do."""

    TIGHTENS = "tightens"
    """It asks more of this party."""
    LOOSENS = "loosens"
    """It asks less of this party."""
    NEUTRAL = "neutral"
    UNMEASURABLE = "unmeasurable"
    """It may do either; no comparison of the two texts can tell."""


class Matter(StrEnum):
    """What sort of change it is: the rows of the matrix of consent."""

    STRICTER_ENTRY = "stricter entry"
    """It is harder to become what is handed over: a raised threshold, more needs, a narrower condition."""
    LOOSER_ENTRY = "looser entry"
    """It is easier: a lowered threshold, more points, another way to qualify."""
    UNCLEAR_ENTRY = "other entry"
    """Others become what is handed over; whether more or fewer cannot be told."""
    TIGHTER_PROMISE = "tighter promise"
    """A party promises more or sooner."""
    LOOSER_PROMISE = "looser promise"
    """A party promises less or later, or fewer hear that it was broken."""
    UNCLEAR_PROMISE = "other promise"
    """A promise is another one; whether more or less cannot be told."""
    PLAN_GAP = "plan gap"
    """Marketing delivers less or later, so that the plan has a gap to be covered."""
    GOAL = "goal"
    """What both work for, or the plan behind it."""
    FEEDBACK = "feedback"
    """Reasons, and who reads them."""
    ROUTING = "routing"
    """Who among those who answer gets a lead; nobody's promise changes."""
    MEASUREMENT = "measurement"
    """How things are counted: touches, exclusions, calendars, stages and sources of a binding. It moves every number."""
    GOVERNANCE = "governance"
    """Who decides, who meets, when changes take force."""
    TECHNICAL = "technical"
    """Wording that changes no condition, and what only revenue operations keeps."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table of a change: what it is about, what is agreed now, what is proposed."""

    what: str
    now: str
    proposed: str


@dataclass(frozen=True)
class Amendment:
    """One change of meaning in a sentence, and all edits that make it.

    `subject` is a few words in the agreement's own terms («hot leads»), `sentence` one whole sentence with both values.
    `effects` says for each party what the change does to its duty; parties that it does not name are not touched.
    `bound` are the parties whose duty it is, `owed` those to whom it is owed, `readers` the roles that read what changes.
    """

    matter: Matter
    place: KeyPath
    """Where in the new agreement (in the old one where it is gone): no first step `agreement`, unlike an edit's path."""
    subject: str
    sentence: str
    effects: Mapping[str, Effect]
    edits: tuple[Edit, ...]
    rows: tuple[Row, ...] = ()
    bound: frozenset[str] = frozenset()
    owed: frozenset[str] = frozenset()
    readers: frozenset[str] = frozenset()
    renaming: Renaming | None = None
    binding: str | None = None
    """The connector in whose binding it stands; None where it stands in the agreement."""


@dataclass(frozen=True)
class Difference:
    """Everything in which two revisions differ. Every edit belongs to exactly one amendment."""

    before: Revision
    after: Revision
    amendments: tuple[Amendment, ...]
    renamings: tuple[Renaming, ...] = field(default=())

    @property
    def same(self) -> bool:
        """Whether both mean the same."""
        return not self.amendments

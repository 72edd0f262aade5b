"""What an expression means, as a tree of values; translators match on these classes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from sla_sync.agreement.durations import Duration


class Comparison(StrEnum):
    """How a field is held against a number."""

    EQUAL = "="
    NOT_EQUAL = "!="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    LESS = "<"
    LESS_OR_EQUAL = "<="


class TextTest(StrEnum):
    """How a field is held against a piece of text."""

    CONTAINS = "contains"
    STARTS_WITH = "starts with"
    ENDS_WITH = "ends with"


@dataclass(frozen=True, slots=True)
class Is:
    """`source is demo_request or contact_sales`; negated: `country is not DE`."""

    field: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Compare:
    """`employees >= 200`."""

    field: str
    comparison: Comparison
    number: float


@dataclass(frozen=True, slots=True)
class Known:
    """`account_owner is known`; negated: `is unknown`."""

    field: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """`email ends with @acme.example`."""

    field: str
    test: TextTest
    text: str


@dataclass(frozen=True, slots=True)
class InGroup:
    """`country is in tier_1`; negated: `is not in`."""

    field: str
    group: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class ScoreReaches:
    """`score reaches threshold`, or `person score reaches threshold`."""

    model: str | None = None


@dataclass(frozen=True, slots=True)
class Did:
    """`did visit pricing_page 2 times in last 7 days`: at least `times`, within the last `within`."""

    verb: str
    object: str
    times: int = 1
    within: Duration | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class AtLeast:
    """`at least 2 of scheduler_fit`: so many predicates of a group hold."""

    count: int
    group: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite of one term."""

    term: Expression


@dataclass(frozen=True, slots=True)
class All:
    """Every term holds; two or more terms."""

    terms: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Any:
    """At least one term holds; two or more terms."""

    terms: tuple[Expression, ...]


Expression: TypeAlias = Is | Compare | Known | Text | InGroup | ScoreReaches | Did | AtLeast | Not | All | Any

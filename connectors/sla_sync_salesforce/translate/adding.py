"""How a flow adds a length of time to an instant: by the rows of a calendar, or by the clock on the wall.

Minutes: S = first row that closes after the start; T = S.Minutes_Before + open minutes of S before the start + minutes;
E = first row, from S on, with Minutes_Through >= T; the sum lies T - E.Minutes_Before after E opens. Days: the clock time
of the start (of the next opening, outside hours) on the row so many day numbers later, within that row; one that falls on
the opening is the closing before. All is rounded to whole seconds, which is what an instant holds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sla_sync.connector import KeyPath
from sla_sync_salesforce.translate.clocks import Kind
from sla_sync_salesforce.translate.elements import Part, formula, found, lookup, node_name, ref

ROW_FIELDS = ("Day_Number__c", "Midnight_At__c", "Opens_At__c", "Closes_At__c", "Previous_Closes_At__c")
MINUTE_FIELDS = ("Minutes_Before__c", "Minutes_Through__c")


@dataclass(frozen=True, slots=True)
class Adding:
    """One sum: what it is called, the instant that it starts from, how long, and by which rows.

    `base` is a reference to an instant, `amount` an expression of formulas (minutes, or days), `row` the look-up of the
    first row that closes after the base, `calendar` a reference or a text.
    """

    name: str
    base: str
    kind: Kind
    amount: str
    row: str
    day_type: str
    origin: KeyPath

    @property
    def entry(self) -> str | None:
        """The element with which it begins; None where it needs none."""
        return None if self.kind is Kind.WALL else node_name(self.name, "Row")

    @property
    def sum(self) -> str:
        """The formula that holds the sum, once the row was found."""
        return node_name(self.name, "Instant")

    def said(self, field: str) -> str:
        """Return how a formula reads a field of the row in which the sum lies."""
        return f"{{!{node_name(self.name, 'Row')}.{field}}}"

    def elapsed(self) -> str:
        """Return an expression for the open minutes from the base to the sum, for open days."""
        inside = f"ROUND(({{!{self.sum}}} - {self.said('Opens_At__c')}) * 86400, 0) / 60"
        inside = f"IF({{!{self.sum}}} > {self.said('Opens_At__c')}, {inside}, 0)"
        return f"{self.said('Minutes_Before__c')} + {inside} - ({minutes_at(self.base, self.row)})"


def first_row(name: str, day_type: str, calendar: dict[str, str] | str, after: str, to: str, origin: KeyPath) -> Part:
    """Return the look-up of the first row that closes after an instant."""
    return lookup(
        name,
        f"{day_type}__mdt",
        (("Calendar__c", "EqualTo", calendar), ("Closes_At__c", "GreaterThan", ref(after))),
        to=to,
        fields=(*ROW_FIELDS, *MINUTE_FIELDS),
        sort="Closes_At__c",
        origin=origin,
    )


def minutes_at(instant: str, row: str) -> str:
    """Return an expression for the open minutes of the calendar at an instant whose first row is known.

    Inferred: a formula's MAX takes numbers and no instants, so that the comparison is made on minutes.
    """
    since = f"ROUND(({{!{instant}}} - {{!{row}.Opens_At__c}}) * 86400, 0) / 60"
    return f"{{!{row}.Minutes_Before__c}} + MAX(0, {since})"


def parts_of(adding: Adding, calendar: dict[str, str] | str, *, yes: str, no: str) -> Iterator[Part]:
    """Yield what computes a sum; it goes on at `yes` where the sum is known and at `no` where no row is there for it."""
    if adding.kind is Kind.WALL:
        yield formula(
            adding.sum,
            "DateTime",
            f"{{!{adding.base}}} + ROUND(({adding.amount}) * 60, 0) / 86400",
            origin=adding.origin,
        )
        return
    target, row, is_found = (node_name(adding.name, word) for word in ("Target", "Row", "Is_Found"))
    same, operator, sort = _SEARCHES[adding.kind]
    yield formula(target, "Number", _TARGETS[adding.kind](adding), scale=4, origin=adding.origin)
    yield lookup(
        row,
        f"{adding.day_type}__mdt",
        # Rows that are ours no longer stay there, of days that have passed, and are numbered from another first day.
        (
            ("Calendar__c", "EqualTo", calendar),
            ("Closes_At__c", "GreaterThan", ref(adding.base)),
            (same, operator, ref(target)),
        ),
        to=is_found,
        fields=(*ROW_FIELDS, *MINUTE_FIELDS),
        sort=sort,
        origin=adding.origin,
    )
    yield found(is_found, row, yes=yes, no=no)
    yield from _SUMS[adding.kind](adding)


_SEARCHES = {
    Kind.OPEN: ("Minutes_Through__c", "GreaterThanOrEqualTo", "Minutes_Through__c"),
    Kind.DAYS: ("Day_Number__c", "EqualTo", "Closes_At__c"),
}
_TARGETS: dict[Kind, Callable[[Adding], str]] = {
    Kind.OPEN: lambda adding: f"{minutes_at(adding.base, adding.row)} + {adding.amount}",
    Kind.DAYS: lambda adding: f"{{!{adding.row}.Day_Number__c}} + {adding.amount}",
}


def _open(adding: Adding) -> Iterator[Part]:
    target = node_name(adding.name, "Target")
    since = f"ROUND(({{!{target}}} - {adding.said('Minutes_Before__c')}) * 60, 0) / 86400"
    yield formula(adding.sum, "DateTime", f"{adding.said('Opens_At__c')} + {since}", origin=adding.origin)


def _days(adding: Adding) -> Iterator[Part]:
    begin, clock = (node_name(adding.name, word) for word in ("Begin", "Clock"))
    opens = f"{{!{adding.row}.Opens_At__c}}"
    since = f"ROUND(({{!{begin}}} - {{!{adding.row}.Midnight_At__c}}) * 86400, 0) / 86400"
    yield formula(begin, "DateTime", f"IF({{!{adding.base}}} > {opens}, {{!{adding.base}}}, {opens})")
    yield formula(clock, "DateTime", f"{adding.said('Midnight_At__c')} + {since}")
    within = f"IF({{!{clock}}} < {adding.said('Closes_At__c')}, {{!{clock}}}, {adding.said('Closes_At__c')})"
    yield formula(
        adding.sum,
        "DateTime",
        f"IF({{!{clock}}} <= {adding.said('Opens_At__c')}, {adding.said('Previous_Closes_At__c')}, {within})",
        origin=adding.origin,
    )


_SUMS: dict[Kind, Callable[[Adding], Iterator[Part]]] = {Kind.OPEN: _open, Kind.DAYS: _days}

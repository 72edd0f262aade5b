"""What the parties have not decided yet, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.quantities import Undecided
from sla_sync.agreement.walk import leaves
from sla_sync.diagnostics import KeyPath
from sla_sync.explain.names import words

_NAMED: Mapping[str, str] = {
    "calendars": "calendar",
    "commitments": "promise",
    "goals": "goal",
    "groups": "group",
    "priorities": "priority",
    "queues": "queue",
    "reasons": "list of reasons",
    "reports": "report",
    "roles": "role",
    "scoring": "score",
    "segments": "segments by",
    "sources": "source",
    "stages": "stage",
    "teams": "team",
}
"""Sections whose entries have names of their own, and what one entry is called."""

_KEYS: Mapping[str, str] = {
    "accountable": "role that answers",
    "aim": "aim",
    "at_most": "bound",
    "by": "day",
    "capacity": "time of a member",
    "effort": "time for a lead",
    "first_match": "lines",
    "how": "way of taking turns",
    "max_age": "longest stay",
    "members": "number of members",
    "mql_to_close": "time from qualification to signature",
    "notice": "notice for changes",
    "on_time": "share on time",
    "revisit": "time to come back",
    "target": "number",
    "within": "limit",
}
"""Keys that people call by another word."""


def open_points(agreement: Agreement) -> Sequence[str]:
    """Return every value that is `undecided`, as a phrase: `the share on time of the promise “answer”`."""
    return tuple(_phrase(path) for path, value in leaves(agreement) if isinstance(value, Undecided))


def _phrase(path: KeyPath) -> str:
    section, *keys = [str(each) for each in path if isinstance(each, str)]
    if not keys:
        return f"the {words(section)}"
    whole = f"the {_NAMED[section]} “{words(keys[0])}”" if section in _NAMED else f"the {words(section)}"
    inner = keys[1:] if section in _NAMED else keys
    parts = [_KEYS.get(each, words(each)) for each in reversed(inner)]
    if section == "commitments" and inner and inner[-1] == "by":
        parts[0] = "role that answers"
    return " of ".join((*(f"the {each}" for each in parts), whole))

"""Which activities are touches by the definition of the binding, which came from the buyer, and of which kind they are."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sla_sync_salesforce.binding import SalesforceBinding, TouchTest
from sla_sync_salesforce.translate.elements import Asked
from sla_sync_salesforce.translate.presets import AUTOMATIC, PRESETS

TASK, EVENT, MAIL = "Task", "Event", "EmailMessage"
_DONE = ("Completed",)
_KINDS: Mapping[str, str] = {"call": "call", "email": "email", "listemail": "email", "meeting": "meeting"}


def counts(row: Mapping[str, str], kind: str, binding: SalesforceBinding) -> bool:
    """Return whether a task or an event passes any of the tests of the binding and no preset knows it as automatic."""
    if kind == TASK and any(_is(row, each) for each in _automatic(binding)):
        return False
    tests = [(name, test) for each in binding.touch.any for name, test in each.items()]
    return any(_passes(row, name, test, kind) for name, test in tests)


def _passes(row: Mapping[str, str], name: str, test: TouchTest, kind: str) -> bool:
    # Enhanced e-mail is filed under a task of its own, completed when it is sent.
    if name != kind and not (name == MAIL and kind == TASK and row.get("TaskSubtype") == "Email"):
        return False
    if any(_looks_like(row.get(field, ""), pattern) for field, pattern in test.unless.items()):
        return False
    status = () if kind == EVENT else test.status or _DONE
    if test.booked_by_buyer == "ignored" and row.get("CreatedById") != row.get("OwnerId"):
        return False
    return _among(row.get("Type", ""), test.type) and _among(row.get("Status", ""), status)


def _among(value: str, values: Sequence[str]) -> bool:
    return not values or value.casefold() in {each.casefold() for each in values}


def _looks_like(value: str, pattern: str) -> bool:
    parts = [re.escape(each) for each in pattern.split("*")]
    return re.fullmatch(".*".join(parts), value, re.IGNORECASE | re.DOTALL) is not None


def _automatic(binding: SalesforceBinding) -> list[Asked]:
    return [*AUTOMATIC, *(each for name in binding.touch.presets for each in PRESETS.get(name, ()))]


def _is(row: Mapping[str, str], asked: Asked) -> bool:
    path, operator, wanted = asked
    value, text = row.get(path.rpartition(".")[2], "").casefold(), str(wanted).casefold()
    return {"EqualTo": value == text, "Contains": text in value, "StartsWith": value.startswith(text)}[operator]


def kind_of(row: Mapping[str, str], kind: str) -> str:
    """Return call, email or meeting; for a task that is none of them its own type, empty where it has none."""
    given = row.get("Type", "").casefold()
    subtype = row.get("TaskSubtype", "").casefold()
    return _KINDS.get(given) or _KINDS.get(subtype) or ("meeting" if kind == EVENT else given)


def fields_tested(binding: SalesforceBinding, kind: str) -> tuple[str, ...]:
    """Return the fields that the tests of the binding read besides those that are read always."""
    return tuple(
        field for each in binding.touch.any for name, test in each.items() if name == kind for field in test.unless
    )

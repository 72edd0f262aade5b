"""What a retrieve answered: components, who changed them, what stands in the files of many, and what was not shown.

What cannot be read of it is one error that names the org.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from sla_sync.connector import Address, FaultError, Live, Unreadable, Value, Values
from sla_sync_salesforce.containers import parts_of
from sla_sync_salesforce.package import Component, unzipped
from sla_sync_salesforce.record_settings import HOLIDAY

# Inferred: the words in which a retrieve says that a component does not exist; any other message means unreadable.
_ABSENT = re.compile(r"cannot be found|does not exist|not found", re.IGNORECASE)

Properties = Mapping[tuple[str, str], Mapping[str, Value]]
"""What is told of a component beside its values, by its type and name."""


def retrieved(result: Mapping[str, Value], *, target: str) -> list[Component]:
    """Return the components of a result. Raises FaultError where its zip is none, or larger than an org sends."""
    try:
        return unzipped(base64.b64decode(str(result.get("zipFile", ""))))
    except ValueError as error:
        raise FaultError(
            f"What Salesforce ({target}) retrieved cannot be read: {error}", call="retrieve of the Metadata API"
        ) from None


def changes_of(result: Mapping[str, Value]) -> Properties:
    """Return who changed what was retrieved, and when."""
    found = result.get("fileProperties")
    return {
        (str(each["type"]), str(each["fullName"])): each
        for each in (found if isinstance(found, list) else ())
        if isinstance(each, Mapping)
    }


def parts_in(containers: Mapping[Address, Live], wanted: Collection[Address]) -> Iterator[Live]:
    """Yield what stands in the files of many; a file tells who changed it last, and not which part of it."""
    for container in containers.values():
        for address, values in parts_of(container.address, container.values):
            yield Live(
                address,
                values,
                changed_by=container.changed_by,
                changed_at=container.changed_at,
                inside=_hours_of(values, wanted) if address.type == HOLIDAY else None,
            )


def _hours_of(holiday: Values, wanted: Collection[Address]) -> Address | None:
    """Return the business hours of ours that a holiday closes, or None where it closes those of others too."""
    named = holiday.get("businessHours")
    hours = [Address("BusinessHours", str(each)) for each in (named if isinstance(named, list | tuple) else (named,))]
    return hours[0] if hours and all(each in wanted for each in hours) else None


def unreadable_in(result: Mapping[str, Value], wanted: Iterable[Address]) -> Iterator[Unreadable]:
    """Yield what the org would not show; a message that it does not exist says just that, and is no trouble."""
    messages = result.get("messages")
    for each in messages if isinstance(messages, list) else ():
        problem = str(each.get("problem", "")) if isinstance(each, Mapping) else ""
        if problem and not _ABSENT.search(problem):
            for address in wanted:
                if address.key in problem:
                    yield Unreadable(address, problem)

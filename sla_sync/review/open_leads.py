"""What a change means for leads that are under way: nothing is retroactive, and where a platform differs it is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sla_sync.agreement.binding import BindingDocument
from sla_sync.diagnostics import KeyPath
from sla_sync.review.amendments import Amendment, Difference, Matter

_DATED = frozenset({"within", "aim", "warn", "clock"})
_FOLLOWS = frozenset({"on_breach"})
_ENTRY = frozenset({Matter.STRICTER_ENTRY, Matter.LOOSER_ENTRY, Matter.UNCLEAR_ENTRY})
_HOURS = frozenset({"calendars", "holidays"})


def open_leads(difference: Difference) -> tuple[str, ...]:
    """Return what happens to leads that are under way, in sentences; none where nothing of it concerns them."""
    return tuple(_said(difference))


def _said(difference: Difference) -> Iterator[str]:
    places = [path for each in difference.amendments for path in _places(each)]
    yield from under_way(places, difference.after.bindings)
    if any(each.matter in _ENTRY for each in difference.amendments):
        yield "Leads that have qualified keep their stage."
    if any(map(_is_dated, places)) or any(each.matter is Matter.MEASUREMENT for each in difference.amendments):
        yield "Results of what is closed stay as they are."


def under_way(places: Iterable[KeyPath], bindings: Mapping[str, BindingDocument]) -> tuple[str, ...]:
    """Return what becomes of leads that are under way when places in the agreement change, in sentences.

    `bindings` are those, by connector, of the platforms that are asked about.
    """
    found = tuple(places)
    said: list[str] = []
    if any(map(_is_dated, found)):
        said.append("Open leads keep the dates that were stamped; new assignments take the new limits.")
        said += (
            f"On {connector} workflows wait by themselves, so that an open lead may get the new limits there."
            for connector, binding in bindings.items()
            if not binding.keeps_dates
        )
    if any(_is_of(path, _FOLLOWS) for path in found):
        said.append(
            "What follows a breach may change for open leads too; a step that is new comes with new assignments."
        )
    return tuple(said)


def _places(amendment: Amendment) -> Iterator[KeyPath]:
    """Yield the places in the agreement that an amendment changes; a file of holidays stands for its calendar."""
    for edit in amendment.edits:
        document, *inside = edit.path
        if document == "holidays":
            yield ("holidays",)
        elif document == "agreement":
            yield tuple(inside)


def _is_of(path: KeyPath, keys: frozenset[str]) -> bool:
    # A commitment that is new has no open leads of its own; one that changes is named by the key that does.
    return path[:1] == ("commitments",) and any(each in keys for each in path[2:3])


def _is_dated(path: KeyPath) -> bool:
    return _is_of(path, _DATED) or any(each in _HOURS for each in path[:1])

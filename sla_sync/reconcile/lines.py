"""The lines of an agreement: every named thing in it and every part that promises something, each once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sla_sync.diagnostics import KeyPath

_ANY = "*"


def _patterns(*texts: str) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(each.split(".")) for each in texts)


_GROUPS = _patterns(
    "metadata",
    "roles",
    "approval",
    "terms",
    "goals",
    "calendars",
    "calendars.*.events",
    "teams",
    "queues",
    "groups",
    "segments",
    "segments.*",
    "sources",
    "scoring",
    "scoring.*",
    "scoring.*.fit",
    "scoring.*.fit.add",
    "scoring.*.engagement",
    "scoring.*.engagement.add",
    "stages",
    "stages.*.tracks",
    "priorities",
    "commitments",
    "commitments.*.within",
    "commitments.*.aim",
    "commitments.*.target",
    "commitments.*.stretch",
    "commitments.*.on_breach",
    "reasons",
    "reasons.*",
    "feedback",
    "routing",
    "routing.first_match",
    "routing.when_owner_leaves",
    "handoff",
    "quality",
    "quality.needs",
    "quality.valid",
    "reviews",
    "reports",
    "moved",
    "moved.*",
    "accepted",
)
"""What only holds lines, and is none itself."""

_WHOLES = _patterns("calendars.*", "teams.*", "stages.*", "commitments.*", "reasons.*.*")
"""What is a line itself and has parts that are lines too."""

_NO_LINES = _patterns(
    "apiVersion",
    "kind",
    "calendars.*.means",
    "calendars.*.timezone",
    "calendars.*.open",
    "calendars.*.holidays",
    "teams.*.means",
    "teams.*.manager",
    "teams.*.calendar",
    "stages.*.means",
    "stages.*.accountable",
    "stages.*.start",
    "stages.*.end",
    "reasons.*.*.means",
    "commitments.*.by",
    "commitments.*.to",
    "commitments.*.promise",
    "commitments.*.means",
)
"""What says how a document is read, or belongs to the line above it."""


def lines_of(data: Mapping[str, object]) -> Iterator[KeyPath]:
    """Yield the place of every line of an agreement, as plain values, in the order in which it was written."""
    yield from _inside(data, ())


def whole_of(path: KeyPath) -> KeyPath | None:
    """Return the line of which another is a part: that of the stage for what the stage needs; None where it is none."""
    return next((path[:length] for length in range(len(path) - 1, 0, -1) if _is(path[:length], _WHOLES)), None)


def _inside(value: object, path: KeyPath) -> Iterator[KeyPath]:
    entries: Iterator[tuple[str | int, object]]
    if isinstance(value, Mapping):
        entries = iter(value.items())
    else:
        entries = enumerate(value) if isinstance(value, list | tuple) else iter(())
    for key, entry in entries:
        here = (*path, key)
        if _is(here, _NO_LINES):
            continue
        has_parts = isinstance(entry, Mapping | list)
        if not (has_parts and _is(here, _GROUPS)):
            yield here
        if has_parts and (_is(here, _GROUPS) or _is(here, _WHOLES)):
            yield from _inside(entry, here)


def _is(path: KeyPath, patterns: frozenset[tuple[str, ...]]) -> bool:
    return any(
        len(path) == len(each) and all(asked in {_ANY, step} for asked, step in zip(each, path, strict=True))
        for each in patterns
    )

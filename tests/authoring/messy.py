"""Documents as people leave them: any indentation, any quotation marks, comments anywhere."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

WORDS = st.sampled_from([
    "mql", "70%", "NO", "on", "10:00", "2026-10-01", "1_000", "null", "true", "1", "0x1F", "-3", "a b", "a: b", "a #b",
    "x, y", "[z]", "don't", 'say "so"', "*star", "- dash", "", " ", "é", "score reaches threshold", "09:00-17:00", "~",
])  # fmt: skip
NAMES = st.sampled_from(["a", "mql", "first-response", "inside hours", "mon-fri", "1", "NO", "metadata", "from"])
SECTIONS = st.sampled_from(["apiVersion", "kind", "metadata", "roles", "terms", "stages", "commitments", "own", "x"])
COMMENTS = st.sampled_from(["# why", "#", "# a: b", "#- x", "# é 'quoted'"])
SCALARS = st.one_of(WORDS, st.integers(-9, 99), st.booleans(), st.none(), st.just(1.5))
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=10,
)
DATA = st.dictionaries(SECTIONS, VALUES, min_size=1, max_size=5)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Return a readable text with every liberty that YAML allows."""
    data = draw(DATA)
    lines: list[str] = []
    for key, value in data.items():
        _noise(draw, lines, 0)
        _entry(draw, lines, f"{key}:", value, 0, parent_is_list=False)
    _noise(draw, lines, 0)
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines) + draw(st.sampled_from(["", "\n", "\n\n\n"]))


def _noise(draw: st.DrawFn, lines: list[str], column: int) -> None:
    idle = ["", "", "  ", " " * column + draw(COMMENTS), draw(COMMENTS)]
    lines += draw(st.lists(st.sampled_from(idle), max_size=2))


def _behind(draw: st.DrawFn) -> str:
    return draw(st.sampled_from(["", "", "", "   ", "  # behind"]))


def _entry(draw: st.DrawFn, lines: list[str], begin: str, value: Any, column: int, *, parent_is_list: bool) -> None:
    """Write one entry; `begin` is its key with the colon, or its dash."""
    head = " " * column + begin
    if not isinstance(value, (dict, list)) or not value or draw(st.booleans()):
        _on_one_line(draw, lines, head, value, column)
        return
    deeper = column + draw(st.integers(1, 5))
    if isinstance(value, list) and not parent_is_list and draw(st.booleans()):
        deeper = column
    lines.append(head + _behind(draw))
    for key, each in value.items() if isinstance(value, dict) else [("-", each) for each in value]:
        _noise(draw, lines, deeper)
        name = "-" if isinstance(value, list) else f"{_spelled(draw, key, key=True)}:"
        _entry(draw, lines, name, each, deeper, parent_is_list=isinstance(value, list))


def _on_one_line(draw: st.DrawFn, lines: list[str], head: str, value: Any, column: int) -> None:
    gap = draw(st.sampled_from([" ", "   "]))
    if isinstance(value, str) and "\n" not in value and value.strip() == value and value and draw(st.booleans()):
        inside = " " * (column + draw(st.integers(1, 4)))
        lines.extend([f"{head}{gap}{draw(st.sampled_from(['|-', '>-']))}", inside + value])
        return
    lines.append(head + gap + _flow(draw, value) + _behind(draw))


def _flow(draw: st.DrawFn, value: Any) -> str:
    comma = draw(st.sampled_from([", ", ",", " ,  "]))
    if isinstance(value, dict):
        inside = comma.join(f"{_spelled(draw, key, key=True)}: {_flow(draw, each)}" for key, each in value.items())
        return draw(st.sampled_from(["{%s}", "{ %s }"])) % inside
    if isinstance(value, list):
        return draw(st.sampled_from(["[%s]", "[ %s ]"])) % comma.join(_flow(draw, each) for each in value)
    return _spelled(draw, value, key=False)


def _spelled(draw: st.DrawFn, value: Any, *, key: bool) -> str:
    if not isinstance(value, str):
        return json.dumps(value)
    plain = bool(value) and value.replace(" ", "").replace("-", "").isalnum() and value.strip(" -") == value
    quoted = ["'" + value.replace("'", "''") + "'", json.dumps(value, ensure_ascii=False)]
    return draw(st.sampled_from([*quoted, value] if plain or key else quoted))

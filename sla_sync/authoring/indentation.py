"""Two spaces for each level: keys below their key, the dashes of a list below its key, entries behind the dash."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from yaml.tokens import BlockEntryToken, BlockSequenceStartToken, KeyToken, ScalarToken

from sla_sync.authoring.tokens import BlockEndToken, BlockStart, Closing, Opening, Placed, placed

STEP = 2
_DASHES = re.compile(r"(?:-[ \t]+)+")
_EXPLICIT = re.compile(r"[|>][-+]?[0-9]")


@dataclass(frozen=True, slots=True)
class _Level:
    """A mapping or list on lines of its own: the column where it stands, and where it should.

    A list is indentless whose dashes stand right below its key; the parser does not tell where such a list ends.
    """

    old: int
    new: int
    is_list: bool = False
    indentless: bool = False


@dataclass(slots=True)
class _Walk:
    """How far the walk over the tokens has come, and what is known by line.

    `wanted` is the column of a line that begins with a key, a dash or a value, `levels_at` what was open there; `moved`
    is by how much a line moves that only continues. `above` and `below` are, for each line, the nearest that begins so.
    """

    lines: Sequence[str]
    levels: list[_Level] = field(default_factory=list)
    depth: int = 0
    opened: int = 0
    wanted: dict[int, int] = field(default_factory=dict)
    levels_at: dict[int, tuple[_Level, ...]] = field(default_factory=dict)
    moved: dict[int, int] = field(default_factory=dict)
    above: list[int | None] = field(default_factory=list)
    below: list[int | None] = field(default_factory=list)


def with_even_indentation(text: str) -> str:
    """Return the text with every block where its level says; comments move with what they stand beside."""
    walk = _Walk(text.split("\n"))
    for each in placed(text):
        _step(walk, each)
    _note_neighbours(walk)
    return "\n".join(_line(walk, number, line) for number, line in enumerate(walk.lines))


def _step(walk: _Walk, each: Placed) -> None:
    token = each.token
    if isinstance(token, BlockStart):
        is_list = isinstance(token, BlockSequenceStartToken)
        walk.levels.append(_Level(each.column, _inside(walk), is_list))
    elif isinstance(token, BlockEndToken):
        _end_indentless(walk)
        walk.levels.pop()
    elif walk.depth == 0 and isinstance(token, BlockEntryToken):
        if not walk.levels[-1].is_list:
            walk.levels.append(_Level(each.column, _inside(walk), is_list=True, indentless=True))
        _begin(walk, each, walk.levels[-1].new)
    elif walk.depth == 0 and isinstance(token, KeyToken):
        _end_indentless(walk)
        _begin(walk, each, walk.levels[-1].new)
    elif each.wide:
        _content(walk, each)


def _inside(walk: _Walk) -> int:
    """Return the column of what stands one level deeper than where the walk is."""
    return walk.levels[-1].new + STEP if walk.levels else 0


def _end_indentless(walk: _Walk) -> None:
    if walk.levels and walk.levels[-1].indentless:
        walk.levels.pop()


def _begin(walk: _Walk, each: Placed, column: int) -> None:
    """Note the column of a line that begins with this token; of any other token nothing follows for its line."""
    if each.line not in walk.wanted and not walk.lines[each.line][: each.column].strip():
        walk.wanted[each.line] = column
        walk.levels_at[each.line] = tuple(walk.levels)


def _content(walk: _Walk, each: Placed) -> None:
    token = each.token
    if walk.depth == 0 and walk.levels:
        _begin(walk, each, _inside(walk))
    if isinstance(token, Opening):
        walk.opened = each.line if walk.depth == 0 else walk.opened
        walk.depth += 1
    elif isinstance(token, Closing):
        walk.depth -= 1
        if walk.depth == 0:
            _move(walk, range(walk.opened + 1, each.line + 1), _change(walk, walk.opened), at_least=0)
    elif walk.depth == 0 and isinstance(token, ScalarToken) and each.last_line > each.line:
        further = range(each.line + 1, each.last_line + 1)
        if token.style in {"|", ">"}:
            _move(walk, further, _block_change(walk, each, further), at_least=0)
        else:
            _move(walk, further, _change(walk, each.line), at_least=_inside(walk) - 1)


def _block_change(walk: _Walk, each: Placed, further: range) -> int:
    """Return by how much the lines below `|` or `>` move."""
    level = walk.levels[-1]
    if _EXPLICIT.match(walk.lines[each.line], each.column):
        return level.new - level.old
    first = next((number for number in further if walk.lines[number].strip()), None)
    return 0 if first is None else _inside(walk) - _column(walk.lines[first])


def _change(walk: _Walk, number: int) -> int:
    return walk.wanted[number] - _column(walk.lines[number]) if number in walk.wanted else walk.moved.get(number, 0)


def _move(walk: _Walk, numbers: range, change: int, *, at_least: int) -> None:
    for number in numbers:
        old = _column(walk.lines[number])
        walk.moved[number] = max(old + change, at_least) - old


def _column(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _line(walk: _Walk, number: int, line: str) -> str:
    if number in walk.wanted:
        rest = _DASHES.sub(lambda dashes: "- " * dashes[0].count("-"), line.lstrip(" "), count=1)
        return " " * walk.wanted[number] + (rest if _DASHES.match(line.lstrip(" ")) else line.lstrip(" "))
    if not line.strip(" "):
        return line[: len(line) + walk.moved.get(number, 0)] if walk.moved.get(number, 0) < 0 else line
    if number in walk.moved:
        return " " * (_column(line) + walk.moved[number]) + line.lstrip(" ")
    if line.lstrip(" ").startswith("#"):
        return " " * _comment_column(walk, number) + line.lstrip(" ")
    return line


def _note_neighbours(walk: _Walk) -> None:
    numbers = range(len(walk.lines))
    for order, found in ((numbers, walk.above), (reversed(numbers), walk.below)):
        nearest: int | None = None
        for number in order:
            found.append(nearest)
            nearest = number if number in walk.wanted else nearest
    walk.below.reverse()


def _comment_column(walk: _Walk, number: int) -> int:
    """Return where a comment belongs: with the line below it, or with the level at whose column it stands."""
    column = _column(walk.lines[number])
    below, above = walk.below[number], walk.above[number]
    if below is not None and _column(walk.lines[below]) == column:
        return walk.wanted[below]
    levels = walk.levels_at[above] if above is not None else ()
    beside = next((each for each in reversed(levels) if each.old <= column), None)
    return column if beside is None else beside.new + column - beside.old

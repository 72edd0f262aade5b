"""An edit in the text of a document: what it does not concern stays as it stands, comments and layout included."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

from yaml.tokens import BlockEntryToken, FlowEntryToken, ScalarToken, ValueToken

from sla_sync.adopting.edits import CannotEditError, How, Plain, edited_data, value_of
from sla_sync.adopting.edits import Edit as Change
from sla_sync.adopting.spelling import spelled
from sla_sync.agreement.compose import compose
from sla_sync.agreement.nodes import Entry, Node, known_entries
from sla_sync.authoring.tokens import Closing, Edit, Opening, Placed, comments, edited, placed, seen


class _Text(NamedTuple):
    """A text with its tree and its tokens."""

    text: str
    root: Node
    tokens: Sequence[Placed]


def edited_text(text: str, change: Change) -> str:
    """Return the text of one file after an edit. Raises CannotEditError where it cannot be made without harm.

    What the new text says is compared with what it should say; no comment may be lost but those of what is dropped.
    """
    composed = compose(text, "")
    if composed.root is None:
        raise CannotEditError
    old = _Text(text, composed.root, seen(placed(text)))
    new = edited(text, _with_comment_in_place(text, _edit(old, change)))
    again = compose(new, "")
    wanted = edited_data(composed.root.value, change)  # type: ignore[arg-type]
    if again.root is None or again.findings or again.root.value != wanted:
        raise CannotEditError
    if change.how is not How.DROP and comments(new) != comments(text):
        raise CannotEditError
    return new


def _edit(old: _Text, change: Change) -> Edit:
    entry = _entry(old, change.path)
    if change.how is How.ADD:
        if entry is not None:
            return _add(old, entry.node, change.value, key=None)
        parent = _entry(old, change.path[:-1])
        node = parent.node if parent else old.root if len(change.path) == 1 else None
        if node is None:
            raise CannotEditError
        return _add(old, node, change.value, key=str(change.path[-1]))
    if entry is None:
        raise CannotEditError
    if change.how is How.PUT:
        inside = _depth(old, entry.node.offset) > 0
        return Edit(entry.node.offset, _end(old, entry.node), spelled(change.value, inside=inside))
    return _drop(old, change)


def _entry(old: _Text, path: Sequence[str | int]) -> Entry | None:
    found = known_entries(old.root, tuple(path))
    if not path or len(found) < len(path):
        return None
    # An alias stands for what another place says; to change that place is not what is asked.
    if found[-1].place != found[-1].node.place:
        raise CannotEditError
    return found[-1]


def _number(old: _Text, offset: int) -> int:
    """Return the number of the first token at or behind an offset."""
    return bisect_left([each.start for each in old.tokens], offset)


def _depth(old: _Text, offset: int) -> int:
    before = old.tokens[: _number(old, offset)]
    return sum(isinstance(each.token, Opening) - isinstance(each.token, Closing) for each in before)


def _end(old: _Text, node: Node) -> int:
    """Return where a value ends."""
    number = _number(old, node.offset)
    if number == len(old.tokens) or old.tokens[number].start != node.offset:
        raise CannotEditError
    first = old.tokens[number]
    if isinstance(first.token, Opening):
        depth = 0
        for each in old.tokens[number:]:
            depth += isinstance(each.token, Opening) - isinstance(each.token, Closing)
            if depth == 0:
                return each.end
    if node.entries:
        return max(_end(old, each.node) for each in node.entries.values())
    if not isinstance(first.token, ScalarToken):
        raise CannotEditError
    return first.end


def _add(old: _Text, node: Node, value: Plain, *, key: str | None) -> Edit:
    end = _end(old, node)
    in_brackets = old.text[node.offset] in "{["
    said = spelled(value, inside=in_brackets)
    if key is not None:
        said = f"{spelled(key)}: {said}"
    if in_brackets:
        return Edit(end - 1, end - 1, f", {said}" if node.entries else said)
    if not node.entries or (key is None) is not all(isinstance(each, int) for each in node.entries):
        raise CannotEditError
    if key is None:
        dash = old.tokens[_number(old, node.offset)]
        if not isinstance(dash.token, BlockEntryToken):
            raise CannotEditError
        said, column = f"- {said}", dash.column
    else:
        column = next(iter(node.entries.values())).key.column - 1
    at = _end_of_line(old.text, end)
    return Edit(at, at, f"\n{' ' * column}{said}")


def _drop(old: _Text, change: Change) -> Edit:
    holder = _entry(old, change.path[:-1])
    parent = holder.node if holder else old.root
    entry = parent.entries[change.path[-1]]
    if len(parent.entries) == 1:
        return _emptied(old, parent)
    if old.text[parent.offset] in "{[":
        return _drop_inside(old, entry, parent)
    end = _end_of_line(old.text, _end(old, entry.node))
    start = old.text.rfind("\n", 0, _offset(old, entry)) + 1
    before = old.text[start : _offset(old, entry)]
    if before.strip() not in {"", "-"} or (before.strip() == "-") is not isinstance(change.path[-1], int):
        raise CannotEditError
    return Edit(start, min(end + 1, len(old.text)), "")


def _emptied(old: _Text, parent: Node) -> Edit:
    empty = "[]" if all(isinstance(each, int) for each in parent.entries) else "{}"
    if old.text[parent.offset] in "{[":
        return Edit(parent.offset, _end(old, parent), empty)
    number = _number(old, parent.offset)
    colons = [each for each in old.tokens[:number] if isinstance(each.token, ValueToken)]
    if not colons:
        raise CannotEditError
    return Edit(colons[-1].end, _end(old, parent), f" {empty}")


def _drop_inside(old: _Text, entry: Entry, parent: Node) -> Edit:
    start, end = _offset(old, entry), _end(old, entry.node)
    commas = [each for each in old.tokens if isinstance(each.token, FlowEntryToken)]
    close = _end(old, parent)
    after = next((each for each in commas if end <= each.start < close), None)
    if after is not None and entry is not list(parent.entries.values())[-1]:
        following = old.tokens[_number(old, after.end)]
        return Edit(start, following.start, "")
    before = [each for each in commas if each.end <= start]
    return Edit(before[-1].start, end, "")


def _offset(old: _Text, entry: Entry) -> int:
    """Return where an entry begins: its key, in a list its value."""
    lines = 0
    offset = 0
    while lines < entry.key.line - 1:
        offset = old.text.index("\n", offset) + 1
        lines += 1
    return offset + entry.key.column - 1


def _end_of_line(text: str, offset: int) -> int:
    found = text.find("\n", offset)
    return len(text) if found < 0 else found


def _with_comment_in_place(text: str, edit: Edit) -> tuple[Edit, ...]:
    """Return the edit, and one that keeps the comment behind it in its column as far as there is room."""
    end = _end_of_line(text, edit.end)
    if "\n" in text[edit.start : edit.end] or "\n" in edit.text or not edit.text:
        return (edit,)
    rest = text[edit.end : end]
    hash_at = rest.find(" #")
    if hash_at < 0:
        return (edit,)
    gap = rest[: hash_at + 1]
    blanks = len(gap) - len(gap.rstrip(" "))
    grown = len(edit.text) - (edit.end - edit.start)
    start = edit.end + len(gap) - blanks
    return (edit, Edit(start, start + blanks, " " * max(1, blanks - grown)))


def says(text: str, path: Sequence[str | int]) -> Plain:
    """Return what a text says at a path."""
    composed = compose(text, "")
    return value_of(composed.root.value, tuple(path)) if composed.root else None

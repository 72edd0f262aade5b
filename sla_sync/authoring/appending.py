"""One more entry in a list of a YAML file; everything else of it stays as it was written, comments and layout too."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sla_sync.agreement.source import read_text_source
from sla_sync.authoring.quotes import in_flow
from sla_sync.authoring.tokens import placed, seen
from sla_sync.errors import SlaSyncError

Entry = Mapping[str, str | Sequence[str]]
"""The keys of an entry; each value is a text or a list of texts."""

_NULL = "tag:yaml.org,2002:null"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
"""What people write without quotation marks in these files; our own reader takes it for a text."""


def appended(text: str, key: str, entry: Entry, *, file: str) -> str:
    """Return the text of a file with an entry at the end of the list that stands under a key of its top level.

    Raises SlaSyncError where the file is laid out in a way that no entry can be added to without rewriting it.
    """
    ends = "\r\n" if "\r\n" in text else "\n"
    new = _inserted(text.replace("\r\n", "\n"), key, _spelled(entry))
    if new is None or _data(new) != _with(_data(text), key, entry):
        raise SlaSyncError(
            f"No entry can be added to `{key}` of {file} without rewriting the file.",
            hint=f"Write `{key}:` on a line of its own with an entry on each line below it, then try again.",
        )
    return new.replace("\n", ends)


def _spelled(entry: Entry) -> str:
    return "{" + ", ".join(f"{key}: {_value(each)}" for key, each in entry.items()) + "}"


def _value(said: str | Sequence[str]) -> str:
    if isinstance(said, str):
        return said if _DAY.fullmatch(said) else in_flow(said)
    return f"[{', '.join(map(in_flow, said))}]"


def _inserted(text: str, key: str, entry: str) -> str | None:
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return None
    if not isinstance(root, MappingNode) or root.flow_style:
        return None
    found = next((value for name, value in root.value if name.value == key), None)
    if found is None:
        whole = text if text.endswith("\n") else f"{text}\n"
        return f"{whole}{key}:\n  - {entry}\n"
    if isinstance(found, SequenceNode):
        return _in_flow_list(text, found, entry) if found.flow_style else _in_block_list(text, found, entry)
    if isinstance(found, ScalarNode) and found.tag == _NULL:
        return _after_line(text, found.start_mark.index, f"  - {entry}")
    return None


def _in_flow_list(text: str, node: SequenceNode, entry: str) -> str:
    if node.value:
        at = node.value[-1].end_mark.index
        return f"{text[:at]}, {entry}{text[at:]}"
    at = node.start_mark.index + 1
    return f"{text[:at]}{entry}{text[at:]}"


def _in_block_list(text: str, node: SequenceNode, entry: str) -> str:
    # A block ends for the parser where the next token begins; for people after the last thing written in it.
    end = node.end_mark.index
    last = max((each.end for each in seen(placed(text)) if each.start < end and each.end <= end), default=end)
    return _after_line(text, max(last - 1, 0), f"{' ' * _column(node)}- {entry}")


def _column(node: Node) -> int:
    return int(node.start_mark.column)


def _after_line(text: str, at: int, line: str) -> str:
    end = text.find("\n", at)
    return f"{text}\n{line}\n" if end < 0 else f"{text[: end + 1]}{line}\n{text[end + 1 :]}"


def _data(text: str) -> Mapping[str, object] | None:
    return read_text_source(text).data


def _with(data: Mapping[str, object] | None, key: str, entry: Entry) -> Mapping[str, object] | None:
    if data is None:
        return None
    before = data.get(key) or []
    said = {name: value if isinstance(value, str) else list(value) for name, value in entry.items()}
    return {**data, key: [*before, said]} if isinstance(before, list) else None

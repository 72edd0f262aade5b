"""Answers made wrong by a seed: one place of a JSON or XML tree, of a sheet, of a zip or of the bytes says something else."""

from __future__ import annotations

import base64
import binascii
import io
import json
import zipfile
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from random import Random
from typing import Any

from lxml import etree

DEEP: Any = None
for _ in range(300):
    DEEP = [DEEP]

ODD: Sequence[Any] = (
    None, True, False, 0, -1, 1.5, 1e308, float("nan"), 10**400, "", " ", "x", "null", "0", "-1", "1e999", "\ud800", "\x00",
    "\x1b[2J", "\u202ex", "é" * 70_000, "../../x", "¹", "{", "2026-02-30", "0000-00-00T00:00:00Z", "9999-12-31T23:59:59.999Z",
    "0001-01-01T00:00:00+14:00", "2026-10-01T00:00:00", [], [[]], [None], {}, {"": None}, {"a": {}}, [{}], DEEP,
)  # fmt: skip
"""What a member may say instead of what it says."""
MORE: Sequence[Mapping[str, Any]] = (
    {"id": None}, {"name": {}}, {"results": None}, {"records": "x"}, {"paging": []}, {"x": "x"}, {"type": "x"},
    {"paging": {"next": {"after": "7"}}}, {"hasMore": True, "offset": 0}, {"hasMore": True, "offset": 100},
    {"done": False, "nextRecordsUrl": "/services/data/v63.0/query/01g-2000"}, {"done": False},
)  # fmt: skip
"""What an object may say besides; further pages that never end are among it."""
WORDS = tuple(
    str(each) for each in ODD if isinstance(each, str | int | float) and each not in {"\ud800", "\x00", "\x1b[2J"}
)
"""The same where XML can hold it."""


def spoilt(content: bytes, kind: str, chance: Random) -> bytes:
    """Return an answer of a content type of which one place is wrong; the same seed makes the same place wrong."""
    if chance.random() < 0.1:
        return _bytes(content, chance)
    for part, spoil in _SPOIL.items():
        if part in kind:
            try:
                return spoil(content, chance)
            except (ValueError, etree.LxmlError):
                break
    return _bytes(content, chance)


def _bytes(content: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    match chance.randrange(5):
        case 0:
            return content[:at]
        case 1:
            return b""
        case 2:
            return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]
        case 3:
            return content[:at] + content[chance.randrange(len(content) + 1) :]
        case _:
            return b"<html><body>Service temporarily unavailable</body></html>"


def _json(content: bytes, chance: Random) -> bytes:
    tree = {"": json.loads(content)}
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        if tree:
            _change(chance, tree)
    return json.dumps(tree.get("")).encode()


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Return everything inside a value as (what holds it, the key under which it does)."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    return [place for key in keys for place in ((value, key), *_places(value[key]))]


def _change(chance: Random, tree: Any) -> None:
    holder, key = chance.choice(_places(tree))
    value = holder.get(key) if isinstance(holder, dict) else holder[key]
    match chance.randrange(7):
        case 0:
            del holder[key]
        case 1 | 2:
            holder[key] = deepcopy(chance.choice(ODD))
        case 3:
            holder[key] = [value] if chance.random() < 0.5 else {"value": value}
        case 4 if isinstance(value, list) and value:
            value.append(deepcopy(chance.choice(value)))
        case 5 if isinstance(value, dict):
            value.update(deepcopy(chance.choice(MORE)))
        case 6 if not isinstance(value, dict | list):
            holder[key] = str(value) if not isinstance(value, str) else [*value[:9]]
        case _:
            holder[key] = type(value)() if value is not None else 0


def _xml(content: bytes, chance: Random) -> bytes:
    root = etree.fromstring(content)
    packed = next(iter(root.iter("{*}zipFile")), None)
    if packed is not None and packed.text and chance.random() < 0.7:
        packed.text = base64.b64encode(_zip(base64.b64decode(packed.text), chance)).decode()
        return etree.tostring(root)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        each = chance.choice(list(root.iter("*"))[1:] or [root])
        above = each.getparent()
        match chance.randrange(7):
            case 0 if above is not None:
                above.remove(each)
            case 1 | 2:
                each.text = chance.choice(WORDS)
            case 3 if above is not None:
                above.append(deepcopy(each))
            case 4:
                each.append(deepcopy(each))
            case 5:
                each.tag = chance.choice(("x", "fullName", "records", "done", "id"))
            case _:
                each.attrib.clear()
                each.set("{http://www.w3.org/2001/XMLSchema-instance}" + chance.choice(("nil", "type")), "true")
    return etree.tostring(root)


def _zip(content: bytes, chance: Random) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, binascii.Error):
        return _bytes(content, chance)
    if not files:
        return b""
    name = chance.choice(sorted(files))
    match chance.randrange(6):
        case 0:
            del files[name]
        case 1:
            files[name + chance.choice(("x", "/", "\\..\\x", "-meta.xml"))] = files.pop(name)
        case 2:
            return _bytes(content, chance)
        case _:
            files[name] = spoilt(files[name], "xml", chance)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for each, inside in files.items():
            archive.writestr(each, inside)
    return held.getvalue()


def _sheet(content: bytes, chance: Random) -> bytes:
    rows = [line.split(b",") for line in content.split(b"\n")]
    row = chance.choice(rows)
    at = chance.randrange(len(row))
    match chance.randrange(4):
        case 0:
            del row[at]
        case 1:
            row[at] = b'"' + chance.choice(WORDS).encode("utf-8", "replace")[:200_000].replace(b'"', b'""') + b'"'
        case 2:
            row.append(row[at])
        case _:
            row[at] = b'"'
    return b"\n".join(b",".join(each) for each in rows)


_SPOIL: Mapping[str, Callable[[bytes, Random], bytes]] = {"json": _json, "xml": _xml, "csv": _sheet}

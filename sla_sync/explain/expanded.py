"""The agreement as YAML with everything that it leaves out shown: `explain --expanded`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence

from pydantic import BaseModel

from sla_sync.agreement.document import Agreement

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9 _./%@+()<>=-]*")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_READ_OTHERWISE = re.compile(r"(?:true|false|null|~|[-+]?[0-9][0-9_.eE+-]*|0[xo][0-9a-fA-F]+)", re.IGNORECASE)
_STEP = "  "
_DEFAULT = "  # default"


def expanded(agreement: Agreement) -> str:
    """Return the agreement as YAML that means the same, every default marked, and as a comment what stands for nothing.

    Keys that are left out and for which nothing stands are comments that say what their absence means, the first time
    that a section of their kind is printed.
    """
    explained: set[tuple[str, str]] = set()
    return "\n".join(_section(agreement, agreement.model_dump(mode="json", by_alias=True), "", explained)) + "\n"


def _section(
    model: BaseModel, shown: Mapping[str, object], indent: str, explained: set[tuple[str, str]]
) -> Iterator[str]:
    """Yield the lines of a section; `shown` are its values as they may be written."""
    kind = type(model)
    for name, field in kind.model_fields.items():
        key = field.alias or name
        value, printed = getattr(model, name), shown[key]
        if printed is None or (
            not printed and isinstance(printed, str | list | dict) and name not in model.model_fields_set
        ):
            if (kind.__name__, key) not in explained:
                explained.add((kind.__name__, key))
                yield f"{indent}# {key}: left out. {field.description or ''}".rstrip()
            continue
        said = name in model.model_fields_set
        yield from _entry(key, value, printed, indent, "" if said else _DEFAULT, explained)


def _entry(
    key: str, value: object, printed: object, indent: str, mark: str, explained: set[tuple[str, str]]
) -> Iterator[str]:
    short = _flow(printed)
    if short is not None:
        yield f"{indent}{_scalar(key)}: {short}{mark}"
        return
    if isinstance(value, BaseModel) and isinstance(printed, Mapping):
        lines = list(_section(value, printed, indent + _STEP, explained))
        # A section of which everything is left out is still a mapping, and not an empty value.
        empty = "" if any(map(_says, lines)) else " {}"
        yield f"{indent}{_scalar(key)}:{empty}{mark}"
        yield from lines
        return
    yield f"{indent}{_scalar(key)}:{mark}"
    if isinstance(value, Mapping) and isinstance(printed, Mapping):
        for name, each in printed.items():
            yield from _entry(str(name), value[name], each, indent + _STEP, "", explained)
    elif isinstance(printed, Mapping):
        for name, each in printed.items():
            yield from _entry(str(name), each, each, indent + _STEP, "", explained)
    elif isinstance(printed, Sequence) and isinstance(value, Sequence):
        for each, said in zip(value, printed, strict=True):
            yield from _item(each, said, indent + _STEP, explained)


def _item(value: object, printed: object, indent: str, explained: set[tuple[str, str]]) -> Iterator[str]:
    short = _flow(printed)
    if short is not None:
        yield f"{indent}- {short}"
        return
    if isinstance(value, BaseModel) and isinstance(printed, Mapping):
        lines = list(_section(value, printed, indent + _STEP, explained))
    elif isinstance(value, Mapping) and isinstance(printed, Mapping):
        lines = [
            line
            for name, each in printed.items()
            for line in _entry(str(name), value[name], each, indent + _STEP, "", explained)
        ]
    else:
        lines = []
    first = next((index for index, line in enumerate(lines) if _says(line)), None)
    # The dash stands before the first key, so what is commented above it moves below.
    yield f"{indent}- {{}}" if first is None else f"{indent}- {lines.pop(first).lstrip()}"
    yield from lines


def _says(line: str) -> bool:
    """Return whether a line is more than a comment."""
    return not line.lstrip().startswith("#")


def _flow(printed: object) -> str | None:
    """Return a value on one line; None for what holds sections or lists of its own."""
    if isinstance(printed, Mapping):
        return None if printed else "{}"
    if isinstance(printed, list):
        plain = not any(isinstance(each, Mapping | list) for each in printed)
        return f"[{', '.join(_scalar(each) for each in printed)}]" if plain else None
    return _scalar(printed)


def _scalar(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    text = str(value)
    plain = _PLAIN.fullmatch(text) and text == text.strip() and not _READ_OTHERWISE.fullmatch(text)
    return text if plain or _DAY.fullmatch(text) else json.dumps(text, ensure_ascii=False)

"""The reference of the language: for each section a table of its keys, made from the models that read it."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.formats import FormatError
from sla_sync.agreement.quantities import Undecided
from sla_sync.agreement.sections.reading import Listed, Reads
from sla_sync.agreement.sections.words import MONTH_PATTERN, NAME_PATTERN, ReadsEvent
from sla_sync.agreement.targets import Targets

_AGREEMENT = "agreement"
_ROOTS: Mapping[str, type[BaseModel]] = {_AGREEMENT: Agreement, "binding": BindingDocument, "targets": Targets}
_HEAD = ("| key | holds | without it | means | for example |", "|---|---|---|---|---|")
_MARKED = re.compile(r"<!-- keys: (?P<path>\S+) -->\n.*?<!-- end of keys -->", re.DOTALL)
_QUOTED = re.compile(r"[{}\[\],]|: |:$| #|^[^A-Za-z0-9]")
_WORDS: Mapping[type, str] = {bool: "`true` or `false`", str: "text", int: "number", float: "number"}
_PATTERNS = {NAME_PATTERN: "name", MONTH_PATTERN: "month"}


def key_tables() -> Mapping[str, str]:
    """Return, for each place of a document that has keys of its own, a Markdown table of them.

    A place is spelled as in `commitments.*.on_breach[]`, where `*` stands for a name and `[]` for an entry of a list.
    Places of a binding and of the targets file begin with `binding` and `targets`. Where one of several forms may stand,
    the keys of all of them are in one table. A form that stands in several places is shown at the first.
    """
    rows: dict[str, list[str]] = {}
    seen: set[type[BaseModel]] = set()
    for root, model in _ROOTS.items():
        for path, each in _places(root, model, seen):
            rows.setdefault(path.removeprefix(f"{_AGREEMENT}."), []).extend(_rows(each))
    return {path: "\n".join([*_HEAD, *dict.fromkeys(each)]) for path, each in rows.items()}


def filled(page: str) -> str:
    """Return the page with every table in its place, between `<!-- keys: PLACE -->` and `<!-- end of keys -->`.

    Raises FormatError for a place that no document has.
    """
    tables = key_tables()

    def table(found: re.Match[str]) -> str:
        path = found["path"]
        if path not in tables:
            raise FormatError(f"`{path}` is no place with keys.", hint=f"Write one of {', '.join(tables)}.")
        return f"<!-- keys: {path} -->\n\n{tables[path]}\n\n<!-- end of keys -->"

    return _MARKED.sub(table, page)


def _places(path: str, model: type[BaseModel], seen: set[type[BaseModel]]) -> Iterator[tuple[str, type[BaseModel]]]:
    """Yield a model and those inside it, each once, at the place where it is met first."""
    if model in seen:
        return
    seen.add(model)
    yield path, model
    for name, field in model.model_fields.items():
        for place, each in _models_in(field.annotation, f"{path}.{field.alias or name}"):
            yield from _places(place, each, seen)


def _models_in(annotation: object, path: str) -> Iterator[tuple[str, type[BaseModel]]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield path, annotation
    origin = get_origin(annotation)
    inside = f"{path}.*" if origin is dict else f"{path}[]" if origin is tuple else path
    for each in get_args(annotation):
        yield from _models_in(each, inside)


def _rows(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        cells = (
            f"`{field.alias or name}`",
            _form(Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation),
            _default(field),
            field.description or "",
            _example(field),
        )
        yield f"| {' | '.join(each.replace('|', '&#124;') for each in cells)} |"


def _form(annotation: object) -> str:
    """Return what may be written for a field, in words."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _annotated(parts[0], parts[1:])
    if origin in {Union, UnionType}:
        said = [_form(each) for each in parts if each not in {NoneType, Undecided}]
        return " or ".join(dict.fromkeys(said))
    if origin is Literal:
        return " or ".join(f"`{each}`" for each in parts if each != str(Undecided.UNDECIDED))
    if origin is tuple:
        return f"list of {_form(parts[0])}"
    if origin in {dict, Mapping}:
        return f"{_form(parts[0])} → {_form(parts[1])}"
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return " or ".join(f"`{each.value}`" for each in annotation)
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return "keys"
    return next((words for kind, words in _WORDS.items() if kind is annotation), "value")


def _annotated(kind: object, said: tuple[object, ...]) -> str:
    for each in said:
        if isinstance(each, Reads):
            return re.sub(r"\ban? ", "", each.what)
        if isinstance(each, ReadsEvent):
            return "event"
        if isinstance(each, Listed):
            return f"{_form(get_args(kind)[0])} or list"
        if isinstance(each, FieldInfo):
            return _annotated(kind, tuple(each.metadata))
        pattern = getattr(each, "pattern", None)
        if pattern is not None:
            return _PATTERNS.get(pattern, "text")
    return _form(kind)


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value = field.get_default(call_default_factory=True)
    if isinstance(value, Enum):
        value = value.value
    shown = "" if value is None or value == () or isinstance(value, BaseModel | Mapping) else _flow(value)
    return f"`{shown}`" if shown not in {"", "''"} else ""


def _example(field: FieldInfo) -> str:
    given = field.examples or next((each.examples for each in _readings(field) if each.examples), None)
    return f"`{_flow(given[0])}`" if given else ""


def _readings(field: FieldInfo) -> Iterator[Reads]:
    waiting: list[object] = [*field.metadata, field.annotation]
    while waiting:
        each = waiting.pop(0)
        if isinstance(each, Reads):
            yield each
        waiting.extend(get_args(each))


def _flow(value: object) -> str:
    """Return a value as YAML writes it on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {_flow(each)}' for key, each in value.items())}}}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_flow(each) for each in value)}]"
    text = str(value)
    return f"'{text}'" if isinstance(value, str) and _QUOTED.search(text) else text


if __name__ == "__main__":
    for name in sys.argv[1:]:
        place = Path(name)
        place.write_text(filled(place.read_text(encoding="utf-8")), encoding="utf-8")

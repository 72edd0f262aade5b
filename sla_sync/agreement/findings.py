"""What is wrong with a document, in sentences: pydantic's errors become diagnostics with a path into the source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from sla_sync.agreement.lookalikes import letter_told_apart, told_apart
from sla_sync.agreement.sections.reading import UNREADABLE, printed
from sla_sync.agreement.sections.words import NAME_PATTERN
from sla_sync.diagnostics import Diagnostic, KeyPath, Severity, spell

if TYPE_CHECKING:
    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

UNKNOWN_KEY = "SLA101"
WRONG_FORM = "SLA103"
_MOST_LISTED = 30
_MOST_SHOWN = 60
_LOOK_UP = "Look up the form in the reference."


def nearest(word: str, known: Iterable[str], *, likeness: float = 0.6) -> str | None:
    """Return the known word that is most like this one, or None where none is like it; `likeness` is from 0 to 1."""
    words = sorted(set(known))
    alike = get_close_matches(word, words, n=1, cutoff=likeness)
    if alike:
        return alike[0]
    in_capitals = {each.casefold(): each for each in reversed(words)}
    return next((in_capitals[each] for each in get_close_matches(word.casefold(), in_capitals, 1, likeness)), None)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the nearest known word, or lists them where none is near and they are few."""
    words = sorted(set(known))
    near = nearest(word, words)
    if near is not None:
        return f"Write `{near}`, if that is meant."
    if not words:
        return ""
    return f"Write one of: {', '.join(words)}." if len(words) <= _MOST_LISTED else ""


def value_at(data: object, path: Iterable[str | int]) -> object:
    """Return the value at a path of the plain data of a document; None where there is none."""
    for step in path:
        data = _entries(data).get(step)
    return data


def _entries(data: object) -> Mapping[str | int, object]:
    if isinstance(data, Mapping):
        return data
    return dict(enumerate(data)) if isinstance(data, list) else {}


def findings(
    error: ValidationError, model: type[BaseModel], data: Mapping[str, object]
) -> Iterator[tuple[Diagnostic, int]]:
    """Yield one diagnostic for each error, and the offset of the character inside the text that it is about."""
    details = error.errors(include_url=False)
    split = {place for each in details if (place := _value_before_comma(each, data)) is not None}
    for each in details:
        path = _path(each["loc"], data)
        if each["type"] == "extra_forbidden":
            yield _unknown_key(path, model, data), 0
        elif each["type"] == "missing":
            yield _missing(path, str(each["loc"][-1]), model), 0
        elif path not in split:
            yield _wrong_form(path, each, model), int(each.get("ctx", {}).get("offset", 0))


def _path(loc: Sequence[str | int], data: object) -> KeyPath:
    """Return the part of pydantic's location that is in the source; tags of unions and markers of keys are not."""
    path: list[str | int] = []
    for step in loc:
        entries = _entries(data)
        if step in entries:
            path.append(step)
            data = entries[step]
    return tuple(path)


def _named(path: KeyPath) -> str:
    return f"`{spell(path)}`" if path else "the document"


def _spelled(path: KeyPath) -> str:
    return f"`{spell(path)}`" if path else "The document"


def _value_before_comma(error: ErrorDetails, data: object) -> KeyPath | None:
    """Return the path of the value that a comma split in two, where an unknown key is the second half of it."""
    if error["type"] != "extra_forbidden" or error["input"] is not None:
        return None
    path = _path(error["loc"], data)
    key = str(path[-1])
    siblings = value_at(data, path[:-1])
    if not isinstance(siblings, Mapping) or not (" " in key or set(key) & set("()[]")):
        return None
    before = list(siblings)[: list(siblings).index(key)]
    return (*path[:-1], before[-1]) if before else None


def _unknown_key(path: KeyPath, model: type[BaseModel], data: object) -> Diagnostic:
    key, parent = str(path[-1]), path[:-1]
    error: Any = {"type": "extra_forbidden", "input": value_at(data, path), "loc": path}
    halved = _value_before_comma(error, data)
    if halved is not None:
        return Diagnostic(
            UNKNOWN_KEY,
            Severity.ERROR,
            f"`{key}` is not a key of {_named(parent)}: a comma has split the value of `{halved[-1]}`.",
            path,
            hint="Write the value without a comma, or put it in quotes.",
        )
    return Diagnostic(
        UNKNOWN_KEY,
        Severity.ERROR,
        f"`{key}` is not a key of {_named(parent)}.{told_apart(key)}",
        path,
        hint=did_you_mean(key, (name for each in models_at(model, parent) for name in keys_of(each))),
    )


def _missing(parent: KeyPath, key: str, model: type[BaseModel]) -> Diagnostic:
    about = next((keys_of(each)[key] for each in models_at(model, parent) if key in keys_of(each)), "")
    return Diagnostic(
        WRONG_FORM,
        Severity.ERROR,
        f"{_spelled(parent)} lacks the key `{key}`.",
        parent,
        hint=f"Add `{key}`: {about[:1].lower()}{about[1:]}" if about else f"Add `{key}`.",
    )


def _choice(error: ErrorDetails) -> tuple[str, str]:
    allowed = [each.strip("' ") for each in str(error["ctx"]["expected"]).replace(" or ", ", ").split(", ")]
    return f"{printed(error['input'])} is not allowed here.", did_you_mean(str(error["input"]), allowed)


def _pattern(error: ErrorDetails) -> tuple[str, str]:
    if error["ctx"]["pattern"] == NAME_PATTERN:
        return (
            f"{printed(error['input'])} is not a name.{letter_told_apart(str(error['input']))}",
            "Write letters (a to z), digits, `_` and `-`, and begin with a letter.",
        )
    return f"{printed(error['input'])} has not the form that is expected here.", _LOOK_UP


def _not_text(error: ErrorDetails) -> tuple[str, str]:
    value = error["input"]
    return f"{printed(value)} is not text.", "Put it in quotes." if isinstance(value, int | float) else "Write a text."


def _mapping(error: ErrorDetails) -> tuple[str, str]:
    return f"{printed(error['input'])} stands where keys with values are expected.", "Write `key: value` pairs."


def _list(error: ErrorDetails) -> tuple[str, str]:
    said = error["input"]
    entries = ", ".join(each.strip() for each in said.split(",") if each.strip()) if isinstance(said, str) else ""
    shown = entries if 0 < len(entries) <= _MOST_SHOWN and not set(entries) & set("[]{}:#`") else "first, second"
    return f"{printed(said)} stands where a list is expected.", f"Write `[{shown}]`."


def _boolean(error: ErrorDetails) -> tuple[str, str]:
    return f"{printed(error['input'])} is neither true nor false.", "Write `true` or `false`, without quotes."


def _form(error: ErrorDetails) -> tuple[str, str]:
    return f"{printed(error['input'])} has not the form that is expected here.", _LOOK_UP


def _rule_of_the_model(error: ErrorDetails) -> tuple[str, str]:
    said = str(error["ctx"]["error"]).rstrip(".")
    return f"{said[:1].upper()}{said[1:]}.", "Correct the entry, or leave it out."


def _number(error: ErrorDetails) -> tuple[str, str]:
    return f"{printed(error['input'])} is not a number.", "Write a number, such as `10`, without quotes."


def _whole_number(error: ErrorDetails) -> tuple[str, str]:
    return f"{printed(error['input'])} is not a whole number.", "Write a whole number, such as `10`, without quotes."


def _bound(error: ErrorDetails) -> tuple[str, str]:
    """Return what is said of a number beyond what is allowed; pydantic names the bound by its own sign."""
    sign, bound = next(iter(error["ctx"].items()))
    words = {
        "gt": "Write more than {}.",
        "ge": "Write {} or more.",
        "lt": "Write less than {}.",
        "le": "Write {} or less.",
    }
    beyond = "small" if sign.startswith("g") else "large"
    return f"{printed(error['input'])} is too {beyond}.", words[sign].format(f"{bound:g}")


def _empty(error: ErrorDetails) -> tuple[str, str]:
    del error
    return "There must be at least one entry.", "Add one."


_SENTENCES: Mapping[str, Callable[[ErrorDetails], tuple[str, str]]] = {
    UNREADABLE: lambda error: (error["ctx"]["sentence"], error["ctx"]["hint"]),
    "value_error": _rule_of_the_model,
    "literal_error": _choice,
    "enum": _choice,
    "string_pattern_mismatch": _pattern,
    "string_type": _not_text,
    "dict_type": _mapping,
    "model_type": _mapping,
    "model_attributes_type": _mapping,
    "tuple_type": _list,
    "bool_type": _boolean,
    "union_tag_invalid": _form,
    "too_short": _empty,
    "float_type": _number,
    "float_parsing": _number,
    "int_type": _whole_number,
    "int_parsing": _whole_number,
    "int_from_float": _whole_number,
    "greater_than": _bound,
    "greater_than_equal": _bound,
    "less_than": _bound,
    "less_than_equal": _bound,
}


def _wrong_form(path: KeyPath, error: ErrorDetails, model: type[BaseModel]) -> Diagnostic:
    say = _SENTENCES.get(error["type"])
    sentence, hint = say(error) if say else (f"{printed(error['input'])} is refused: {error['msg']}.", "")
    if hint == _LOOK_UP:
        hint = _by_example(path, model)
    said = error["input"]
    odd = told_apart(said) if isinstance(said, str) and error["type"] == UNREADABLE else ""
    return Diagnostic(WRONG_FORM, Severity.ERROR, f"{_spelled(path)}: {sentence}{odd}", path, hint=hint)


def _by_example(path: KeyPath, model: type[BaseModel]) -> str:
    """Return a hint that shows what the model itself gives as an example of this key, or says what the key is for."""
    for each in models_at(model, path[:-1]):
        for name, field in each.model_fields.items():
            if not path or (field.alias or name) != path[-1]:
                continue
            if field.examples and isinstance(field.examples[0], str):
                return f"Write for example `{field.examples[0]}`."
            if field.description:
                return f"Write what it is for: {field.description[:1].lower()}{field.description[1:]}"
    return _LOOK_UP


def keys_of(model: type[BaseModel]) -> Mapping[str, str]:
    """Return the keys that a model knows, as they are written, with what each is for."""
    return {field.alias or name: field.description or "" for name, field in model.model_fields.items()}


def models_at(model: type[BaseModel], path: KeyPath) -> tuple[type[BaseModel], ...]:
    """Return the models that may stand at a path of a document."""
    kinds: list[object] = [model]
    for step in path:
        kinds = [each for kind in kinds for each in _inside(kind, step)]
    return tuple(
        each for kind in kinds for each in _flat(kind) if isinstance(each, type) and issubclass(each, BaseModel)
    )


def _flat(kind: object) -> Iterator[object]:
    origin = get_origin(kind)
    if origin is Annotated:
        yield from _flat(get_args(kind)[0])
    elif origin in {Union, UnionType}:
        for each in get_args(kind):
            yield from _flat(each)
    else:
        yield kind


def _inside(kind: object, step: str | int) -> Iterator[object]:
    for each in _flat(kind):
        if isinstance(each, type) and issubclass(each, BaseModel):
            for name, field in each.model_fields.items():
                if (field.alias or name) == step:
                    yield field.annotation
        elif get_origin(each) is dict and isinstance(step, str):
            yield get_args(each)[1]
        elif get_origin(each) is tuple and isinstance(step, int):
            yield get_args(each)[0]

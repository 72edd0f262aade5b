"""How a section reads what YAML gives: texts become values, one may stand for a list, the shape decides between forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError, core_schema

from sla_sync.agreement.formats import FormatError, shortened
from sla_sync.agreement.quantities import UNDECIDED

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue

T = TypeVar("T")

UNREADABLE = "unreadable"
"""The type of the error that `Reads` reports; its context has `sentence`, `hint` and `offset`."""


class Section(BaseModel):
    """A part of a document: no key but those declared, and never changed after it was read."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


@dataclass(frozen=True, slots=True)
class Written(Generic[T]):
    """A value, and the words in which somebody wrote it."""

    text: str
    value: T

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Reads:
    """Reads a scalar through `parse`, which raises FormatError; `what` completes "is not …".

    With `undecided` that word stands for a value which the parties have not agreed yet. `show` is the inverse of
    `parse`, one spelling for all spellings of one value.
    """

    parse: Callable[[Any], object]
    what: str
    examples: tuple[object, ...]
    undecided: bool = False
    scalars: tuple[type, ...] = (str,)
    show: Callable[[Any], object] = str

    def read(self, value: object) -> object:
        """Return what `value` says."""
        if self.undecided and value == str(UNDECIDED):
            return UNDECIDED
        if not isinstance(value, self.scalars) or isinstance(value, bool):
            raise _unreadable(f"{printed(value)} is not {self.what}.", hint=self._advice(value))
        try:
            return self.parse(value)
        except FormatError as error:
            raise _unreadable(error.message, hint=error.hint, offset=error.offset) from None

    def _advice(self, value: object) -> str:
        """Return what to write instead; a number where a share is meant becomes that share."""
        example = str(self.examples[0])
        share = _share(value) if _SHARE.fullmatch(example) else None
        return f"Write `{share}`, if that is meant." if share else f"Write for example `{example}`."

    def printed(self, value: object) -> object:
        """Return a value as it may be written."""
        return str(value) if value is UNDECIDED else self.show(value)

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        del source, handler
        return core_schema.no_info_plain_validator_function(
            self.read, serialization=core_schema.plain_serializer_function_ser_schema(self.printed)
        )

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        del schema, handler
        return self.json_schema()

    def json_schema(self) -> dict[str, object]:
        """Return what JSON Schema can say of it: the types and examples."""
        kinds = [_JSON[each] for each in self.scalars]
        if self.undecided and "string" not in kinds:
            kinds.append("string")
        return {"type": kinds[0] if len(kinds) == 1 else sorted(set(kinds)), "examples": list(self.examples)}


_JSON = {str: "string", int: "integer", float: "number", list: "array"}


_SHARE = re.compile(r"[0-9]+%")


def _share(value: object) -> str | None:
    """Return a number as a share in percent: `90` and `0.9` are `90%`."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= 100:  # noqa: PLR2004 - percent
        return None
    return f"{value * 100 if value < 1 else value:g}%"


def _unreadable(sentence: str, *, hint: str, offset: int = 0) -> PydanticCustomError:
    return PydanticCustomError(UNREADABLE, "{sentence}", {"sentence": sentence, "hint": hint, "offset": offset})


def printed(value: object) -> str:
    """Return a value of a document for use in a sentence."""
    if isinstance(value, Mapping):
        return "A mapping"
    if isinstance(value, list | tuple):
        return "A list"
    if value is None:
        return "An empty value"
    return f"`{shortened(str(value).lower() if isinstance(value, bool) else str(value))}`"


@dataclass(frozen=True)
class Listed:
    """Reads one value as a list of one."""

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_before_validator_function(_listed, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        many = handler(schema)
        return {"anyOf": [many["items"], many]}


def _listed(value: object) -> object:
    return [value] if isinstance(value, str) else value


def shape(value: object) -> str:
    """Return how a value is laid out, which decides between forms; no key can be taken for one of these tags."""
    if isinstance(value, Mapping | BaseModel):
        return "<map>"
    return "<list>" if isinstance(value, list | tuple) else "<one>"

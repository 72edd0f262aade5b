"""Walking a document: every value in it with its path, as the source spells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import BaseModel

from sla_sync.agreement.quantities import UNDECIDED
from sla_sync.diagnostics import KeyPath


def leaves(value: object, path: KeyPath = ()) -> Iterator[tuple[KeyPath, object]]:
    """Yield every value that was written and is no mapping or list, with its path.

    The word `undecided` is that value wherever it stands, also where a name or a word of the language is expected.
    """
    if isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            if name in value.model_fields_set:
                yield from leaves(getattr(value, name), (*path, field.alias or name))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from leaves(each, (*path, key))
    elif isinstance(value, tuple | list):
        for index, each in enumerate(value):
            yield from leaves(each, (*path, index))
    else:
        yield path, UNDECIDED if value == str(UNDECIDED) else value

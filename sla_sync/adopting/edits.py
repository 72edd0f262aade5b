"""Changes of a document as plain data: a value put, an entry added, an entry dropped."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeAlias

from sla_sync.diagnostics import KeyPath

Plain: TypeAlias = Any
"""What YAML can say: mappings with text keys, lists, text, numbers, booleans."""


class Paper(StrEnum):
    """The documents in which an agreement and its target stand."""

    AGREEMENT = "agreement"
    BINDING = "binding"
    PEOPLE = "people"
    """The targets file, or the file of people that it names."""


class How(StrEnum):
    """What an edit does."""

    PUT = "put"
    """Another value in the place of the one that stands at the path."""
    ADD = "add"
    """A new entry: of a mapping at the path itself, of a list (whose path it is) at its end."""
    DROP = "drop"


@dataclass(frozen=True)
class Edit:
    """One change of one document."""

    paper: Paper
    how: How
    path: KeyPath
    value: Plain = None


class CannotEditError(Exception):
    """An edit does not fit the document."""


def edited_data(data: Mapping[str, Plain], edit: Edit) -> Mapping[str, Plain]:
    """Return what a document says after an edit. Raises CannotEditError."""
    result = copy.deepcopy(dict(data))
    try:
        if edit.how is How.ADD and isinstance(there := _at(result, edit.path, None), list):
            there.append(edit.value)
            return result
        parent, last = _at(result, edit.path[:-1], CannotEditError), edit.path[-1]
        if edit.how is How.DROP:
            del parent[last]
        elif (last in parent if isinstance(parent, Mapping) else True) is (edit.how is How.PUT):
            parent[last] = edit.value
        else:
            raise CannotEditError
    except (LookupError, TypeError) as error:
        raise CannotEditError from error
    return result


def _at(data: Plain, path: KeyPath, lacking: type[Exception] | None) -> Plain:
    for step in path:
        try:
            data = data[step]
        except (LookupError, TypeError):
            if lacking is None:
                return None
            raise lacking from None
    return data


def value_of(data: Plain, path: KeyPath) -> Plain:
    """Return what stands at a path, or None where nothing does."""
    return _at(data, path, None)

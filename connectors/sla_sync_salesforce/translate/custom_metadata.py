"""Rows of custom metadata that flows look up: their type with its fields, and one row, as settings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeAlias

from sla_sync.connector import Address, Desired, KeyPath, Setup, Value, describe
from sla_sync_salesforce.names import DESCRIPTION_LIMIT, LABEL_LIMIT, shorten

Columns: TypeAlias = "Mapping[str, tuple[str, Mapping[str, Value], str]]"
"""Field → its label, its type with what belongs to it, and what it means."""


def row_type(
    kind: str, label: str, means: str, columns: Columns, setup: Setup, origin: KeyPath = ()
) -> Iterator[Desired]:
    """Yield the type of the rows, named without its `__mdt`, and its fields."""
    holder = _holder(kind)
    yield Desired(
        holder,
        {
            "description": describe(means, setup.agreement, limit=DESCRIPTION_LIMIT),
            "label": label,
            "pluralLabel": f"{label}s",
            "visibility": "Public",
        },
        origins={(): origin},
    )
    for api, (said, shape, column_means) in columns.items():
        yield Desired(
            _column(kind, api),
            {
                "label": said,
                "description": describe(column_means, setup.agreement, limit=DESCRIPTION_LIMIT),
                "fieldManageability": "DeveloperControlled",
                **shape,
            },
            requires=(holder,),
            origins={(): origin},
        )


def row(
    kind: str, name: str, label: str, values: Mapping[str, Value], origin: KeyPath, *, needs: Iterable[str]
) -> Desired:
    """Return one row; `needs` are the fields without which it cannot be written."""
    return Desired(
        Address("CustomMetadata", f"{kind}.{name}"),
        {
            "label": shorten(label, LABEL_LIMIT),
            "protected": False,
            "values": [{"field": field, "value": values[field]} for field in sorted(values)],
        },
        requires=row_needs(kind, needs),
        origins={(): origin},
    )


def row_needs(kind: str, columns: Iterable[str]) -> tuple[Address, ...]:
    """Return the settings that must be there before a row is written or read: its type and these fields."""
    return (_holder(kind), *(_column(kind, each) for each in columns))


def _holder(kind: str) -> Address:
    return Address("CustomObject", f"{kind}__mdt")


def _column(kind: str, api: str) -> Address:
    return Address("CustomField", f"{kind}__mdt.{api}")

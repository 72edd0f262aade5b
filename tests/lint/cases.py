"""Agreements with one thing changed, and what a rule finds in them."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.source import read_source, read_text_source
from sla_sync.diagnostics import Diagnostic
from sla_sync.lint import Finding, lint
from tests.agreement.documents import ACME, SMALL

TODAY = date(2026, 11, 1)
BINDING = ACME.parent / "bindings" / "salesforce.yaml"

REPLACED_AT = {"scoring": 3}
"""How deep an entry stands that an excerpt replaces as a whole; two levels in every other section."""


def acme_data() -> dict[str, Any]:
    return copy.deepcopy(_data(ACME))


def binding_data() -> dict[str, Any]:
    return copy.deepcopy(_data(BINDING))


@cache
def _data(path: Path) -> dict[str, Any]:
    source = read_source(path, root=path.parent)
    assert source.data is not None
    return dict(source.data)


def excerpt(text: str) -> dict[str, Any]:
    """Return what an excerpt of a document says."""
    source = read_text_source(text)
    assert source.data is not None, source.diagnostics
    return dict(source.data)


def merged(data: Mapping[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """Return data in which the entries of an excerpt stand in the place of those of the same name."""
    return {**data, **{key: _entry(data.get(key), said, REPLACED_AT.get(key, 2) - 1) for key, said in change.items()}}


def _entry(before: object, said: object, levels: int) -> object:
    if levels < 1 or not isinstance(before, Mapping) or not isinstance(said, Mapping):
        return said
    return {**before, **{key: _entry(before.get(key), each, levels - 1) for key, each in said.items()}}


def acme_with(text: str = "") -> Agreement:
    """Return the example with the entries of an excerpt, and without what its parties accept."""
    said = {**acme_data(), "accepted": []}
    return Agreement.model_validate(merged(said, excerpt(text) if text else {}))


def acme_bound(text: str = "") -> BindingDocument:
    """Return the binding of the example to Salesforce with the entries of an excerpt, read without its connector."""
    return BindingDocument.model_validate(
        {
            key: value
            for key, value in merged(binding_data(), excerpt(text) if text else {}).items()
            if key in BindingDocument.model_fields
        }
    )


def small(**sections: object) -> Agreement:
    """Return the smallest agreement with these sections in the place of its own."""
    data = dict(read_text_source(SMALL).data or {})
    return Agreement.model_validate({**data, **sections})


def binding(**sections: object) -> BindingDocument:
    """Return a binding of the smallest agreement with these sections in the place of its own."""
    said = {
        "metadata": {"name": "b", "agreement": "small", "connector": "salesforce"},
        "stages": {"mql": {"Lead.Status": ["MQL"]}, "sal": {"Lead.Status": ["Working"]}},
    }
    return BindingDocument.model_validate({**said, **sections})


def linted(agreement: Agreement, *bindings: BindingDocument, today: date = TODAY) -> tuple[Finding, ...]:
    return lint(agreement, {f"{index}.yaml": each for index, each in enumerate(bindings)}, today)


def found(code: str, agreement: Agreement, *bindings: BindingDocument, today: date = TODAY) -> list[Diagnostic]:
    """Return what the rule with this code finds."""
    every = (each.diagnostic for each in linted(agreement, *bindings, today=today))
    return [each for each in every if each.code == code]


def places(code: str, agreement: Agreement, *bindings: BindingDocument, today: date = TODAY) -> list[str]:
    """Return the last step of the path of each finding with this code."""
    return [str(each.path[-1]) if each.path else "" for each in found(code, agreement, *bindings, today=today)]

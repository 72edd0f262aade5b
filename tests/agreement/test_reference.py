"""The page of the language says what the models read, and all of it."""

from __future__ import annotations

import re

import pytest

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions.events import Moment
from sla_sync.agreement.expressions.measures import Counter
from sla_sync.agreement.formats import FormatError
from sla_sync.agreement.reference import filled, key_tables
from sla_sync.agreement.schema import KINDS
from sla_sync.agreement.source import read_text_source
from tests.agreement.documents import ROOT, SMALL

PAGE = (ROOT / "docs" / "language.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def test_the_tables_of_the_page_are_made_from_the_models() -> None:
    assert filled(PAGE) == PAGE, "run: python -m sla_sync.agreement.reference docs/language.md"


def test_every_table_is_on_the_page() -> None:
    assert set(re.findall(r"<!-- keys: (\S+) -->", PAGE)) == key_tables().keys()


@pytest.mark.parametrize("section", sorted(set(Agreement.model_fields) - {"apiVersion", "kind", "goals"}))
def test_every_section_has_a_heading(section: str) -> None:
    assert re.search(rf"^## {section}$", PAGE, re.MULTILINE)


def test_a_place_that_no_document_has_is_refused() -> None:
    with pytest.raises(FormatError, match="is no place with keys"):
        filled("<!-- keys: stages.nowhere -->\n<!-- end of keys -->")


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.partition(":")[0])
def test_every_example_of_the_page_loads(block: str) -> None:
    source = read_text_source(block)
    assert source.diagnostics == ()
    assert source.data is not None
    if "kind" in source.data:
        KINDS[str(source.data["kind"])].model_validate(source.data)
    else:
        Agreement.model_validate({**dict(read_text_source(SMALL).data or {}), **source.data})


def test_every_event_and_counter_is_named_on_the_page() -> None:
    assert [each.value for each in (*Moment, *Counter) if f"`{each}`" not in PAGE] == []


def test_a_key_has_its_form_its_default_and_an_example() -> None:
    rows = key_tables()["stages.*"].splitlines()
    assert "| `max_age` | duration |  | The longest time a lead may stay. | `10 business days` |" in rows
    assert any(row.startswith("| `start` | `true` or `false` | `false` |") for row in rows)
    assert any(row.startswith("| `name` | name | required |") for row in key_tables()["metadata"].splitlines())

"""The tables that are kept beside the grammar give the parser that the grammar gives."""

import json
from pathlib import Path

import pytest

from sla_sync.agreement.expressions import tables
from sla_sync.agreement.expressions.grammar import grammar

TEXTS = {
    "expression": (
        "source is demo_request or contact_sales and (employees >= 200 or not email ends with @acme.example)",
        "person score reaches threshold and at least 2 of fit and country is not in tier_1",
        "did not visit pricing_page 2 times in last 7 days and owner is unknown",
    ),
    "measure": (
        "count of first mql where source is web once per account in 90 days",
        "touches >= 6 and channels >= 2 before no_response within 15 business days",
        "mql to sal within P14D",
    ),
    "event": ("meeting booked", "leaves mql", "account_owner changes"),
}


def test_the_kept_tables_are_in_step_with_the_grammar() -> None:
    kept = tables.kept_parser(grammar())
    assert kept is not None, "run `python -m sla_sync.agreement.expressions.tables`"
    built = tables.built_parser()
    for start, texts in TEXTS.items():
        for text in texts:
            assert kept.parse(text, start=start) == built.parse(text, start=start)


def test_tables_of_another_grammar_or_another_lark_are_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert tables.kept_parser(grammar() + "\n") is None
    monkeypatch.setattr(tables, "FILE", tmp_path / "tables.json")
    assert tables.kept_parser(grammar()) is None, "there is no file"
    text = tables.tables(tables.built_parser(), grammar())
    (tmp_path / "tables.json").write_text(text)
    assert tables.kept_parser(grammar()) is not None
    other = json.loads(text) | {"fingerprint": "lark 0.0.0"}
    (tmp_path / "tables.json").write_text(json.dumps(other))
    assert tables.kept_parser(grammar()) is None
    (tmp_path / "tables.json").write_text(text[:100])
    assert tables.kept_parser(grammar()) is None, "the file is cut off"


def test_the_kept_tables_name_no_place_of_a_machine() -> None:
    text = tables.FILE.read_text()
    assert "source_path" not in text
    assert str(Path.home()) not in text

"""What is set up in the integration is read from a file, and whatever is wrong with it has its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from sla_sync.agreement.load import load_sync
from sla_sync.connector.syncing import DocumentError, Rule
from sla_sync_native_sync import read_settings
from tests.pair.joined import CONFIGS

ACME = CONFIGS / "acme" / "sync.yaml"


def test_the_example_says_how_each_field_is_kept_equal() -> None:
    found = read_settings(ACME, root=CONFIGS)
    assert found.every.total_seconds() == 900
    assert found.mappings["hs_lead_status"].rule is Rule.TWO_WAY
    assert found.mappings["sla_due_at"].rule is Rule.ALWAYS_SALESFORCE


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ("rule: always salesforce}   # and", "rule: always hubspot}   # and", "always hubspot"),
        ("field: Country,", "field: Company,", "Company is mapped to company and to country"),
        ("field: OwnerId, rule: two-way", "field: OwnerId, rule: always salesforce", "can only be mapped two-way"),
        ("  email: ", "  mail: ", "people are recognised by it"),
        ("every_minutes: 15", "every_minutes: 0", "every_minutes"),
        ("deleted: keep", "removed: keep", "`removed` is not a key"),
        ("kind: Sync ", "kind: Sink ", "kind: Sink"),
        ("user: integration@acme.example", "# no user", "lacks the key `user`"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, line: str, instead: str, said: str) -> None:
    text = ACME.read_text("utf-8")
    assert text.count(line) == 1
    path = tmp_path / "sync.yaml"
    path.write_text(text.replace(line, instead), "utf-8")
    found = load_sync(path, root=tmp_path)
    assert found.value is None
    first = found.diagnostics[0]
    assert said in f"{first.message} {first.hint} {'.'.join(map(str, first.path))}"
    assert first.location is not None
    assert first.location.line > 0
    with pytest.raises(DocumentError, match="cannot be used"):
        read_settings(path, root=tmp_path)

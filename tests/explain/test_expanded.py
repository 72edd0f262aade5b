from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from sla_sync.agreement.digest import meaning_digest
from sla_sync.agreement.load import load_agreement
from sla_sync.explain.expanded import expanded
from tests.explain.stories import CONFIGS, EXAMPLES, example, promising


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_expanded_agreement_means_the_same(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(CONFIGS / name, folder)
    agreement = example(name)
    (folder / "agreement.yaml").write_text(expanded(agreement), encoding="utf-8")
    found = load_agreement(folder / "agreement.yaml", root=folder)
    assert found.value is not None, found.diagnostics
    assert meaning_digest(found.value, ()) == meaning_digest(agreement, ())


def test_a_default_is_marked_and_what_was_written_is_not(tmp_path: Path) -> None:
    agreement = promising(tmp_path, "{by: vp_sales, clock: {starts: assigned, stops: touch}, within: 2 hours}")
    lines = expanded(agreement).splitlines()
    assert "  status: draft  # default" in lines
    assert "      runs_in: owner calendar  # default" in lines
    assert "    within: 2 hours" in lines


def test_what_is_left_out_is_explained_once(tmp_path: Path) -> None:
    text = expanded(promising(tmp_path, "{by: vp_sales, measure: mql to sal within 14 days}"))
    assert text.count("# enter_when: left out.") == 1
    assert "# scope: left out. Whose leads the agreement is about; all where left out." in text

"""The page shows what its lines of Python print."""

from __future__ import annotations

import re
import runpy
from dataclasses import fields
from pathlib import Path

import pytest

from sla_sync.synthetic.truth import Truth

PAGE = (Path(__file__).resolve().parents[2] / "docs/synthetic.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^```(?:python|text)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_the_example_prints_what_the_page_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    program, output, *_ = BLOCK.findall(PAGE)
    monkeypatch.chdir(tmp_path)
    Path("example.py").write_text(program, encoding="utf-8")
    runpy.run_path("example.py")
    assert capsys.readouterr().out == output


def test_the_page_names_every_part_of_the_truth() -> None:
    told = {each.name for each in fields(Truth)} - {"seed", "since", "as_of"}
    assert {name for name in told if f"`{name}`" not in PAGE} == set()

from __future__ import annotations

from pathlib import Path

import pytest

from sla_sync.cli import main
from tests.explain.stories import CONFIGS

ACME = str(CONFIGS / "acme")


def test_explain_answers_with_prose(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("explain", ACME)) == 0
    said = capsys.readouterr()
    assert said.out.startswith("Acme marketing–sales agreement, Q4 2026\n\nThis is the agreement between")
    assert said.err == ""


def test_explain_answers_with_the_page_to_sign(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("explain", ACME, "--format", "markdown")) == 0
    assert capsys.readouterr().out.startswith("# Acme marketing–sales agreement, Q4 2026\n")


def test_explain_shows_every_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(("explain", ACME, "--expanded")) == 0
    assert capsys.readouterr().out.startswith("apiVersion: sla-sync/v1\n")


@pytest.mark.slow
def test_explain_writes_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "page.html"
    assert main(("explain", ACME, "--format", "html", "--out", str(out))) == 0
    assert capsys.readouterr().out == f"Written to {out}.\n"
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "nowhere" / "page.md"
    assert main(("explain", ACME, "--out", str(out))) == 1
    assert f"{out} cannot be written" in capsys.readouterr().err


def test_a_document_that_cannot_be_read_is_not_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "agreement.yaml").write_text("kind: LeadSLA\n", encoding="utf-8")
    assert main(("explain", str(tmp_path))) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "SLA103" in said.err


def test_an_agreement_with_errors_is_explained_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (CONFIGS / "examples" / "first" / "agreement.yaml").read_text(encoding="utf-8")
    (tmp_path / "agreement.yaml").write_text(text.replace("by: vp_sales", "by: nobody"), encoding="utf-8")
    assert main(("explain", str(tmp_path))) == 0
    assert "There are errors in these documents" in capsys.readouterr().err

"""One small broken file, or folder, for every code that reading and linting can give; its first lines say what is wrong."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.load import load_agreement, load_binding, load_targets
from sla_sync.diagnostics import Diagnostic, Severity
from sla_sync.lint import RULES, lint
from sla_sync.pipeline.validate import validate
from sla_sync.places import Place

HERE = Path(__file__).parent
SOUND = HERE / "sound"
PACKAGE = HERE.parents[1] / "sla_sync"
TODAY = date(2026, 11, 1)
BROKEN = sorted([*HERE.glob("*.yaml"), *(folder for folder in HERE.glob("SLA*") if folder.is_dir())])
SEVERITIES = {rule.code: rule.severity for rule in RULES}


def of_agreement(path: Path) -> list[Diagnostic]:
    loaded = load_agreement(path, root=path.parent)
    found = list(loaded.diagnostics)
    if loaded.value is not None:
        linted = lint(loaded.value, {}, TODAY, source=loaded.source)
        found += [each.located(loaded.source, {}) for each in linted]
    return found


def of_binding(path: Path) -> list[Diagnostic]:
    """Return what is found about a binding of the sound agreement; findings about the agreement itself are left out."""
    agreement = load_agreement(SOUND / "agreement.yaml", root=SOUND)
    assert agreement.value is not None
    loaded = load_binding(path, BindingDocument, root=path.parent)
    found = list(loaded.diagnostics)
    if loaded.value is not None:
        linted = lint(agreement.value, {str(path): loaded.value}, TODAY, sources={str(path): loaded.source})
        found += [each.located(agreement.source, {path: loaded.source}) for each in linted if each.remark.document]
    return found


def of_targets(path: Path) -> list[Diagnostic]:
    return list(load_targets(path, root=path.parent).diagnostics)


def of_folder(path: Path) -> list[Diagnostic]:
    targets = path / "targets.yaml"
    place = Place(path / "agreement.yaml", targets if targets.exists() else None, path / "state")
    return list(validate(place, today=TODAY).diagnostics)


READERS = {"LeadSLA": of_agreement, "Binding": of_binding, "Targets": of_targets}


def findings_of(path: Path) -> list[Diagnostic]:
    if path.is_dir():
        return of_folder(path)
    kind = re.search(r"^kind: (\w+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert kind is not None
    return READERS[kind[1]](path)


def weighing(found: list[Diagnostic]) -> list[Diagnostic]:
    return [each for each in found if each.severity is not Severity.INFORMATION]


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_gives_its_code_at_its_place_and_no_other_error_or_warning(path: Path) -> None:
    code = path.stem[:6]
    head = path / "agreement.yaml" if path.is_dir() else path
    what, place = head.read_text(encoding="utf-8").splitlines()[:2]
    everything = findings_of(path)
    found = [each for each in everything if each.code == code]
    if SEVERITIES[code] is not Severity.INFORMATION:
        found = weighing(found)
    assert [each.code for each in found] == [code]
    assert [each for each in weighing(everything) if each.code != code] == []
    assert what.startswith(f"# {code}: ")
    file, line, column = re.fullmatch(r"# at (?:(\S+):)?(\d+):(\d+)", place).groups()  # type: ignore[union-attr]
    at = found[0].location
    assert at is not None
    assert (at.line, at.column) == (int(line), int(column))
    assert at.file.endswith(file or head.name)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_every_finding_is_a_sentence_with_an_advice(path: Path) -> None:
    for each in findings_of(path):
        assert each.message.endswith(".")
        assert each.hint[:1].isupper()


@pytest.mark.parametrize("path", sorted(SOUND.rglob("*.yaml")), ids=lambda path: path.stem)
def test_the_documents_from_which_the_broken_ones_are_made_give_information_only(path: Path) -> None:
    assert weighing(findings_of(path)) == []


def test_every_code_that_can_be_given_has_a_broken_file() -> None:
    read = {
        node.value
        for module in (PACKAGE / "agreement").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"SLA\d{3}", node.value)
    }
    checked = {rule.code for rule in RULES if rule.check}
    assert {"SLA100", "SLA801"} <= read | checked
    assert read | checked == {path.stem[:6] for path in BROKEN}


def test_a_secret_is_never_repeated_in_a_finding() -> None:
    for name, secret in (("SLA902", "44444444"), ("SLA902-key", "hunter2")):
        for each in findings_of(HERE / f"{name}.yaml"):
            assert secret not in each.message
            assert secret not in each.hint

"""One small broken file for every code that reading and linting can give; its first lines say what is wrong, and where."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path

import pytest

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.load import load_agreement, load_binding, load_targets
from sla_sync.diagnostics import Diagnostic
from sla_sync.lint import lint

HERE = Path(__file__).parent
SOUND = HERE / "sound"
PACKAGE = HERE.parents[1] / "sla_sync"
TODAY = date(2026, 11, 1)
BROKEN = sorted(HERE.glob("*.yaml"))


def of_agreement(path: Path) -> list[Diagnostic]:
    loaded = load_agreement(path, root=path.parent)
    found = list(loaded.diagnostics)
    if loaded.value is not None:
        found += [each.located(loaded.source, {}) for each in lint(loaded.value, {}, TODAY)]
    return found


def of_binding(path: Path) -> list[Diagnostic]:
    agreement = load_agreement(SOUND / "agreement.yaml", root=SOUND)
    assert agreement.value is not None
    loaded = load_binding(path, BindingDocument, root=path.parent)
    found = list(loaded.diagnostics)
    if loaded.value is not None:
        linted = lint(agreement.value, {str(path): loaded.value}, TODAY)
        found += [each.located(agreement.source, {path: loaded.source}) for each in linted]
    return found


def of_targets(path: Path) -> list[Diagnostic]:
    return list(load_targets(path, root=path.parent).diagnostics)


READERS = {"LeadSLA": of_agreement, "Binding": of_binding, "Targets": of_targets}


def findings_of(path: Path) -> list[Diagnostic]:
    kind = re.search(r"^kind: (\w+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert kind is not None
    return READERS[kind[1]](path)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_a_broken_file_gives_its_code_at_its_place_and_nothing_else(path: Path) -> None:
    what, place = path.read_text(encoding="utf-8").splitlines()[:2]
    found = findings_of(path)
    assert [each.code for each in found] == [path.stem[:6]]
    assert what.startswith(f"# {path.stem[:6]}: ")
    file, line, column = re.fullmatch(r"# at (?:(\S+):)?(\d+):(\d+)", place).groups()  # type: ignore[union-attr]
    at = found[0].location
    assert at is not None
    assert (at.line, at.column) == (int(line), int(column))
    assert at.file.endswith(file or path.name)


@pytest.mark.parametrize("path", BROKEN, ids=lambda path: path.stem)
def test_every_finding_is_a_sentence_with_an_advice(path: Path) -> None:
    for each in findings_of(path):
        assert each.message.endswith(".")
        assert each.hint[:1].isupper()


@pytest.mark.parametrize("path", sorted(SOUND.rglob("*.yaml")), ids=lambda path: path.stem)
def test_the_documents_from_which_the_broken_ones_are_made_are_sound(path: Path) -> None:
    assert findings_of(path) == []


def test_every_code_that_can_be_given_has_a_broken_file() -> None:
    emitted = {
        node.value
        for folder in ("agreement", "lint")
        for module in (PACKAGE / folder).rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"SLA\d{3}", node.value)
    }
    assert {"SLA103", "SLA801"} <= emitted
    assert emitted == {path.stem[:6] for path in BROKEN}


def test_a_secret_is_never_repeated_in_a_finding() -> None:
    for name, secret in (("SLA902", "44444444"), ("SLA902-key", "hunter2")):
        for each in findings_of(HERE / f"{name}.yaml"):
            assert secret not in each.message
            assert secret not in each.hint

"""The full example has no error, and each of its warnings is listed with why it stays."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from sla_sync.diagnostics import Diagnostic, Severity, spell
from sla_sync.pipeline.validate import validate
from sla_sync.places import find_place
from tests.agreement.documents import ACME, ROOT

LISTED = Path(__file__).with_name("acme_warnings.txt")
UNSAID = "(say why it stays, or repair it)"


def findings() -> tuple[Diagnostic, ...]:
    return validate(find_place(ACME, here=ROOT), today=date(2026, 11, 1)).diagnostics


def listed() -> Mapping[str, str]:
    lines = LISTED.read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if not line.startswith("#"))


def test_the_example_and_its_bindings_raise_no_error() -> None:
    assert [each for each in findings() if each.severity is Severity.ERROR] == []


def test_every_warning_of_the_example_is_listed_with_why_it_stays() -> None:
    warned = sorted({f"{each.code} {spell(each.path)}" for each in findings() if each.severity is Severity.WARNING})
    if os.environ.get("SLA_SYNC_UPDATE_GOLDENS"):
        head = LISTED.read_text(encoding="utf-8").splitlines()[0]
        reasons = listed()
        lines = [head, *(f"{each}: {reasons.get(each, UNSAID)}" for each in warned)]
        LISTED.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert sorted(listed()) == warned
    assert [each for each, why in listed().items() if UNSAID in why or not why.endswith(".")] == []

"""A small agreement, the examples, and how tests read them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.load import Loaded, load_agreement
from sla_sync.diagnostics import Diagnostic

ROOT = Path(__file__).parents[2]
CONFIGS = ROOT / "configs"
ACME = CONFIGS / "acme" / "agreement.yaml"
FIRST = CONFIGS / "examples" / "first" / "agreement.yaml"

SMALL = """\
apiVersion: sla-sync/v1
kind: LeadSLA
metadata: {name: small, effective: {from: 2026-10-01}}
roles: {vp_marketing: {party: marketing}, vp_sales: {party: sales}}
stages:
  mql: {accountable: vp_marketing, next: [sal]}
  sal: {accountable: vp_sales, end: won}
commitments:
  quality: {by: vp_marketing, measure: mql to sal within 14 days, target: 70%}
"""


def loaded(tmp_path: Path, text: str) -> Loaded[Agreement]:
    path = tmp_path / "agreement.yaml"
    path.write_text(text, encoding="utf-8")
    return load_agreement(path, root=tmp_path)


def read(tmp_path: Path, text: str) -> Agreement:
    found = loaded(tmp_path, text)
    assert found.value is not None, found.diagnostics
    return found.value


def only(found: Loaded[Any]) -> Diagnostic:
    assert found.value is None
    assert len(found.diagnostics) == 1, found.diagnostics
    return found.diagnostics[0]


@cache
def acme() -> Agreement:
    found = load_agreement(ACME, root=ACME.parent)
    assert found.value is not None, found.diagnostics
    return found.value

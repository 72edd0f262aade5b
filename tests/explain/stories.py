"""The examples, and how tests read and explain them."""

from __future__ import annotations

import os
from pathlib import Path

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.load import load_agreement

ROOT = Path(__file__).parents[2]
CONFIGS = ROOT / "configs"
GOLDENS = Path(__file__).with_name("golden")
UPDATE = "SLA_SYNC_UPDATE_GOLDENS"
EXAMPLES = tuple(
    str(path.parent.relative_to(CONFIGS))
    for path in (CONFIGS / "acme" / "agreement.yaml", *sorted(CONFIGS.glob("examples/**/agreement.yaml")))
)

SMALL = """\
apiVersion: sla-sync/v1
kind: LeadSLA
metadata: {name: small, effective: {from: 2026-10-01}, currency: USD}
roles: {vp_marketing: {party: marketing}, vp_sales: {party: sales}}
priorities:
  hot: {means: They asked to talk., when: source is demo_request}
  warm: {means: They crossed the score., when: stage is mql}
sources: {demo_request: {means: They asked for a demonstration.}}
stages:
  mql: {accountable: vp_marketing, next: [sal]}
  sal: {accountable: vp_sales, end: won}
commitments:
"""


def example(name: str) -> Agreement:
    path = CONFIGS / name / "agreement.yaml"
    found = load_agreement(path, root=path.parent)
    assert found.value is not None, found.diagnostics
    return found.value


def read(folder: Path, text: str) -> Agreement:
    path = folder / "agreement.yaml"
    path.write_text(text, encoding="utf-8")
    found = load_agreement(path, root=folder)
    assert found.value is not None, found.diagnostics
    return found.value


def promising(folder: Path, commitment: str) -> Agreement:
    """Return the small agreement with one commitment by sales, written as a flow mapping."""
    return read(folder, f"{SMALL}  promise: {commitment}\n")


def holds(name: str, text: str) -> None:
    """Hold a text against its golden file, or write it anew where the environment asks for that."""
    path = GOLDENS / name
    if os.environ.get(UPDATE):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8"), f"{path} differs; set {UPDATE}=1 to write it anew, and read it."

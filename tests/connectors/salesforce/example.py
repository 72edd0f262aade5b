"""The full example of this project in Salesforce's words, as the tests of this folder use it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from sla_sync.agreement.load import load_agreement, load_binding, load_targets
from sla_sync.compiler import compile_agreement
from sla_sync.connector import Resources, Setup, Translation
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate import translate

CONFIGS = Path(__file__).parents[3] / "configs"


@cache
def compiled(name: str = "acme") -> tuple[Resources, SalesforceBinding, Setup]:
    """Return an example as resources, its binding, and the people behind it."""
    agreement = load_agreement(CONFIGS / name / "agreement.yaml", root=CONFIGS).value
    bound = load_binding(CONFIGS / name / "bindings" / "salesforce.yaml", SalesforceBinding, root=CONFIGS).value
    targets = load_targets(CONFIGS / "targets.yaml", root=CONFIGS).value
    assert agreement is not None
    assert bound is not None
    assert targets is not None
    people = targets.targets["salesforce-simulator"].people if name == "acme" else {}
    return compile_agreement(agreement, bound.modes), bound, Setup(agreement.metadata.name, people)


@cache
def acme() -> Translation:
    """Return the full example in Salesforce's words."""
    return translate(*compiled())


@cache
def enterprise() -> Translation:
    """Return the largest example in Salesforce's words."""
    return translate(*compiled("examples/enterprise"))

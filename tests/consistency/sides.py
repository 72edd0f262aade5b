"""Two small sides of one agreement, made by hand: what each point needs, and nothing else."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sla_sync.agreement.binding import BindingDocument
from sla_sync.connector import Address, Automation, Change, Desired, FactKind, Facts, FieldFact, Resources
from sla_sync.consistency import Exchange, Pair, Side
from sla_sync.consistency.sides import Route
from sla_sync.reconcile.plan import Fingerprint, Plan

RESOURCES = Resources("small", "Small", date(2026, 10, 1), "America/New_York", thresholds={"person": 100.0})


def text(name: str, **said: Any) -> FieldFact:
    return FieldFact(name, said.pop("holds", FactKind.TEXT), "text", **said)


def automation(name: str, *, reads: str = "", writes: str = "", acts: bool = False, ours: bool = False) -> Automation:
    address = Address("Workflow", name) if ours else None
    return Automation(name, address, frozenset(reads.split()), frozenset(writes.split()), acts)


def side(
    platform: str,
    *,
    facts: Facts | None = None,
    changes: tuple[Change, ...] = (),
    desired: tuple[Desired, ...] = (),
    people: dict[str, tuple[str, ...]] | None = None,
    **binding: Any,
) -> Side:
    said = {"metadata": {"name": platform, "agreement": "small", "connector": platform}, **binding}
    return Side(
        target=f"{platform}-one",
        platform=platform,
        binding=BindingDocument.model_validate(said),
        document=Path(f"bindings/{platform}.yaml"),
        desired=desired,
        plan=Plan(f"{platform}-one", "small", "", changes, (), Fingerprint({}, {})),
        facts=facts or Facts(),
        people=people or {},
    )


def pair(first: Side, second: Side, *routes: Route, **said: Any) -> Pair:
    exchange = Exchange(Path("sync.yaml"), routes, "Known", timedelta(minutes=15)) if routes else None
    return Pair(first, second, said.pop("resources", RESOURCES), date(2026, 10, 1), exchange, **said)

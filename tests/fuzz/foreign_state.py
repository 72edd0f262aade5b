"""What stands in the folder of a target, where others may have been: manifests, locks, plans, audits, marks, keys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sla_sync.audits.database import opened, record
from sla_sync.audits.kept import KeptAudit, KeptFinding, Subject, Verdict
from sla_sync.audits.told import last_beat, told
from sla_sync.audits.trend import trends
from sla_sync.cli.saved_plans import saved_plan
from sla_sync.connector import Address, Manifest, manifest_from_json, manifest_to_json
from sla_sync.connector.locking import read_signature
from sla_sync.history.export import LOCK, only_one
from sla_sync.history.keys import NAME as KEY
from sla_sync.history.keys import key_of
from sla_sync.history.standing import Standing, read_standing, write_standing
from sla_sync.pipeline.apply import refuse_stale
from sla_sync.pipeline.baseline import kept_baseline
from sla_sync.pipeline.frozen import as_json, frozen_in
from sla_sync.places import Place
from sla_sync.reconcile.plan import Fingerprint, Plan
from sla_sync.targets import lock_ticket
from sla_sync_hubspot.past import walking
from sla_sync_salesforce.past import marks
from tests.fuzz.foreign import Foreign, text_of

AT = datetime(2026, 10, 5, 9, tzinfo=UTC)


def _manifest(folder: Path) -> None:
    flow = Address("Flow", "SLA_Acme")
    made = Manifest("digest", {flow: {"label": "x", "steps": [1, {"a": True}]}}, frozenset({flow}), handles={flow: "1"})
    (folder / "manifest.json").write_text(manifest_to_json(made))


def _manifested(folder: Path) -> object:
    return manifest_from_json(text_of(folder / "manifest.json"))


def _lock(folder: Path) -> None:
    said = {"who": "ana", "since": AT.isoformat(), "expires": (AT + timedelta(hours=1)).isoformat(), "token": "t"}
    (folder / "lock.json").write_text(json.dumps(said))


PLANNED = {"overall": "o", "settings": {"Flow/x": "1"}, "containers": {}}


def _plan(folder: Path) -> None:
    said = {
        "format_version": 1, "config": "nowhere/acme", "target": "production", "agreement_digest": "d", "only": [],
        "fingerprint": PLANNED,
        "changes": [{"action": "create", "address": "Flow/x"}],
    }  # fmt: skip
    (folder / "plan.json").write_text(json.dumps(said))


def _planned(folder: Path) -> object:
    saved = saved_plan(folder / "plan.json", of="apply")
    if saved["fingerprint"] == PLANNED:
        return saved
    refuse_stale(saved, Plan("production", "acme", "d", (), (), Fingerprint({"Flow/x": "2"}, {})))
    return saved


def _standing(folder: Path) -> None:
    write_standing(folder, Standing("acme", "k", True, AT, AT, marks={"leads": "7"}, words={"status": ("New",)}))


def _mark_of_salesforce(folder: Path) -> None:
    mark = marks.Mark(AT, AT + timedelta(hours=1), {"Lead": "750-1"}, "x")
    (folder / "mark.json").write_text(marks.spell(mark))


def _marked_on_salesforce(folder: Path) -> object:
    found = marks.read(text_of(folder / "mark.json")).begun(AT)
    return found.begin is None or found.begin < AT, "750-1" in found.jobs, f"{found.place}x", marks.spell(found)


def _mark_of_hubspot(folder: Path) -> None:
    (folder / "mark.txt").write_text(str(walking.Mark(AT, "7")))


def _marked_on_hubspot(folder: Path) -> object:
    found = walking.mark_in(text_of(folder / "mark.txt"), AT)
    return str(found.until(AT))


def _audits(folder: Path) -> None:
    with opened(folder / "audits.sqlite") as book:
        found = KeptFinding("x", "breach", "changed", "Flow/x", "x changed")
        record(book, "run", KeptAudit(Subject("acme", "production"), AT, Verdict.DRIFTED, (found,), matched=7))
        book.execute("INSERT INTO beats VALUES ('sales', ?)", (AT.isoformat(),))


def _audited(folder: Path) -> object:
    with opened(folder / "audits.sqlite") as book:
        return trends(book, since=AT - timedelta(days=9)), told(book, "sales"), last_beat(book, "sales")


def _frozen(folder: Path) -> None:
    (folder / "frozen.json").write_text(as_json({"first-response": {"2026-10": 0.9}}, "acme", synthetic=False))


def _place(folder: Path) -> Place:
    return Place(folder / "agreement.yaml", None, folder / "state")


def _baseline(folder: Path) -> None:
    figure = {"value": 0.7, "per_month": None, "unit": "share", "n": 9, "interval": [0.5, 0.9]}
    page = {"format_version": 1, "synthetic": False, "commitments": {"first-response": figure}}
    _place(folder).baseline.write_text(json.dumps(page))


def _key(folder: Path) -> bytes:
    return key_of("production", None, folder, {})


def _ticket(folder: Path) -> object:
    return lock_ticket(folder, lambda: AT)


def _exporting(folder: Path) -> bool:
    with only_one(folder):
        return True


FILES: Mapping[str, Foreign] = {
    "a manifest": Foreign(_manifest, "manifest.json", "json", _manifested),
    "a lock": Foreign(_lock, "lock.json", "json", lambda folder: read_signature((folder / "lock.json").read_bytes(), AT, AT)),
    "a saved plan": Foreign(_plan, "plan.json", "json", _planned),
    "how far an export came": Foreign(_standing, "export.json", "json", read_standing),
    "how far Salesforce was told": Foreign(_mark_of_salesforce, "mark.json", "json", _marked_on_salesforce),
    "how far HubSpot was told": Foreign(_mark_of_hubspot, "mark.txt", "text", _marked_on_hubspot),
    "a database of audits": Foreign(_audits, "audits.sqlite", "sqlite", _audited),
    "what months came to": Foreign(_frozen, "frozen.json", "json", partial(frozen_in, agreement="acme", synthetic=False)),
    "a baseline": Foreign(_baseline, "baseline.json", "json", lambda folder: kept_baseline(_place(folder), synthetic=False)),
    "a key of pseudonyms": Foreign(_key, KEY, "text", _key),
    "a token of locks": Foreign(_ticket, "lock-token", "text", _ticket),
    "a lock of exports": Foreign(lambda folder: (folder / LOCK).write_bytes(b""), LOCK, "text", _exporting),
}  # fmt: skip
"""What is read → how."""

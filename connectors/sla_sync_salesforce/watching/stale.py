"""What stands in an org and does not count: drafts of flows above the version in force, and interviews that failed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sla_sync.connector import Concern, Desired, Observation, Unseen, Witness
from sla_sync_salesforce.instants import instant
from sla_sync_salesforce.watching.ground import Ground, moment


def stale(ground: Ground) -> Iterator[Observation | Unseen]:
    """Yield the flows of ours with a draft that is not in force, and those of which interviews failed."""
    flows = {
        each.address.key: each
        for each in ground.asked.translation.desired
        if each.address.type == "Flow" and each.address in ground.asked.snapshot.settings
    }
    if not flows:
        return
    for each in ground.definitions:
        wish = flows.get(str(each["DeveloperName"]))
        if wish is not None:
            yield from _draft(wish, each, ground)
    yield from _failed(ground, flows)


def _draft(wish: Desired, found: Mapping[str, Any], ground: Ground) -> Iterator[Observation]:
    active, latest = found.get("ActiveVersion") or {}, found.get("LatestVersion") or {}
    number, newest = active.get("VersionNumber"), latest.get("VersionNumber")
    if number is None or newest is None or newest <= number:
        return
    live = ground.asked.snapshot.settings[wish.address]
    yield Observation(
        Concern.STALE,
        f"Flow '{wish.address.key}'",
        f"Version {newest} of the flow '{wish.address.key}' is not in force; version {number} is.",
        wish.origin(),
        wish.address,
        live.changed_by,
        live.changed_at,
    )


def _failed(ground: Ground, flows: Mapping[str, Desired]) -> Iterator[Observation]:
    """Yield our flows of which the org keeps failed interviews; their labels begin with the flow's own.

    Inferred: that what fails on a scheduled path is kept as an interview with the status Error, which the Object
    Reference says of interviews alone.
    """
    where = f"InterviewStatus = 'Error' AND CreatedDate >= {moment(ground.since)}"
    rows, _ = ground.some("Id, InterviewLabel, CreatedDate", "FlowInterview", where, "CreatedDate")
    # The longest first: one label may begin with another.
    for name, wish in sorted(flows.items(), key=lambda each: len(str(each[1].values.get("label"))), reverse=True):
        label = str(wish.values.get("label"))
        own = [row for row in rows if str(row.get("InterviewLabel")).startswith(label)]
        rows = [row for row in rows if row not in own]
        if own:
            many = "1 interview" if len(own) == 1 else f"{len(own)} interviews"
            yield Observation(
                Concern.STALE,
                f"Flow '{name}'",
                f"{many} of the flow '{name}' failed and did not go on.",
                wish.origin(),
                wish.address,
                witnesses=tuple(Witness(str(row["Id"]), instant(row.get("CreatedDate"))) for row in own),
                wrong=len(own),
            )

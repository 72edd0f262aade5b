"""Stages as values of Lead Status: created where the binding says `add`, otherwise taken as they are."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.connector import Address, Desired, Gap, Probe, Resources
from sla_sync_salesforce.binding import SalesforceBinding
from sla_sync_salesforce.translate.words import OBJECT


def status_address(status: str) -> Address:
    """Return the address of one value of Lead Status."""
    return Address("LeadStatusValue", status)


def stages(resources: Resources, binding: SalesforceBinding) -> Iterator[Desired | Gap]:
    """Yield the values that must be added to Lead Status, and a gap for each stage that the Lead cannot show."""
    for stage in resources.stages:
        bound = binding.stages.get(stage.name)
        if bound is None:
            yield Gap(
                f"stage:{stage.name}",
                f"stage «{stage.label}»",
                f"Bind stage «{stage.name}» to values of {OBJECT}.Status or to a condition: nothing is pushed for it.",
                stage.origin,
            )
        elif bound.when:
            yield Gap(
                f"stage:{stage.name}",
                f"stage «{stage.label}» of opportunities",
                f"See to it that the stages of your opportunities mean «{stage.name}» where {bound.when}: "
                "this release does not manage opportunities.",
                stage.origin,
            )
        elif bound.add:
            for status in bound.lead_status:
                yield Desired(
                    status_address(status),
                    {"label": status, "converted": False, "isActive": True},
                    origins={(): stage.origin},
                )
        else:
            for status in bound.lead_status:
                yield Gap(
                    f"status:{status}",
                    f"Lead Status «{status}»",
                    f"Keep the value «{status}» of Lead Status active: it means stage «{stage.name}».",
                    stage.origin,
                    Probe(status_address(status), ("isActive",), value=True),
                )

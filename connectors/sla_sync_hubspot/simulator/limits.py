"""What each subscription tier allows, in numbers (see the vendor's "Usage guidelines" and product catalogue)."""

from __future__ import annotations

from dataclasses import dataclass

BURST_WINDOW = 10
"""Seconds over which the burst limit counts."""
SEARCHES_PER_SECOND = 5
"""Searches of the whole account; their answers bear no headers of the limit."""
PROPERTIES_PER_OBJECT = 1_000
PROPERTIES_IN_ALL = 10_000
UNIQUE_PROPERTIES_PER_OBJECT = 10
STAGES_PER_PIPELINE = 100
STAGES_PER_LEAD_PIPELINE = 30


@dataclass(frozen=True, slots=True)
class Tier:
    """One subscription tier; `properties` and `pipelines` count over the whole account."""

    name: str
    burst: int
    daily: int
    properties: int
    calculated: int
    pipelines: int
    flows: int
    lists: int
    audit_logs: bool = False
    leads: bool = False
    """Whether the account has the object of leads (Sales Hub from Professional on, says its documentation)."""
    custom_code: bool = False
    """Whether its workflows may run code of the customer's own (Data Hub from Professional on)."""
    rotation: bool = False
    """Whether its workflows may rotate records among owners (Sales and Service Hub from Professional on)."""


# Inferred: the numbers of lists, which HubSpot states by product and not by tier alone, and the calculated properties
# of the two lower tiers.
TIERS = {
    tier.name: tier
    for tier in (
        Tier("free", 100, 250_000, 10, 0, 0, 0, 10),
        Tier("starter", 100, 250_000, PROPERTIES_IN_ALL, 0, 15, 0, 50),
        Tier(
            "professional",
            190,
            625_000,
            PROPERTIES_IN_ALL,
            40,
            100,
            300,
            1_000,
            leads=True,
            custom_code=True,
            rotation=True,
        ),
        Tier(
            "enterprise",
            190,
            1_000_000,
            PROPERTIES_IN_ALL,
            200,
            350,
            1_000,
            1_500,
            audit_logs=True,
            leads=True,
            custom_code=True,
            rotation=True,
        ),
    )
}

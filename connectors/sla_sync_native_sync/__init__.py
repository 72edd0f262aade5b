"""A model of HubSpot's own integration with Salesforce, which joins the simulators of both on one clock.

It is a client of both like any other and shares no code with either connector. Its rules are those of HubSpot's pages
about the integration; what they leave open is marked as inferred beside the code. Existing values of a mapping are synced
when their record next changes, as HubSpot says of new mappings. Companies, deals and campaigns are not modelled.
"""

from __future__ import annotations

from sla_sync_native_sync.look import Joint
from sla_sync_native_sync.memory import Category, Link, Memory, SyncError, Written
from sla_sync_native_sync.pair import Pair, first_look, pair, read_settings
from sla_sync_native_sync.wire import AnswerError, Wire, refusal

__all__ = [
    "AnswerError",
    "Category",
    "Joint",
    "Link",
    "Memory",
    "Pair",
    "SyncError",
    "Wire",
    "Written",
    "first_look",
    "pair",
    "read_settings",
    "refusal",
]

"""Mistakes that the campaign and the law of the protocol must find."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from tests.mistakes import Mutant

CAMPAIGN, LAW = "the campaign", "the law of the protocol"

MUTANTS = (
    Mutant("writes on HubSpot are repeated after a gateway's failure", "sla_sync_hubspot.failures", "if reading and failure.status in _PASSING else", "if failure.status in _PASSING else", CAMPAIGN),
    Mutant("writes on HubSpot are repeated where nobody answered", "sla_sync_hubspot.client", "if not reading or repeated >= len(UNANSWERED_PAUSES):", "if repeated >= len(UNANSWERED_PAUSES):", CAMPAIGN),
    Mutant("after a doubtful answer nobody looks what stands there", "sla_sync_hubspot.writer", "        found = self._looked_for(craft, desired.address)\n        if found is None:\n            return craft.create", "        found = None\n        if found is None:\n            return craft.create", CAMPAIGN),
    Mutant("options that others put into a property are dropped", "sla_sync_hubspot.writes.options", 'for each in raw.get("options", ())}', "for each in ()}", CAMPAIGN),
    Mutant("an apply that was cut off says that it is complete", "sla_sync.reconcile.apply", "return self.error is None and all(", "return True or all(", CAMPAIGN),
    Mutant("the journal says of everything that it was done", "sla_sync.reconcile.journal", "status=outcome.status,", 'status="done",', CAMPAIGN),
    Mutant("what stood there before is kept when all is done", "sla_sync.reconcile.apply", "if opening is not None:", "if False:", CAMPAIGN),
    Mutant("a workflow on HubSpot of whose change no answer came counts as changed", "sla_sync_hubspot.writer", "        except _AMBIGUOUS:\n            return craft.update(self._desk, desired, self._there(craft, desired.address))", "        except _AMBIGUOUS:\n            return self._there(craft, desired.address).handle", CAMPAIGN),
    Mutant("nobody looks whether somebody applied meanwhile", "sla_sync.pipeline.apply", "if not moved and manifest != sight.manifest:", "if False:", LAW),
    Mutant("nobody looks whether the settings moved meanwhile", "sla_sync.pipeline.apply", "moved = sight.plan.fingerprint.moved(now)", "moved: tuple[str, ...] = ()", LAW),
    Mutant("what is adopted is kept too late", "sla_sync.reconcile.apply", "if opening is not None:", "if False:", LAW),
    Mutant("a lock that was lost is not noticed", "sla_sync.testing.memory", "if held is None or held.token != self._ticket.token:", "if False:", LAW),
    Mutant("a lock lasts for ever", "sla_sync.testing.memory", "held.token != ticket.token and held.expires > now", "held.token != ticket.token", LAW),
    Mutant("other settings are forgotten where some are named", "sla_sync.reconcile.scope", "applied = {address: values for address, values in before.applied.items() if address not in scope}", "applied = {}", LAW),
)  # fmt: skip

ADOPTING = ("adoption", "remove of an adoption")
SILENCED = ("end of a silence",)
TRIED: Mapping[str, Collection[str]] = {
    "what stood there before is kept when all is done": ADOPTING,
    "a workflow on HubSpot of whose change no answer came counts as changed": SILENCED,
}
"""Mistake → the jobs in which the campaign looks for it, where it shows in few; all of them where none are named."""

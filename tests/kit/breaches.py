"""Connectors that break the contract: each is one wrong line of the tutorial's, and a fact of the suite must say so."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Breach:
    """In `module`, the text `right` becomes `wrong`, and the test of the suite that begins so says these words."""

    name: str
    module: str
    right: str
    wrong: str
    fact: str
    words: str


_COMPLETE, _GONE = "test_apply_makes_live", "test_what_is_no_longer"
_WRITES = "crm.execute(\"INSERT OR REPLACE INTO notes VALUES ('read', random())\")"

BREACHES = (
    Breach("it speaks another contract", "__init__", "sla.CONTRACT", "sla.CONTRACT + 1", "test_it_speaks", "pass sla_sync.connector.CONTRACT"),
    Breach("a translation depends on chance", "translate", "place=each.order + 1", 'place=__import__("random").random()', "test_a_translation_is", "translate must be pure"),
    Breach("nothing requires anything", "translate", "*needs, ", "", "test_every_setting_that_it", "requires another"),
    Breach("a description without our mark", "translate", "sla.describe(each.means, setup.agreement, limit=400)", "each.means", "test_every_setting_that_is_marked", "with `describe`"),
    Breach("a gap without advice", "translate", "or each.name, advice,", 'or each.name, "",', "test_every_gap", "advice that says what to do"),
    Breach("values come back as texts", "reader", "json.loads(row[key]) if key in JSON and row[key] else row[key]", "row[key]", _COMPLETE, "After an apply the plan must be empty, and 5 changes"),
    Breach("the manifest is not written", "writer", "self.crm.execute(_KEEP, (MANIFEST, sla.manifest_to_json(manifest)))", "del manifest", _COMPLETE, "Let apply write the manifest"),
    Breach("an empty manifest is kept", "writer", "if manifest.says_nothing:", "if not self.lock:", "test_a_manifest_that", "Keep no manifest"),
    Breach("a failed change is told as it is", "writer", "sla.Status.DONE", "sla.Status.FAILED", _COMPLETE, "8 changes were not done"),
    Breach("a rehearsal is carried out", "writer", '(self.crm, "ROLLBACK")', "(self.crm)", "test_a_rehearsal", "A rehearsal must leave no manifest"),
    Breach("a reader writes", "reader", 'with opened(connection, "ro", connect) as crm:', f'with opened(connection, "rw", connect) as crm:\n        {_WRITES}', "test_looking", "Reading must change nothing"),
    Breach("a key that the entries lack", "terms", '{"options": "value"}', '{"options": "id"}', "test_the_spelling", "one of them promises what the values do not keep"),
    Breach("an edit is not seen", "terms", '"stage", sla.Mark.DESCRIPTION', '"stage", sla.Mark.DESCRIPTION, ignored=frozenset({"place"})', "test_an_administrators", "An audit must find each of 2 edits"),
    Breach("more is written than was asked for", "writer", "        for each in changes:\n            if each", "        self.crm.execute(\"UPDATE stages SET place = 2 WHERE name = 'SAL'\")\n        for each in changes:\n            if each", "test_an_administrators", "no other"),
    Breach("what bears our mark is not returned", "reader", "if ours or address in addresses", "if address in addresses", _GONE, "the plan must let go of it alone"),
    Breach("nothing is deleted", "writer", "if each.action is sla.Action.DELETE:", "if each.action is sla.Action.DELETE and not self.crm:", _GONE, "delete List/SLA_waiting_mql"),
    Breach("a lock stops nobody", "writer", "if held and held.token", "if not crm and held.token", "test_a_lock", "DID NOT RAISE"),
    Breach("a lock lasts for ever", "writer", " and not held.over(now)", "", "test_a_lock", "is being applied to by somebody else"),
    Breach("our own lock stops us", "writer", "held.token != ticket.token and ", "", "test_an_apply_that_is_cut", "is being applied to by contract"),
    Breach("a lost lock is not noticed", "writer", "if note(self.crm, LOCK) != self.lock:", "if not self.lock:", "test_a_run_that_lost", "DID NOT RAISE"),
    Breach("nothing is examined", "reader", '(*TABLES.values(), "people")', "()", "test_it_examines", "Let examine yield at least"),
    Breach("an error says not what to do", "reader", 'hint="Correct the file of the target."', 'hint=""', "test_a_platform_that_does_not", "Say in the hint what to do"),
    Breach("a record without history has a story", "reader", 'raise sla.SlaSyncError(f"The CRM', 'return sla.SlaSyncError(f"The CRM', "test_a_record", "DID NOT RAISE"),
    Breach("a secret that is never tried", "terms", "file: Path =", "token: SecretStr | None = None\n    file: Path =", "test_a_wrong", "`refused` must answer for them"),
    Breach("a simulator that is never judged", "__init__", "build={}", "build={}, simulator=list", "test_a_simulator", "derive from sla_sync.testing.simulated.SimulatedContract"),
)  # fmt: skip

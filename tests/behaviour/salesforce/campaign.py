"""Every mistake in every flow, and many random weeks: what takes too long for a test. Run it with `python -m`.

python -m tests.behaviour.salesforce.campaign mutants
python -m tests.behaviour.salesforce.campaign weeks 1000 calendar
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.behaviour.salesforce.mutants import of_flows, of_rows
from tests.behaviour.salesforce.mutation import EARLY, told_apart
from tests.behaviour.salesforce.orgs import agreed, applied, opened
from tests.behaviour.salesforce.scripts import Week, weeks
from tests.behaviour.salesforce.stories import STORIES
from tests.behaviour.salesforce.test_the_org_lives_the_agreement import lived

EQUIVALENT: Mapping[str, str] = {
    "Stage_Moved: $Record.IsConverted IsChanged inverted": "what is kept stays as it is where the stage did not move",
    "Take: Route__c not written": "the routing has answered in the save in which the assignment was opened",
    "Wait_Elsewhere: Route__c not written": "the routing has answered in the save in which the assignment was opened",
    "Verdict_Passes__c not written": "the ladder of that clock gives no lead on",
    "Entry.Qualifies_Now": "the stamps of the assignment, which say the same, follow in the same save",
    "Stamp_Qualified": "the stamps of the assignment, which say the same, follow in the same save",
    "Cycle.Begin: Leg_Owner": "every owner here is a person or a queue of the agreement",
    "Open_Cycle: OwnerId not written": "the routing writes it in the same save",
    "Open_Cycle: Team__c not written": "the routing writes it in the same save",
    "Open_Cycle: Calendar__c not written": "the routing writes it in the same save",
}
"""Part of the name of a mistake → why no history can tell it."""


def main(arguments: Sequence[str]) -> int:
    """Run the part that is asked for, and return how many mistakes or weeks nobody can explain."""
    match list(arguments):
        case ["mutants"]:
            return mutants()
        case ["weeks", number, engine]:
            return random_weeks(engine, int(number))
        case ["mutants", flow]:
            return mutants(flow)
    print(__doc__)
    return 2


def mutants(named: str = "") -> int:
    """Print every mistake in flows so named that no story tells, and return how many of them have no reason."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        kept, agreement = applied(Path(folder) / "org", deadlines="calendar"), agreed()
        made = (*of_flows(opened(kept, Path(folder) / "first", at=EARLY)), *of_rows())
        every = [each for each in made if each.name.startswith(named)]
        stories, living, excused = list(STORIES), list[str](), 0
        for mutant in every:
            by = told_apart(kept, agreement, mutant, stories)
            if by is None:
                why = next((why for part, why in EQUIVALENT.items() if part in mutant.name), None)
                print(f"lives: {mutant.name}{'' if why is None else f' ({why})'}", flush=True)
                excused += why is not None
                living += [mutant.name]
            else:
                # What told the last mistake tells the next one of the same flow most often.
                stories.remove(by)
                stories.insert(0, by)
    unexplained = len(living) - excused
    spent = time.monotonic() - began
    print(
        f"{len(every)} mistakes, {len(every) - len(living)} told, {excused} equivalent, {unexplained} not; {spent:.0f} s"
    )
    return unexplained


def random_weeks(engine: str, number: int) -> int:
    """Play random weeks in an org with one engine, and return in how many of them it differs from the model."""
    began, differing, played = time.monotonic(), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        kept, agreement = applied(Path(folder) / "org", deadlines=engine), agreed()

        @seed(0)
        @settings(
            max_examples=number,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(week=weeks())
        def play_one(week: Week) -> None:
            nonlocal differing, played
            played += 1
            found = lived((engine, kept), agreement, week, {})
            if played % 50 == 0:
                print(f"{engine}: {played} weeks so far, {differing} differ", flush=True)
            if found:
                differing += 1
                print(week, *found, sep="\n", flush=True)

        play_one()
    leads = played * 5
    print(f"{engine}: {played} weeks, {leads} histories, {differing} weeks differ; {time.monotonic() - began:.0f} s")
    return differing


if __name__ == "__main__":
    sys.exit(min(main(sys.argv[1:]), 100))

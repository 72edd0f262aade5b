"""Edits are all of the change and nothing but it, and every one of them is spoken for once."""

from __future__ import annotations

import copy
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.digest import meaning_digest
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.meaning import is_signed_of_binding, is_upkeep
from sla_sync.agreement.source import read_source, read_text_source
from sla_sync.diagnostics import KeyPath
from sla_sync.review.amendments import ABSENT, Edit, Renaming, Revision
from sla_sync.review.difference import difference
from sla_sync.review.edits import apply_edits, edits, plain_of, renamings, reversed_edits
from sla_sync.review.renaming import renamed_plain
from tests.agreement.documents import CONFIGS
from tests.haste import examples
from tests.review.revisions import acme, change, changed

FOLDERS = ("acme", "examples/agency", "examples/enterprise", "examples/product-led", "examples/startup")
_DIGITS = re.compile(r"[1-9][0-9]*")


@cache
def _documents(folder: str) -> Mapping[str, Any]:
    """Return what the agreement and the bindings of a folder say, by file."""
    root = CONFIGS / folder
    files = (root / "agreement.yaml", *sorted((root / "bindings").glob("*.yaml")))
    return {each.stem: dict(read_source(each, root=root).data or {}) for each in files}


def read(documents: Mapping[str, Any], *, days: str = "2026-12-25") -> Revision:
    """Return a revision; bindings are read without their connectors, whose keys are left out."""
    agreement = Agreement.model_validate(documents["agreement"])
    bindings = {
        name: BindingDocument.model_validate({key: each[key] for key in each if key in BindingDocument.model_fields})
        for name, each in documents.items()
        if name != "agreement"
    }
    holidays = {"holidays.txt": days}
    return Revision("any", agreement, bindings, holidays, meaning_digest(agreement, bindings.values(), holidays))


@cache
def _unchanged(folder: str) -> Revision:
    return read(_documents(folder))


def _places(value: object, path: KeyPath = ()) -> Iterator[KeyPath]:
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in entries:
        yield (*path, key)
        yield from _places(each, (*path, key))


def _at(value: Any, path: KeyPath) -> Any:
    for step in path:
        value = value[step]
    return value


def _otherwise(value: object, dice: random.Random) -> object:
    """Return another value that is likely to be one: other figures, another order, another word of the same kind."""
    match value:
        case bool():
            return not value
        case int() | float():
            return value + dice.choice((1, -1, 10))
        case str():
            return _DIGITS.sub(lambda found: str(int(found[0]) + 1), value) if _DIGITS.search(value) else f"{value}x"
        case list():
            return dice.sample(value, len(value))
        case dict():
            return {key: value[key] for key in dice.sample(list(value), len(value))}
        case _:
            return value


def mutated(documents: Mapping[str, Any], dice: random.Random, times: int) -> dict[str, Any]:
    """Return documents with places changed, taken away or doubled under another name."""
    said = copy.deepcopy(dict(documents))
    for _ in range(times):
        path = dice.choice(list(_places(said)))
        holder, key = _at(said, path[:-1]), path[-1]
        deed = dice.choice(("other", "gone", "double"))
        if len(path) == 1:
            continue
        if deed == "gone":
            del holder[key]
        elif deed == "double" and isinstance(holder, dict):
            holder[f"{key}x"] = copy.deepcopy(holder[key])
        else:
            holder[key] = _otherwise(holder[key], dice)
    return said


def _valid(documents: Mapping[str, Any], days: str) -> Revision | None:
    try:
        return read(documents, days=days)
    except (ValidationError, TypeError, AttributeError):
        return None


@dataclass(frozen=True)
class Case:
    """An example, and by which throws of the dice it becomes another revision."""

    folder: str
    seed: int
    times: int
    days: str

    @property
    def revisions(self) -> tuple[Revision, Revision]:
        """The example, and the first of its mutations that is an agreement."""
        dice = random.Random(self.seed)
        mutations = (_valid(mutated(_documents(self.folder), dice, self.times), self.days) for _ in range(8))
        after = next((each for each in mutations if each is not None), None)
        assume(after is not None)
        assert after is not None
        return _unchanged(self.folder), after


CASES = st.builds(
    Case,
    folder=st.sampled_from(FOLDERS),
    seed=st.integers(0, 10**9),
    times=st.integers(1, 4),
    days=st.sampled_from(("2026-12-25", "2026-12-25\n2026-12-24")),
)


def bears_meaning(edit: Edit) -> bool:
    """Return whether the digest must change with this edit."""
    part, *keys = edit.path
    if part == "bindings":
        return is_signed_of_binding(tuple(keys[1:]), edit.before, edit.after)
    return part == "holidays" or not is_upkeep(tuple(keys))


@given(CASES)
@settings(max_examples=examples(30), deadline=None)
def test_the_edits_lead_from_the_old_revision_to_the_new_one_and_back(case: Case) -> None:
    before, after = case.revisions
    found = edits(before, after)
    assert apply_edits(plain_of(before), found, renamings(before, after)) == plain_of(after)
    assert apply_edits(plain_of(after), reversed_edits(found)) == renamed_plain(
        plain_of(before), renamings(before, after)
    )


@given(CASES)
@settings(max_examples=examples(30), deadline=None)
def test_the_digest_changes_exactly_where_an_edit_bears_meaning(case: Case) -> None:
    before, after = case.revisions
    assert (before.digest != after.digest) is any(map(bears_meaning, edits(before, after)))


@given(CASES)
@settings(max_examples=examples(30), deadline=None)
def test_every_edit_belongs_to_exactly_one_amendment(case: Case) -> None:
    before, after = case.revisions
    found = difference(before, after)
    told = Counter(each.path for amendment in found.amendments for each in amendment.edits)
    assert told == Counter(each.path for each in edits(before, after))
    assert all(each.sentence.endswith(".") and each.sentence.strip() for each in found.amendments)


@given(folder=st.sampled_from(FOLDERS), seed=st.integers(0, 10**6))
@settings(max_examples=examples(10), deadline=None)
def test_the_order_of_keys_is_no_change_but_where_the_first_that_matches_counts(folder: str, seed: int) -> None:
    documents = copy.deepcopy(dict(_documents(folder)))
    _shuffle(documents, random.Random(seed))
    found = edits(_unchanged(folder), read(documents))
    assert all(each.path[-1] == "<order>" for each in found)


def _shuffle(value: object, dice: random.Random) -> None:
    if isinstance(value, dict):
        for each in value.values():
            _shuffle(each, dice)
        entries = list(value.items())
        dice.shuffle(entries)
        value.clear()
        value.update(entries)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("warm: 2 business hours", "warm: 120 business minutes"),
        ("mql_to_close: 60 days", "mql_to_close: P60D"),
        ("revisit: 90 days", "revisit: 2160 hours"),
        ("on_time: 90%", "on_time: 90.0 %"),
        ("when: source is demo_request or contact_sales", "when: source is contact_sales or demo_request"),
        ("stage is mql and account_owner is known", "account_owner is known and (stage is mql)"),
        ("needs: [email, company, country, source]", "needs: [source, email, company, country]"),
        ("open: {mon-fri: 09:00-17:00}", "open: {mon-thu: 09:00-17:00, friday: 09:00-17:00, sat: closed}"),
        ("holidays: [2026-11-26, 2026-12-25]", "holidays: [2026-12-25, {day: 2026-11-26, open: closed}]"),
        ("touches >= 6 and channels >= 2 before", "channels >= 2 and touches >= 6 before"),
        ("at_most: no limit", "at_most: every time"),
        ("next: [sal, recycled, disqualified]", "next: [recycled, disqualified, sal]"),
        (
            "quality: {exclude: [competitor, employee, student, test]}",
            "quality: {exclude: [test, competitor, employee, student]}",
        ),
    ],
)
def test_another_spelling_of_the_same_is_no_edit(old: str, new: str) -> None:
    before, after = acme(), acme((old, new))
    assert edits(before, after) == ()
    assert before.digest == after.digest


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("hot: 15 business minutes", "hot: 15 minutes", ("commitments", "first-response", "within", "hot")),
        ("needs: [need, authority, next_step]", "needs: [need, authority]", ("stages", "sql", "needs", "next_step")),
        ("holidays: [2026-11-26, ", "holidays: [", ("calendars", "office", "holidays", "2026-11-26")),
        ("handoff: {include: [source, last_action, score_reasons]}\n", "", ("handoff", "include")),
        ("    members: 2\n", "    members: 3\n", ("teams", "sdr", "members")),
    ],
)
def test_an_edit_names_the_smallest_place_that_says_otherwise(old: str, new: str, place: KeyPath) -> None:
    before, after = acme(), acme((old, new))
    (found,) = edits(before, after)
    assert found.path == ("agreement", *place)
    assert apply_edits(plain_of(before), [found]) == plain_of(after)
    assert apply_edits(plain_of(after), reversed_edits([found])) == plain_of(before)


def test_what_stands_on_one_side_only_is_absent_on_the_other() -> None:
    (found,) = edits(acme(), acme(("    stretch: 150 per month\n", "")))
    assert (found.before, found.after) == ("150 per month", ABSENT)


UNFIT = [
    ("  disqualified: {means: Never", "  unfit: {means: Never"),
    ("mql, disqualified]", "mql, unfit]"),
    ("recycled, disqualified]", "recycled, unfit]"),
]
MOVED = ("accepted:\n", "moved: {stages: {disqualified: unfit}}\n\naccepted:\n")
UNFIT_THERE = {"salesforce": [("  disqualified:", "  unfit:")], "hubspot": [("  disqualified:", "  unfit:")]}


def test_a_renamed_stage_leaves_no_edit_but_its_own() -> None:
    found = change(*UNFIT, MOVED, **UNFIT_THERE)
    assert found.renamings == (Renaming("stages", "disqualified", "unfit"),)
    assert [edit.path for each in found.amendments for edit in each.edits] == [
        ("agreement", "moved", "stages", "disqualified")
    ]


def test_a_rename_that_nobody_declared_is_a_removal_and_an_addition() -> None:
    found = change(*UNFIT, **UNFIT_THERE)
    assert found.renamings == ()
    sentences = " ".join(each.sentence for each in found.amendments)
    assert "«disqualified» is gone" in sentences
    assert "«unfit» is new" in sentences
    assert "`moved`" in sentences


RICH = (
    (
        "first-response:\n    by: vp_sales",
        "first-response:\n    by: vp_sales\n    where: employees >= 10 or stage is mql",
    ),
    ("after: 1 business day, notify", "after: 1 business day, stage: recycled, reason: no_response, notify"),
    ("quality: {", "quality: {valid: {employees: employees > 0}, needs: {mql: [employees]}, "),
    ("priorities:  ", "groups: {complete: [employees, email], big: [employees >= 200]}\n\npriorities:  "),
    ("handoff: {include: [", "handoff: {include: [employees, "),
    ("restarts: reassigned", "restarts: account_owner changes"),
)
"""The example with the words that are renamed below in every sort of place."""


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("stages", "mql", "ready"),
        ("stages", "recycled", "parked"),
        ("reasons", "no_response", "silent"),
        ("fields", "employees", "a_headcount"),
        ("fields", "account_owner", "key_owner"),
    ],
)
def test_a_renaming_reaches_every_place_that_names_the_word(kind: str, old: str, new: str) -> None:
    before = _texts_with(RICH)
    after = {name: re.sub(rf"(?<![\w-]){old}(?![\w-])", new, text) for name, text in before.items()}
    moved = f"moved: {{{kind}: {{{old}: {new}}}}}\n"
    found = difference(_of(before), _of({**after, "agreement": after["agreement"] + moved}))
    assert [(each.renaming, each.sentence) for each in found.amendments] == [
        (Renaming(kind, old, new), f"{kind.capitalize().rstrip('s')} «{old}» is called «{new}».")
    ]


def _texts_with(replacements: Iterable[tuple[str, str]]) -> dict[str, str]:
    root = CONFIGS / "acme"
    texts = {each.stem: each.read_text(encoding="utf-8") for each in (root / "bindings").glob("*.yaml")}
    agreement = (root / "agreement.yaml").read_text(encoding="utf-8")
    return {**texts, "agreement": changed(agreement, replacements)}


def _of(texts: Mapping[str, str]) -> Revision:
    return read({name: dict(read_text_source(text).data or {}) for name, text in texts.items()})


def test_two_words_that_became_one_are_no_renaming() -> None:
    found = change(
        ("    no_budget:   {means: Interested but not funded., revisit: 180 days}\n", ""),
        ("accepted:\n", "moved: {reasons: {no_budget: bad_timing}}\n\naccepted:\n"),
    )
    assert found.renamings == ()
    assert any("no_budget" in each.sentence for each in found.amendments)


def test_only_the_steward_is_asked_about_what_no_party_signs() -> None:
    before = acme()
    after = acme(
        ("status: agreed", "status: draft"), salesforce=[("queues: {marketing_queue: Marketing_Queue}", "queues: {}")]
    )
    found = difference(before, after)
    assert before.digest == after.digest
    assert {str(each.matter) for each in found.amendments} == {"technical"}

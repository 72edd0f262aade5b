"""Coverage: each line of the agreement once, held by settings or kept by a numbered step, and never silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from sla_sync.agreement.source import read_source
from sla_sync.pipeline.coverage import coverage as coverage_of
from sla_sync.places import find_place
from sla_sync.reconcile.coverage import Coverage, CoveredLine, StepKind, coverage
from sla_sync.reconcile.kept_by_people import advice_for
from sla_sync.reconcile.lines import lines_of, whole_of
from sla_sync.reconcile.settings import Address, Aspect, Desired, Gap, Mark, SettingType, Translation
from tests.agreement.documents import ACME, CONFIGS

AGREED = {
    "stages": {"mql": {"means": "Ready.", "enter_when": "score > 1", "next": ["sal"]}, "sal": {"means": "Ours."}},
    "commitments": {"fast": {"by": "sales", "promise": "Quick.", "within": {"hot": "1 hour", "warm": "1 day"}}},
    "scoring": {"person": {"threshold": 100, "fit": {"max": 70, "add": {"size": {"points": 5}}}}},
    "terms": {"touch": "A call."},
}
TYPES = {"Rule": SettingType("Rule", "rule", Mark.MANIFEST, aspects=frozenset({Aspect.ENFORCED}))}


def rule(name: str, *origins: tuple[str | int, ...], **aspects: Aspect) -> Desired:
    return Desired(
        Address("Rule", name),
        {},
        origins={(str(number),): each for number, each in enumerate(origins)},
        aspects={tuple(place.split("__")): frozenset({each}) for place, each in aspects.items()},
    )


def covered(*desired: Desired, gaps: tuple[Gap, ...] = ()) -> Coverage:
    return coverage(AGREED, Translation(desired, gaps), TYPES, agreement="small", platform="paper")


def line(found: Coverage, path: str) -> CoveredLine:
    return next(each for each in found.lines if ".".join(map(str, each.path)) == path)


@pytest.mark.parametrize("target", ["salesforce-simulator", "hubspot-simulator"])
def test_each_line_of_acme_is_there_once_and_is_held_or_a_step(target: str) -> None:
    (found,) = coverage_of(find_place(CONFIGS / "acme", here=Path.cwd()), target)
    paths = [each.path for each in found.coverage.lines]
    data = read_source(ACME, root=ACME.parent).data
    assert paths == list(lines_of(data or {}))
    assert len(set(paths)) == len(paths) > 100
    numbers = [each.number for each in found.coverage.steps]
    assert numbers == list(range(1, len(numbers) + 1))
    for each in found.coverage.lines:
        assert each.settings or each.steps, each.path
        assert set(each.steps) <= set(numbers)
    people = [each for each in found.coverage.steps if each.kind is StepKind.PEOPLE]
    assert all(each.advice.endswith(".") and "None" not in each.advice for each in people)


@pytest.mark.parametrize("target", ["salesforce-simulator", "hubspot-simulator"])
def test_a_tick_comes_from_a_setting_and_a_line_without_one_has_a_step(target: str) -> None:
    (found,) = coverage_of(find_place(CONFIGS / "acme", here=Path.cwd()), target)
    for each in found.coverage.lines:
        assert bool(each.aspects) is bool(each.settings), each.path
        assert each.aspects or each.steps, each.path


HELD = {
    "calendars.office": "documented enforced",
    "terms.touch": "recorded enforced",
    "scoring.person.threshold": "documented enforced",
    "stages.mql.enter_when": "documented recorded enforced",
    "stages.mql.needs": "documented enforced measured",
    "stages.opportunity": "",
    "commitments.first-response.within.warm": "documented recorded measured",
    "commitments.first-response.on_time": "measured",
    "commitments.first-response.warn": "documented recorded alerted",
    "commitments.first-response.on_breach.0": "documented recorded alerted",
    "commitments.first-response.on_breach.1": "documented recorded enforced",
    "commitments.verdict.warn": "documented recorded",
    "reasons.recycle.other.note": "documented recorded enforced",
    "reasons.recycle.no_budget.revisit": "recorded alerted",
    "reasons.disqualify.other": "documented recorded enforced measured",
    "reasons.lost.price": "documented",
    "reasons.lost.other": "documented",
    "routing.otherwise": "enforced",
    "reviews.weekly": "",
}
"""Lines of acme on Salesforce as revenue operations read them: `verdict` is only recorded, and no deal is managed yet."""


def test_each_tick_of_acme_on_salesforce_is_true() -> None:
    (found,) = coverage_of(find_place(CONFIGS / "acme", here=Path.cwd()), "salesforce-simulator")
    shown = {path: " ".join(a for a in Aspect if a in line(found.coverage, path).aspects) for path in HELD}
    assert shown == HELD


def test_a_property_that_nobody_writes_is_only_documented() -> None:
    (found,) = coverage_of(find_place(CONFIGS / "acme", here=Path.cwd()), "hubspot-simulator")
    assert line(found.coverage, "commitments.first-response").aspects == {Aspect.DOCUMENTED}
    assert line(found.coverage, "reasons.disqualify.other").aspects == {Aspect.DOCUMENTED, Aspect.RECORDED}


def test_every_word_of_acme_belongs_to_a_line() -> None:
    data = read_source(ACME, root=ACME.parent).data or {}
    lines = set(lines_of(data))
    silent = {section for section in data if not any(path[0] == section for path in lines)}
    assert silent == {"apiVersion", "kind"}


def test_a_setting_counts_for_the_most_exact_line_and_for_the_whole_around_it() -> None:
    found = covered(rule("hot", ("commitments", "fast", "within", "hot")))
    assert [str(each) for each in line(found, "commitments.fast.within.hot").settings] == ["Rule/hot"]
    assert line(found, "commitments.fast").settings == (Address("Rule", "hot"),)
    assert line(found, "commitments.fast.within.warm").settings == ()


def test_a_setting_that_comes_from_a_whole_section_holds_none_of_its_lines() -> None:
    found = covered(rule("all", ("stages",)))
    assert line(found, "stages.sal").settings == ()


def test_what_a_setting_does_is_told_by_its_type_or_more_exactly_by_itself() -> None:
    entry = ("stages", "mql", "enter_when")
    plain = line(covered(rule("a", entry)), "stages.mql.enter_when")
    exact = line(covered(rule("a", entry, stages__mql__enter_when=Aspect.ALERTED)), "stages.mql.enter_when")
    assert (plain.aspects, exact.aspects) == (frozenset({Aspect.ENFORCED}), frozenset({Aspect.ALERTED}))


def test_a_setting_that_does_nothing_for_a_line_does_not_hold_it() -> None:
    access = Desired(Address("Access", "all"), {}, origins={(): ("terms", "touch")})
    assert line(covered(access), "terms.touch").settings == ()


def test_steps_of_the_plan_keep_their_numbers_and_people_s_steps_follow() -> None:
    gaps = (Gap("a", "a", "Do this.", ("terms", "touch")), Gap("b", "b", "Do that.", ("stages", "sal")))
    found = covered(gaps=gaps)
    assert [each.advice for each in found.steps[:2]] == ["Do this.", "Do that."]
    assert line(found, "terms.touch").steps == (1,)
    assert {each.kind for each in found.steps[2:]} == {StepKind.PEOPLE}
    assert found.held + found.kept(StepKind.PLATFORM) + found.kept(StepKind.PEOPLE) == len(found.lines)


def test_a_step_about_a_section_stands_for_the_lines_inside_unless_settings_come_from_it_too() -> None:
    gap = Gap("scoring", "scoring", "Score elsewhere.", ("scoring",))
    assert line(covered(gaps=(gap,)), "scoring.person.fit.add.size").steps == (1,)
    pushed = covered(rule("field", ("scoring",)), gaps=(gap,))
    assert line(pushed, "scoring.person.fit.add.size").steps != (1,)


def test_a_whole_that_nothing_holds_has_the_steps_of_its_parts() -> None:
    found = covered()
    parts = [each for each in found.lines if whole_of(each.path) == ("commitments", "fast")]
    assert line(found, "commitments.fast").steps == tuple(number for each in parts for number in each.steps)


def test_what_people_keep_is_said_in_the_words_of_the_agreement() -> None:
    found = covered()
    advice = {each.id: each.advice for each in found.steps}
    assert advice["people:commitments.fast.within.hot"] == "Look by hand whether a lead is still within: 1 hour."
    assert (
        advice["people:terms.touch"] == "Use the word touch as agreed, and read it out where somebody is new: A call."
    )
    assert advice["people:stages.sal"] == "Keep stages.sal by hand when leads are moved: Ours."


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        (("reasons", "lost", "other", "note"), "x", "Write a note with the reason other of the list lost; it is x."),
        (("reasons", "recycle", "late", "revisit"), "ask", "Note when to come back to a lead that left for late: ask."),
        (("stages", "recycled", "contact_if"), "opt_out is no", "Write to or call people in recycled only where opt_out is no."),
        (("scoring", "person", "fit", "max"), 70, "Cap the points for fit in the product that scores leads at 70."),
        (("metadata", "currency"), "USD", "State every amount in USD."),
        (("routing", "otherwise"), "desk", "Give a lead that no line of the routing fits to: desk."),
        (("unheard_of", "thing"), True, "Keep unheard_of.thing by hand: true."),
    ],
)  # fmt: skip
def test_advice_says_in_plain_words_what_a_person_does(path: tuple[str, ...], value: object, said: str) -> None:
    assert advice_for(path, value) == said

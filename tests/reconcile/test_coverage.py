"""Coverage: each line of the agreement once, held by settings or kept by a numbered step, and never silent."""

from __future__ import annotations

from pathlib import Path

import pytest

from sla_sync.agreement.source import read_source
from sla_sync.pipeline.coverage import coverage as coverage_of
from sla_sync.places import find_place
from sla_sync.reconcile.coverage import Coverage, CoveredLine, StepKind, coverage
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
    assert (
        advice["people:terms.touch"] == "Use the word touch as agreed, and read it out where somebody is new: A call."
    )
    assert advice["people:stages.sal"] == "Keep stages.sal by hand when leads are moved: Ours."

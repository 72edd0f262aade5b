"""Rules of scores: what can be earned, what it takes, and which model counts."""

from __future__ import annotations

import pytest

from tests.lint.cases import acme_with, found, places

HAND_RAISE = "hand_raise: {when: source is demo_request, points: 100, at_most: once}"


def fit(text: str) -> str:
    return f"scoring: {{person: {{fit: {text}}}}}"


def engagement(
    signals: str, *, threshold: int = 100, floor: int | None = None, decay: str | None = "{points: -10, every: 30 days}"
) -> str:
    """Return an excerpt with these signals in the place of those of the example."""
    low = "" if floor is None else f"floor: {floor}, "
    fading = "" if decay is None else f", decay: {decay}"
    return f"scoring: {{person: {{{low}threshold: {threshold}, engagement: {{add: {{{signals}}}{fading}}}}}}}"


def signals(*said: tuple[str, int, str]) -> str:
    """Return an excerpt with these signals, called a, b and so on: when, how many points, and how often at most."""
    texts = [f"{{when: {when}, points: {points}, at_most: {most}}}" for when, points, most in said]
    return engagement(", ".join(f"{name}: {text}" for name, text in zip("abc", texts, strict=False)))


# The fit of the example gives 35 + 15 + 20 = 70 points, which is also its cap.
@pytest.mark.parametrize(
    ("signal", "threshold", "reached"),
    [
        ("{when: did attend webinar, points: 10, at_most: 3 times}", 100, True),
        ("{when: did attend webinar, points: 10, at_most: 3 times}", 101, False),
        ("{when: did attend webinar, points: 30, at_most: once}", 101, False),
        ("{when: did attend webinar, points: 1, at_most: 1 per day}", 10_000, True),
        ("{when: did attend webinar, points: 1, at_most: no limit}", 10_000, True),
        ("{when: did attend webinar, points: undecided, at_most: once}", 10_000, True),
    ],
    ids=["exactly", "by one point", "once", "day by day", "without limit", "not agreed yet"],
)
def test_a_threshold_is_held_against_all_that_can_be_earned(signal: str, threshold: int, *, reached: bool) -> None:
    agreement = acme_with(engagement(f"webinar: {signal}", threshold=threshold))
    assert (found("SLA250", agreement) == []) is reached


def test_a_threshold_beyond_reach_names_what_can_be_earned() -> None:
    agreement = acme_with(engagement("webinar: {when: did attend webinar, points: 20, at_most: once}", threshold=91))
    (one,) = found("SLA250", agreement)
    assert "91 points: fit and engagement give 90 at most" in one.message


def test_a_threshold_that_is_a_share_of_all_leads_can_be_reached() -> None:
    assert found("SLA250", acme_with("scoring: {person: {threshold: top 10% of inquiries}}")) == []


@pytest.mark.parametrize(
    ("signal", "alone"),
    [
        ("{when: did download ebook, points: 100, at_most: once}", ["points"]),
        ("{when: did download ebook, points: 99, at_most: no limit}", []),
        ("{when: source is webinar, points: 100, at_most: once}", ["points"]),
        ("{when: source is demo_request, points: 100, at_most: once}", []),
        ("{when: did request quote, points: 100, at_most: once}", []),
    ],
    ids=["a download", "one point less", "a nurtured source", "a source that sales works", "a request"],
)
def test_only_people_who_ask_for_something_may_qualify_by_one_deed(signal: str, alone: list[str]) -> None:
    assert places("SLA251", acme_with(engagement(f"deed: {signal}"))) == alone


@pytest.mark.parametrize(
    ("brackets", "wrong"),
    [
        ("{from 0: 0, from 11: 10, from 1000: 20}", []),
        ("{1 to 10: 5, 11 to 200: 20}", []),
        ("{1 to 10: 5, 10 to 200: 20}", ["10 to 200"]),
        ("{1 to 10: 5, 12 to 200: 20}", ["12 to 200"]),
        ("{1 to 10: 5, from 10: 20}", ["from 10"]),
        ("{1 to 10: 5, from 11: 20}", []),
        ("{from 1: 5, 5 to 10: 20}", []),
        ("{0 to 2.5: 5, 2.6 to 10: 20}", ["2.6 to 10"]),
    ],
)
def test_brackets_of_one_field_meet_and_do_not_overlap(brackets: str, wrong: list[str]) -> None:
    assert places("SLA252", acme_with(fit(f"{{max: 70, brackets: {{employees: {brackets}}}}}"))) == wrong


@pytest.mark.parametrize(
    ("brackets", "lead"),
    [("{1 to 10: 5, 10 to 200: 20}", "employees 10 "), ("{1 to 10: 5, 20 to 200: 20}", "employees 11 ")],
    ids=["overlap", "gap"],
)
def test_a_lead_that_shows_what_is_wrong_with_brackets_is_named(brackets: str, lead: str) -> None:
    (one,) = found("SLA252", acme_with(fit(f"{{max: 70, brackets: {{employees: {brackets}}}}}")))
    assert lead in one.message


@pytest.mark.parametrize(
    ("grade", "wrong"),
    [
        ("{fit: {A: 55, B: 35, C: 0}, engagement: {1: 60, 2: 0}}", []),
        ("{fit: {A: 55, B: 55}}", ["B"]),
        ("{fit: {A: 55, C: 0}}", ["fit"]),
        ("{engagement: {1: 10, 3: 0}}", ["engagement"]),
        ("{fit: {A: employees >= 200, B: 0}}", []),
        ("{fit: {B: 0, A: 55}}", []),
    ],
    ids=["in order", "equal", "no B", "no 2", "a condition", "the order in the file does not count"],
)
def test_grades_are_complete_and_their_cut_offs_fall(grade: str, wrong: list[str]) -> None:
    assert places("SLA253", acme_with(f"scoring: {{person: {{grade: {grade}}}}}")) == wrong


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("{max: 99, add: {size: {when: employees >= 200, points: 500}}}", []),
        ("{add: {size: {when: employees >= 200, points: 60}}, brackets: {seats: {from 0: 0, from 5: 40}}}", ["fit"]),
        ("{add: {size: {when: employees >= 200, points: 60}}, brackets: {seats: {from 0: 0, from 5: 39}}}", []),
    ],
    ids=["the cap counts", "brackets count", "one point less"],
)
def test_fit_alone_is_never_enough(text: str, alone: list[str]) -> None:
    assert places("SLA254", acme_with(fit(text))) == alone


@pytest.mark.parametrize(
    ("decay", "floor", "wrong"),
    [
        ("{points: -10, after: 30 days idle, every: 30 days}", None, []),
        ("{points: 10, every: 30 days}", None, ["decay"]),
        ("{points: -10, every: 30 days}", 100, ["decay"]),
        ("{points: -10, every: 30 days}", 99, []),
        # 70 of the fit and 100 of the hand-raise, less 10 once, leave 160.
        ("{points: -10, after: 30 days idle}", None, ["decay"]),
        ("{points: -71, after: 30 days idle}", None, []),
        (None, None, ["engagement"]),
    ],
    ids=["fades", "grows", "floor", "low floor", "once", "once is enough", "never"],
)
def test_engagement_fades_below_the_threshold(decay: str | None, floor: int | None, wrong: list[str]) -> None:
    assert places("SLA255", acme_with(engagement(HAND_RAISE, floor=floor, decay=decay))) == wrong


def test_a_short_cut_past_the_exclusions_of_the_score_is_found_unless_every_report_excludes_them() -> None:
    short_cut = "stages: {inquiry: {accountable: vp_marketing, next: [{mql: source is demo_request}]}}\n"
    assert places("SLA256", acme_with(short_cut)) == []
    (one,) = found("SLA256", acme_with(f"{short_cut}quality: {{exclude: [test]}}"))
    assert "competitor, employee, student" in one.message


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("stages: {inquiry: {accountable: vp_marketing, next: [mql, sal]}}", "company, country, email, source"),
        ("routing: {first_match: [{when: source is demo_request, stage: sal}]}", "company, country, email, source"),
        ("routing: {first_match: [{when: stage is mql, stage: sal}]}", ""),
        ("stages: {inquiry: {accountable: vp_marketing, next: [mql, disqualified]}}", ""),
    ],
    ids=["a move", "a route", "a route from qualification", "an exit"],
)
def test_a_short_cut_past_what_a_lead_needs_is_found(text: str, missing: str) -> None:
    messages = [each.message for each in found("SLA256", acme_with(text))]
    assert len(messages) == bool(missing)
    assert all(missing in each for each in messages)


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        (signals(("did open email", 5, "1 per day")), ["a"]),
        (signals(("did open email", 50, "once"), ("did click link", 50, "once")), ["a"]),
        (signals(("did open email", 50, "once"), ("did click link", 49, "once")), []),
        (signals(("did visit pricing_page", 5, "1 per day")), []),
    ],
    ids=["without end", "together", "one point less", "visits"],
)
def test_mail_alone_is_never_enough(text: str, alone: list[str]) -> None:
    assert places("SLA258", acme_with(text)) == alone


SEGMENTS = "segments: {size: {large: employees >= 200, small: employees < 200}, place: {west: region is west}}\n"


@pytest.mark.parametrize(
    ("models", "together"),
    [
        ("{person: {}, product: {threshold: 5}}", True),
        ("{person: {precedence: 1}, product: {threshold: 5, precedence: 2}}", False),
        ("{person: {precedence: 1}, product: {threshold: 5, precedence: 1}}", True),
        ("{person: {for: large}, product: {for: small, threshold: 5}}", False),
        ("{person: {for: large}, product: {for: west, threshold: 5}}", True),
        ("{person: {for: large}, product: {for: large, threshold: 5}}", True),
        ("{person: {}, product: {for: west, threshold: 5}}", True),
    ],
    ids=["all", "in order", "same rank", "one division", "two divisions", "one segment", "all and some"],
)
def test_one_model_counts_for_each_lead(models: str, *, together: bool) -> None:
    assert (found("SLA259", acme_with(f"{SEGMENTS}scoring: {models}")) != []) is together


def test_two_models_may_score_one_lead_where_every_condition_names_its_model() -> None:
    named = "stages: {mql: {accountable: vp_marketing, enter_when: person score reaches threshold, next: [sal]}}\n"
    assert found("SLA259", acme_with(f"{named}scoring: {{product: {{threshold: 5}}}}")) == []


@pytest.mark.parametrize(
    ("text", "twice"),
    [
        (signals(("did attend webinar", 5, "once"), ("did attend webinar", 9, "once")), ["b"]),
        (signals(("source is demo_request", 5, "once"), ("source is contact_sales or demo_request", 9, "once")), ["b"]),
        (signals(("source is demo_request", 5, "once"), ("did submit demo_request", 9, "once")), ["b"]),
        (signals(("did attend webinar", 5, "once"), ("did attend webinar 3 times", 9, "once")), []),
        (signals(("did attend webinar", 5, "once"), ("did attend webinar", -9, "once")), []),
    ],
    ids=["one deed", "one source", "form and source", "again and again", "taken away"],
)
def test_one_occasion_gives_points_once(text: str, twice: list[str]) -> None:
    assert places("SLA260", acme_with(text)) == twice


@pytest.mark.parametrize(("keeper", "twice"), [("hubspot", []), ("salesforce", ["again"])])
def test_two_platforms_do_not_score_one_occasion(keeper: str, twice: list[str]) -> None:
    signal = "{when: did attend webinar, points: 5, at_most: once}"
    models = (
        f"scoring: {{person: {{kept_in: hubspot, engagement: {{add: {{once: {signal}}}}}}},\n"
        f"  other: {{kept_in: {keeper}, engagement: {{add: {{again: {signal}}}}}}}}}"
    )
    assert places("SLA260", acme_with(models)) == twice


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (
            "{floor: 0, engagement: {add: {gone: {when: did unsubscribe mail, points: -500, at_most: once}}}}",
            ["person"],
        ),
        ("{engagement: {add: {gone: {when: did unsubscribe mail, points: -5, at_most: once}}}}", ["person"]),
        ("{floor: 0, engagement: {add: {gone: {when: did unsubscribe mail, points: -5, at_most: once}}}}", []),
        ("{engagement: {add: {}}}", []),
    ],
    ids=["outweighs all", "no floor", "with a floor", "nothing is taken"],
)
def test_points_that_are_taken_away_have_a_floor_and_a_measure(text: str, wrong: list[str]) -> None:
    assert places("SLA261", acme_with(f"scoring: {{person: {text}}}")) == wrong


@pytest.mark.parametrize(
    ("when", "endless"),
    [
        ("did visit pricing_page", True),
        ("source is webinar and did visit pricing_page", True),
        ("did not visit pricing_page in last 30 days", False),
        ("source is demo_request", False),
        ("employees >= 200", False),
    ],
)
def test_what_people_can_do_again_says_how_often_it_counts(when: str, *, endless: bool) -> None:
    assert places("SLA264", acme_with(engagement(f"it: {{when: {when}, points: 5}}"))) == (["it"] if endless else [])

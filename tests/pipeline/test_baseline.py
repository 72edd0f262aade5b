"""What commitments came to before they were promised: measured as if they had been, kept, and compared with."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from sla_sync.errors import SlaSyncError
from sla_sync.history.standing import Lacking, Standing, write_standing
from sla_sync.measures.baseline import Baseline
from sla_sync.measures.figures import Unit
from sla_sync.measures.scorecard import Status
from sla_sync.pipeline.baseline import baseline, keep, kept_baseline
from sla_sync.render.baseline import baseline_as_json, baseline_as_markdown, baseline_as_text
from tests.pipeline.exported import copied, exported, worked

SEPTEMBER = {"since": date(2026, 9, 1), "until": date(2026, 9, 30)}
"""A month before the agreement of the example, which is in force since October."""


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Baseline:
    folder = tmp_path_factory.mktemp("before")
    rows = worked("09", 30, touched=24, accepted=15)
    # A user who came in October lets the history reach to the end of September.
    later = [*rows["users"], {"user": "eva", "since": "2026-10-05 00:00", "team": "sdr"}]
    history = exported(folder / "history", **{**rows, "users": later})
    return baseline(copied(folder), history=history, **SEPTEMBER)  # type: ignore[arg-type]


@pytest.mark.slow
def test_promises_are_measured_of_a_time_in_which_nobody_had_made_them(measured: Baseline) -> None:
    found = {each.commitment: each for each in measured.kept}
    assert (measured.version, measured.synthetic, round(measured.months, 9)) == ("2026-10-01", False, 1)
    assert {name: (each.actual.value, each.actual.n) for name, each in found.items()} == {
        "mql-volume": (30, 30),
        "mql-quality": (0.5, 30),
        "first-response": (0.8, 30),
        "follow-up": (None, 0),
        "verdict": (0.5, 30),
    }
    assert found["first-response"].status is Status.OPEN


@pytest.mark.slow
def test_what_is_kept_is_what_later_reports_compare_with(measured: Baseline, tmp_path: Path) -> None:
    place = copied(tmp_path)
    assert kept_baseline(place, synthetic=False) == {}
    path = keep(place, measured)
    said = json.loads(path.read_text(encoding="utf-8"))
    assert (said["since"], said["until"], said["commitments"]["mql-volume"]["per_month"]) == (
        "2026-09-01",
        "2026-09-30",
        30,
    )
    assert said["commitments"]["first-response"]["definition"]
    found = kept_baseline(place, synthetic=False)
    assert {name: (each.value, each.unit) for name, each in found.items()} == {
        "mql-volume": (30, Unit.COUNT), "mql-quality": (0.5, Unit.SHARE), "first-response": (0.8, Unit.SHARE),
        "verdict": (0.5, Unit.SHARE),
    }  # fmt: skip
    assert kept_baseline(place, synthetic=True) == {}, "what was made up is not compared with what happened"


@pytest.mark.slow
@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"format_version": 99}', '{"format_version": 1, "synthetic": false}']
)
def test_a_baseline_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    place = copied(tmp_path)
    place.baseline.write_text(text, encoding="utf-8")
    with pytest.raises(SlaSyncError, match=r"baseline\.json is no baseline that can be read") as error:
        kept_baseline(place, synthetic=False)
    assert error.value.hint == "Measure it again with `sla-sync baseline --keep`."


@pytest.mark.slow
def test_a_baseline_is_told_with_what_each_number_means_and_leaves_out(measured: Baseline) -> None:
    text, page = baseline_as_text(measured), baseline_as_markdown(measured)
    assert re.search(r"first-response +90% +80% +30 +63–90%", text)
    assert re.search(r"mql-volume +110 a month +30 a month \(30 in all\)", text)
    assert "follow-up       85%                not known: Nothing is judged." in text
    assert "*first-response: n 30.* Done in time, of all turns whose deadline fell in the period" in page
    assert json.loads(baseline_as_json(measured))["commitments"]["verdict"]["n"] == 30


@pytest.mark.slow
@pytest.mark.parametrize("form", [baseline_as_text, baseline_as_markdown])
def test_hostile_words_of_an_agreement_are_inert(measured: Baseline, form: Callable[[Baseline], str]) -> None:
    hostile = replace(measured, title="<script>\x1b[31m|", source="[x](javascript:alert(1))")
    said = form(hostile)
    assert "\x1b" not in said
    if form is baseline_as_markdown:
        assert "<script>" not in said
        assert r"\[x\](" in said


@pytest.mark.slow
def test_what_the_history_lacks_is_said(tmp_path: Path) -> None:
    rows = worked("09", 3, touched=0, accepted=0, calls=False)
    other = [{"lead": "L0", "at": "2026-09-08 18:00", "stage": "call\nme"}]
    told = {name: each for name, each in rows.items() if name != "raises"} | {"stages": [*rows["stages"], *other]}
    history = exported(tmp_path / "history", **told)
    begun, ended = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 9, 9, 4, tzinfo=UTC)
    write_standing(history, Standing("live", "k", pseudonyms=True, since=begun, until=ended, finished=True))
    found = baseline(copied(tmp_path), history=history, since=timedelta(days=60))
    assert found.period.first == found.period.last - timedelta(days=59)
    assert found.gaps == (
        "The history holds no hand-raises: it cannot tell what counts from the moment when somebody asked.",
        "The history holds changes of stage since 2026-09-08 only: before that it cannot tell volumes, rates and verdicts.",
        "The history holds changes of owner since 2026-09-08 only: before that it cannot tell whose turn it was.",
        "The history holds no calls, mails and meetings: it cannot tell what stops at a touch or counts work.",
        "The history holds no deals: it cannot tell what was won and what it was worth.",
        "The history holds stages that the agreement does not know: call me.",
    )
    (because,) = {each.because for each in found.kept if each.commitment in {"first-response", "follow-up"}}
    assert because == "The history holds no calls, mails and meetings."


@pytest.mark.slow
def test_days_before_the_first_row_of_a_folder_are_not_measured(tmp_path: Path) -> None:
    history = exported(tmp_path / "history", **worked("09", 3, touched=0, accepted=0))
    found = baseline(copied(tmp_path), history=history, since=timedelta(days=365))
    assert found.period.first == date(2026, 9, 1)
    assert found.gaps[0] == "The history begins on 2026-09-01, so the days before are left out."


@pytest.mark.slow
def test_days_before_an_export_begins_are_not_measured_and_it_says_so(tmp_path: Path) -> None:
    history = exported(tmp_path / "history", **worked("09", 30, touched=24, accepted=15))
    begun, ended = datetime(2026, 9, 11, tzinfo=UTC), datetime(2026, 10, 1, 4, tzinfo=UTC)
    untold = (Lacking("which e-mails came in", "Messages are not copied.", "Copy them."),)
    told = Standing("live", "k", pseudonyms=True, since=begun, until=ended, finished=True, untold=untold)
    write_standing(history, told)
    found = baseline(copied(tmp_path), history=history, since=timedelta(days=30))
    assert "Which e-mails came in: Messages are not copied. Copy them." in found.gaps
    assert "Which e-mails came in" in baseline_as_text(found)
    assert (found.period.first, found.period.last, found.as_of) == (date(2026, 9, 11), date(2026, 9, 30), ended)
    assert found.gaps[0].startswith("The history was exported from 2026-09-11 on, so what was since 2026-09-01")


@pytest.mark.slow
def test_a_time_that_ends_before_it_begins_is_refused(tmp_path: Path) -> None:
    history = exported(tmp_path / "history", **worked("09", 1, touched=0, accepted=0))
    with pytest.raises(SlaSyncError, match=r"There is nothing to measure from 2026-10-01 to 2026-09-08\."):
        baseline(copied(tmp_path), history=history, since=date(2026, 10, 1))

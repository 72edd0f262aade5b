"""Every command that the documentation shows exists, and is run by a test."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.docs.commands import Shown, complaint, pages, shown, words_of
from tests.docs.staging import PROJECT
from tests.docs.test_walks import WALKS

RUN_BY: Mapping[str, str] = {
    "README.md": "tests/cli/test_readme.py",
    "docs/adopt.md": "tests/adopting/test_adopt_command.py",
    "docs/audit.md": "tests/cli/test_accept.py",
    "docs/baseline.md": "tests/cli/test_baseline.py",
    "docs/coverage.md": "tests/docs/test_reference_commands.py",
    "docs/demo.md": "tests/cli/test_readme.py",
    "docs/disputes.md": "tests/cli/test_baseline.py",
    "docs/editors.md": "tests/docs/test_reference_commands.py",
    "docs/engines.md": "tests/attainment/test_writing.py",
    "docs/forecast.md": "tests/cli/test_forecast.py",
    "docs/history.md": "tests/cli/test_export.py",
    "docs/hubspot.md": "tests/cli/test_hubspot_page.py",
    "docs/leaving.md": "tests/cli/test_leaving.py",
    "docs/measured.md": "tests/cli/test_third_page.py",
    "docs/night.md": "tests/docs/test_reference_commands.py",
    "docs/one-pull-request-one-night.md": "tests/cli/test_second_page.py",
    "docs/replay.md": "tests/cli/test_replay.py",
    "docs/report.md": "tests/cli/test_report.py",
    "docs/reports.md": "tests/cli/test_reports.py",
    "docs/review.md": "tests/cli/test_review.py",
    "docs/salesforce.md": "tests/docs/test_reference_commands.py",
    "docs/signing.md": "tests/cli/test_signing.py",
    "docs/simulators.md": "tests/docs/test_reference_commands.py",
    "docs/write-a-connector.md": "tests/kit/test_page.py",
    **{f"docs/{name}": "tests/docs/test_walks.py" for name in WALKS},
}
"""Page → the tests that run what a reader types there, and hold what is printed against the page."""
ELSEWHERE: Mapping[str, str] = {
    "sla-sync clock --target hubspot-production": "a real portal; tests/cli/test_hubspot_page.py runs it on a simulator",
    "sla-sync export --target production --from WAREHOUSE --shape fivetran-salesforce": (
        "a warehouse of tables that another tool copied; tests/cli/test_export.py takes such tables from a folder"
    ),
    **dict.fromkeys(
        (
            "sla-sync simulator serve --platform hubspot --data DIR --faults faults.yaml --record requests.jsonl",
            "sla-sync simulator serve --platform salesforce --data DIR --faults seed=7,rate=0.05,most=3",
        ),
        "serves until it is stopped; tests/cli/test_serving.py serves the script of the page",
    ),
    "sla-sync simulator serve --platform salesforce --data DIR": (
        "serves until it is stopped; the tutorial serves one and talks to it"
    ),
}
"""Command → why it is not run as it stands, and what runs the like of it."""
BY_HAND: Mapping[str, str] = {
    "demo": "tests/cli/test_readme.py runs the same command in the process",
    "typed-clients": "installs a client of HubSpot's that is an alpha; the other official client runs in the tests",
}
"""Target of make → why no pipeline makes it, and what runs the like of it."""
SHOWN = [each for path in pages() for each in shown(path)]
TYPED = [each for each in SHOWN if each.in_fence]


@pytest.mark.parametrize("page", sorted({each.page for each in SHOWN}))
def test_every_command_of_a_page_is_one_that_the_command_line_has(page: str) -> None:
    wrong = [(each.line, found) for each in SHOWN if each.page == page and (found := complaint(each))]
    assert wrong == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sla-sync plann --target T", "no command plann"),
        ("sla-sync plan --targt T", "no option --targt"),
        ("sla-sync plan --target T --format fine", "'fine' is not one of"),
        ("sla-sync simulator clocks", "no command clocks"),
        ("sla-sync sign --role vp_sales", "Missing parameter"),
        ("make believe", "no target believe"),
    ],
)
def test_a_command_that_does_not_exist_is_found(line: str, said: str) -> None:
    assert said in complaint(Shown("docs/page.md", line, in_fence=True))


def test_what_a_reader_types_is_run_by_a_test_or_the_reason_is_known() -> None:
    """Where this fails: add the page to WALKS or RUN_BY, or the command to ELSEWHERE with its reason."""
    ours = [each for each in TYPED if words_of(each.line)[0] == "sla-sync"]
    left = [str(each) for each in ours if each.page not in RUN_BY and each.line not in ELSEWHERE]
    assert left == []
    assert set(ELSEWHERE) <= {each.line for each in ours}, "no page shows these any longer"
    assert set(RUN_BY) <= {each.page for each in ours}, "these pages show no command any longer"


@pytest.mark.parametrize("page", [each for each in RUN_BY if "test_walks" not in RUN_BY[each]])
def test_the_tests_that_run_a_page_read_it(page: str) -> None:
    text = (PROJECT / RUN_BY[page]).read_text(encoding="utf-8")
    assert re.search(rf"\b{Path(page).stem}\b", text)


def test_what_a_reader_makes_is_made_by_the_pipeline_or_the_reason_is_known() -> None:
    files = [*(PROJECT / ".github/workflows").glob("*.yml"), PROJECT / ".ci/run"]
    run = "\n".join(path.read_text(encoding="utf-8") for path in files)
    made = {words_of(each.line)[1] for each in TYPED if words_of(each.line)[0] == "make"}
    left = {each for each in made if not re.search(rf"make (?:\w+=\S+ )*{re.escape(each)}\b", run)}
    assert sorted(left - set(BY_HAND)) == []
    assert set(BY_HAND) <= left, "no page shows these any longer, or the pipeline makes them now"

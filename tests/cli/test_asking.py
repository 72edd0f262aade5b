"""The commands that answer questions: coverage, doctor, why; and the options of build and apply that reach further."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Run

pytestmark = pytest.mark.slow


def test_coverage_works_offline_for_a_target_and_for_every_binding(run: Run, here: Path, target: str) -> None:
    one = run("coverage", "--target", target, "--format", "json")
    assert one.code == 0, one.err
    platform = target.removesuffix("-simulator")
    assert json.loads(one.out)["platform"] == platform
    both = json.loads(run("coverage", "--format", "json").out)
    assert {each["platform"] for each in both} == {"salesforce", "hubspot"}
    assert not (here / ".sla-sync").exists()


def test_every_line_of_coverage_names_the_file_and_line_where_it_stands(run: Run, here: Path, target: str) -> None:
    found = json.loads(run("coverage", "--target", target, "--format", "json").out)
    text = (here / "configs" / "acme" / "agreement.yaml").read_text().splitlines()
    for each in found["lines"]:
        name = each["path"].rpartition(".")[2].partition("[")[0]
        at = each["location"]
        assert at["file"] == "configs/acme/agreement.yaml"
        if not each["path"].endswith("]"):
            assert name in text[at["line"] - 1]


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_coverage_says_in_one_sentence_how_many_lines_are_held(run: Run, form: str) -> None:
    answer = run("coverage", "--target", "hubspot-simulator", "--format", form)
    assert "held by settings" in answer.out.splitlines()[0]
    assert "kept by people" in answer.out


def test_coverage_of_an_agreement_without_bindings_says_what_to_do(run: Run) -> None:
    answer = run("coverage", "configs/examples/first")
    assert answer.code == 1
    assert "has no binding" in answer.err


def test_doctor_examines_a_target_and_tells_in_every_format(run: Run) -> None:
    for form in ("text", "json", "markdown"):
        answer = run("doctor", "--target", "hubspot-simulator", "--format", form)
        assert answer.code == 0, answer.err
        assert "session" in answer.out


def test_doctor_leaves_with_1_where_something_is_missing(run: Run, here: Path) -> None:
    targets = here / "configs" / "targets.yaml"
    targets.write_text(targets.read_text().replace("sdr_manager: kim", "sdr_manager: nobody.at.all"))
    answer = run("doctor", "--target", "salesforce-simulator")
    assert answer.code == 1
    assert "nobody.at.all" in answer.out
    assert "✗" in answer.out


def test_why_of_a_record_that_nobody_knows_is_an_error_with_a_way_out(run: Run, target: str) -> None:
    answer = run("why", "00Q000000000001AAA", "--target", target)
    assert answer.code == 1
    assert "→" in answer.err


def test_backfill_says_so_where_there_is_nothing_to_fill_in(run: Run) -> None:
    answer = run("apply", "--target", "hubspot-simulator", "--yes", "--backfill", "--format", "json")
    assert answer.code == 0, answer.err
    assert json.loads(answer.out)["backfill"] == [
        "hubspot-simulator has nothing to fill in: its connector keeps no records of its own."
    ]
    assert json.loads(run("apply", "--target", "hubspot-simulator", "--format", "json").out)["backfill"] == []


def test_build_wants_a_new_folder_or_a_tree_to_merge_with_and_not_both(run: Run) -> None:
    assert run("build", "--platform", "salesforce").code == 2
    assert run("build", "--platform", "salesforce", "--out", "a", "--merge-with", "b").code == 2


def test_a_platform_without_source_trees_is_merged_with_none(run: Run, here: Path) -> None:
    (here / "tree").mkdir()
    answer = run("build", "--platform", "hubspot", "--merge-with", "tree")
    assert answer.code == 1
    assert "no source tree" in answer.err
    assert list((here / "tree").iterdir()) == []


def test_merging_with_a_source_tree_leaves_what_is_others_and_is_the_same_when_repeated(run: Run, here: Path) -> None:
    theirs = here / "tree" / "force-app" / "main" / "default" / "classes" / "Theirs.cls"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("public class Theirs {}")
    first = run("build", "--platform", "salesforce", "--merge-with", "tree")
    assert first.code == 0, first.err
    assert theirs.read_text() == "public class Theirs {}"
    files = {path: path.read_bytes() for path in (here / "tree").rglob("*") if path.is_file()}
    assert len(files) > 10
    assert run("build", "--platform", "salesforce", "--merge-with", "tree").out.startswith("0 files")
    assert files == {path: path.read_bytes() for path in (here / "tree").rglob("*") if path.is_file()}

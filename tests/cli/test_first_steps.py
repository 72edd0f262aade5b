"""The first steps of whoever has read no more than the README, the wrong ones too: each refusal leads to the next step."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Answer, Run, here, run

__all__ = ["here", "run"]


@pytest.fixture
def nowhere(here: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = here / "empty"
    folder.mkdir()
    # What stands above is another project's.
    (here / "configs").rename(here / "others")
    monkeypatch.chdir(folder)
    return folder


def refused(answer: Answer, *parts: str) -> None:
    assert answer.code in {1, 2, 4}, answer
    assert "Traceback" not in answer.err
    for part in parts:
        assert part in answer.err, answer.err


def test_without_an_agreement_the_way_to_a_first_one_is_shown(nowhere: Path, run: Run) -> None:
    refused(run("plan", "--target", "salesforce-simulator"), "No agreement was found", "sla-sync init")
    refused(run("init"), "--yes")


@pytest.mark.slow
def test_from_nothing_to_a_first_plan_by_what_each_answer_says(nowhere: Path, run: Run) -> None:
    begun = run("init", "--yes")
    assert begun.code == 0
    following = begun.err.splitlines()[-1].removeprefix("Next: ").split(" && ")
    assert [each.split()[:2] for each in following] == [["sla-sync", "validate"], ["sla-sync", "plan"]]
    for each in following:
        answer = run(*each.split()[1:])
        assert answer.code == 0, answer.err
    assert "changes" in answer.out

    refused(run("plan"), "--target hubspot-simulator or --target salesforce-simulator")
    refused(run("plan", "--target", "salesforc-simulator"), "it has: hubspot-simulator, salesforce-simulator")
    refused(run("aply"), "Did you mean 'apply'")
    refused(run("explain", "configs/nothing"), "configs/nothing does not exist", "Name a folder")
    refused(run("drift"), "--all-targets")
    agreement = next(Path("configs").glob("*/agreement.yaml"))
    text = agreement.read_text(encoding="utf-8")
    agreement.write_text(text.replace("\nstages:", "\nstagez:"), encoding="utf-8")
    refused(run("plan", "--target", "hubspot-simulator"), f"{agreement}:", "stagez", "Write `stages`")
    agreement.write_text(text, encoding="utf-8")
    (nowhere / "deeper").mkdir()
    os.chdir("deeper")
    assert run("validate").code == 0
    os.chdir(nowhere)

    targets = Path("configs/targets.yaml")
    targets.write_text(
        targets.read_text(encoding="utf-8").replace("simulator: true", "token: A_TOKEN_OF_MINE", 1), encoding="utf-8"
    )
    refused(run("plan", "--target", "hubspot-simulator"), "A_TOKEN_OF_MINE, which is not set", "Set A_TOKEN_OF_MINE")

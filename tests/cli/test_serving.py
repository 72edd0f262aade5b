"""`simulator serve --faults`: what the page shows is taken and happens, and what nobody can use is told before it serves."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from tests.cli.conftest import Run, here, run

__all__ = ["here", "run"]
PAGE = Path(__file__).parents[2] / "docs" / "simulators.md"


def script_of_the_page() -> str:
    found = re.search(
        r"^```yaml\n(# faults\.yaml\n.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    assert found is not None
    return found[1]


@pytest.mark.slow
def test_a_simulator_serves_the_faults_of_a_script_and_records_them(here: Path) -> None:
    (here / "faults.yaml").write_text(script_of_the_page(), encoding="utf-8")
    command = [
        sys.executable, "-m", "sla_sync", "simulator", "serve", "--platform", "hubspot", "--data", "data",
        "--faults", "faults.yaml", "--record", "requests.jsonl",
    ]  # fmt: skip
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            ready = json.loads(process.stdout.readline())
            owners = Request(f"{ready['url']}/crm/v3/owners", headers={"Authorization": f"Bearer {ready['token']}"})
            with pytest.raises(HTTPError) as raised:
                urlopen(owners)
            assert (raised.value.code, raised.value.headers["Retry-After"]) == (429, "2")
            raised.value.close()
            with urlopen(owners) as answer:
                assert answer.status == 200
        finally:
            process.terminate()
        assert process.wait(timeout=10) == 0
    lines = [json.loads(line) for line in (here / "requests.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [each.get("fault") for each in lines] == ["limit-retry-after", None]


REFUSED = (
    ("nowhere.yaml", "`nowhere.yaml` is neither a file nor a seed of faults.", "Name a script"),
    ("seed=x", "`seed=x` is no seed of faults", "seed=7,rate=0.05"),
    ("seed=7,names=deploy-waits", "names the fault `deploy-waits`, which this simulator does not know", "Use one of"),
    ("unknown.yaml", "entry 1 of `faults` names the fault `limit-retry`", "limit-retry-"),
    ("broken.yaml", "The script of faults broken.yaml cannot be read.", "Close the"),
)


@pytest.mark.parametrize(("said", "sentence", "hint"), REFUSED)
def test_faults_that_cannot_be_used_are_told_and_nothing_is_served(
    run: Run, here: Path, said: str, sentence: str, hint: str
) -> None:
    (here / "unknown.yaml").write_text("faults: [{fault: limit-retry}]\n", encoding="utf-8")
    (here / "broken.yaml").write_text("faults: [{fault: limit-daily\n", encoding="utf-8")
    answer = run("simulator", "serve", "--platform", "hubspot", "--data", "data", "--faults", said)
    assert answer.code == 1
    assert sentence in answer.err
    assert hint in answer.err
    assert answer.out == ""
    assert not (here / "data").exists()

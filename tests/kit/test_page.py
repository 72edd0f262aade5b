"""docs/write-a-connector.md shows the files of its connector as they are, and what happens when one types what it says."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from sla_sync.cli import main
from sla_sync.testing.contract import ConnectorContract
from tests.cli.test_second_page import follows
from tests.house.bare_install import TRIED
from tests.kit.page import PAGE, PROJECT, TUTORIAL, facts, refreshed

TEXT = PAGE.read_text(encoding="utf-8")
TYPED = re.compile(r"^\$ ([^\n]*)\n((?:(?!\$ )(?!```)[^\n]*\n)*)", re.MULTILINE)
DIFF = re.compile(r"^```diff\n-(.*)\n\+(.*)\n```$", re.MULTILINE)
MOST = 300


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Work in a copy of the tutorial's folder, where the package is not installed yet."""
    monkeypatch.chdir(shutil.copytree(TUTORIAL, tmp_path / "sqlite", ignore=shutil.ignore_patterns("__pycache__")))
    monkeypatch.delenv("COLUMNS", raising=False)
    return Path.cwd()


def install(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the interpreter find the package's entry points, as an editable install does."""
    said = tomllib.loads((folder / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    known = folder.parent / "site" / f"{said['name'].replace('-', '_')}-{said['version']}.dist-info"
    known.mkdir(parents=True)
    (known / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {said['name']}\nVersion: {said['version']}\n")
    groups = said["entry-points"].items()
    (known / "entry_points.txt").write_text(
        "".join(f"[{group}]\n" + "".join(f"{k} = {v}\n" for k, v in points.items()) for group, points in groups)
    )
    monkeypatch.syspath_prepend(str(known.parent))


def judged(folder: Path, *arguments: str) -> str:
    """Return what pytest says of the connector in a folder."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(PROJECT)])}
    words = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--rootdir", ".", *arguments]
    return subprocess.run(words, cwd=folder, env=environ, check=False, capture_output=True, text=True).stdout


def test_the_page_shows_every_file_and_every_fact_as_it_is() -> None:
    assert refreshed(TEXT) == TEXT, "run: python -m tests.kit.page"
    python = {path.relative_to(TUTORIAL).as_posix() for path in TUTORIAL.rglob("*.py")}
    assert python <= set(re.findall(r"^<!-- shows: (\S+) -->$", TEXT, re.MULTILINE))


def test_the_connector_takes_fewer_than_three_hundred_lines_of_python_and_the_page_counts_them() -> None:
    package = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in TUTORIAL.glob("*/*.py"))
    test = len((TUTORIAL / "test_sqlite_contract.py").read_text(encoding="utf-8").splitlines())
    assert package < MOST
    assert f"in {package} lines of Python; its\ntest has {test} more" in TEXT
    assert f"in {package} lines that a test counts" in (PROJECT / "docs/architecture.md").read_text(encoding="utf-8")


def test_the_number_that_the_page_says_to_pass_is_that_of_the_tests() -> None:
    judged_here = [each for each in dir(ConnectorContract) if each.startswith("test_")]
    (told,) = re.findall(r"^(\d+) passed in", TEXT, re.MULTILINE)
    assert int(told) == len(judged_here) + 1, "an apply is cut before and after each call"
    assert len(facts().splitlines()) == len(judged_here) + 1, "a simulator's clock is judged besides"


@pytest.mark.slow
def test_what_the_page_types_prints_what_it_shows(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    told = 0
    for line, shown in TYPED.findall(TEXT):
        words, printed = shlex.split(line), ""
        if words[0] == "sla-sync":
            main(words[1:])
            printed, told = "".join(capsys.readouterr()), told + 1
        elif words[0] == "pip":
            install(here, monkeypatch)
        elif words[:3] == ["python", "-m", "pytest"] and "-k" in words:
            (was, becomes), path = DIFF.findall(TEXT)[0], here / "sla_sync_sqlite/reader.py"
            text = path.read_text(encoding="utf-8")
            assert text.count(was) == 1
            path.write_text(text.replace(was, becomes), encoding="utf-8")
            printed = judged(here, *words[3:])
        elif words[:2] == ["python", "-c"]:
            subprocess.run([sys.executable, "-c", words[2]], check=True)
        else:
            assert words == ["python", "-m", "pytest", "-q"], f"nobody knows how to type this here: {line}"
            continue  # tests/kit/test_sqlite.py runs it, and make wheel in a bare environment
        missing = follows(printed, shown)
        assert not missing, f"{line} prints no such line here: {missing}\n{printed}"
    assert told == TEXT.count("\n$ sla-sync ")


def test_what_the_wheel_is_tried_with_is_what_the_page_types() -> None:
    typed = {line for line, _ in TYPED.findall(TEXT)}
    assert [each for each, _ in TRIED if f"sla-sync {each}" not in typed] == ["validate"]

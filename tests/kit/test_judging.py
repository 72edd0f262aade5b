"""The kit finds what it is there to find: a connector that breaks a promise is told so, in words that say where to look."""

from __future__ import annotations

import importlib
import inspect
import shutil
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import pytest

from sla_sync.testing.contract import ConnectorContract
from tests.kit.breaches import BREACHES, Breach
from tests.kit.page import TUTORIAL

pytestmark = pytest.mark.slow


def broken(breach: Breach, folder: Path, name: str) -> None:
    """Write the tutorial's package with one wrong line, under a name of its own."""
    shutil.copytree(TUTORIAL, folder, ignore=shutil.ignore_patterns("__pycache__"))
    wrong = folder / "sla_sync_sqlite" / f"{breach.module}.py"
    text = wrong.read_text(encoding="utf-8")
    assert text.count(breach.right) >= 1, f"{breach.name}: the right line is not there any more"
    text = text.replace(breach.right, breach.wrong)
    wrong.write_text(text.replace("ConfigDict, Field\n", "ConfigDict, Field, SecretStr\n"), encoding="utf-8")
    (folder / "sla_sync_sqlite").rename(folder / name)
    (folder / "test_sqlite_contract.py").rename(folder / f"test_{name}.py")
    for path in folder.rglob("*.py"):
        path.write_text(path.read_text(encoding="utf-8").replace("sla_sync_sqlite", name), encoding="utf-8")


def judge(suite: Any, fact: str, folder: Path) -> None:
    """Let one test of the suite judge."""
    (name,) = (each for each in dir(suite) if each.startswith(fact))
    test, given = getattr(suite, name), {"tmp_path": folder, "cut_before": True}
    asks = inspect.signature(test).parameters
    if "whole" in asks:
        given["whole"] = suite.make_whole(Path(mkdtemp(dir=folder)))
    if "applied" not in asks:
        test(**{each: given[each] for each in asks})
        return
    with suite.platform(folder / "data") as platform:
        assert suite.carry_out(platform, folder).complete
        test(**{each: {**given, "applied": platform}[each] for each in asks})


@pytest.mark.parametrize("breach", BREACHES, ids=lambda each: each.name)
def test_a_breach_of_the_contract_is_found_and_told(
    breach: Breach, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"breach_{BREACHES.index(breach)}"
    broken(breach, tmp_path / name, name)
    monkeypatch.syspath_prepend(str(tmp_path / name))
    suite = importlib.import_module(f"test_{name}").TestSqlite()
    with pytest.raises(BaseException, match=breach.words):
        judge(suite, breach.fact, tmp_path)


def test_every_fact_but_those_of_a_served_simulator_is_broken_by_one_of_them() -> None:
    facts = [each for each in dir(ConnectorContract) if each.startswith("test_")]
    never = [each for each in facts if not any(each.startswith(breach.fact) for breach in BREACHES)]
    assert never == ["test_the_platform_remembers_across_a_restart"], "which is the platform's to keep"

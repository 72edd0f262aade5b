"""The laws kill every seeded mutant; a law that nothing can break proves nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sla_sync
from tests.laws.mutants import MUTANTS, Mutant

PACKAGE = Path(sla_sync.__file__).parent
LAWS = Path(__file__).parent
_RUN = """
import sys
folder = sys.argv[1]
sys.path.insert(0, folder)
import sla_sync
assert sla_sync.__file__.startswith(folder), sla_sync.__file__
import hypothesis, pytest
phases = [hypothesis.Phase.generate]  # a killed mutant is enough; nobody needs the smallest example
hypothesis.settings.register_profile("mutants", phases=phases, database=None)
hypothesis.settings.load_profile("mutants")
options = ["-q", "-x", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", folder, "-c", "/dev/null"]
sys.exit(pytest.main([*options, f"{folder}/laws"]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_mutant_is_killed_by_the_laws(mutant: Mutant, tmp_path: Path) -> None:
    shutil.copytree(PACKAGE, tmp_path / "sla_sync", ignore=shutil.ignore_patterns("__pycache__"))
    module = tmp_path / "sla_sync" / "reconcile" / f"{mutant.module}.py"
    source = module.read_text(encoding="utf-8")
    assert source.count(mutant.right) >= 1, "the mutant no longer fits the code"
    module.write_text(source.replace(mutant.right, mutant.wrong), encoding="utf-8")
    laws = tmp_path / "laws"
    laws.mkdir()
    for each in ("test_engine.py", "test_drift.py"):
        shutil.copy(LAWS / each, laws / each)
    # The laws look at random: what they overlook once they must see when they look again.
    for _ in range(3):
        answer = subprocess.run(
            [sys.executable, "-c", _RUN, str(tmp_path)],
            cwd=tmp_path,
            env={key: value for key, value in os.environ.items() if not key.startswith(("COV", "PYTEST"))},
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode == pytest.ExitCode.TESTS_FAILED:
            break
    assert answer.returncode == pytest.ExitCode.TESTS_FAILED, answer.stdout[-2000:] + answer.stderr[-2000:]

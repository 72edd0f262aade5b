"""The laws kill every seeded mutant; a law that nothing can break proves nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from tests.laws.mutants import MUTANTS
from tests.mistakes import Mutant, broken_source

LAWS = Path(__file__).parent
ROOT = LAWS.parents[1]
_RUN = """
import sys
from pathlib import Path

root, name, folder, seed, *laws = sys.argv[1:]
sys.path.insert(0, root)

from tests.laws.test_mutants import mutant_called
from tests.mistakes import install

broken = install(mutant_called(name), Path(folder))
assert Path(broken.__file__).parent == Path(folder)
import hypothesis, pytest
phases = [hypothesis.Phase.generate]  # a killed mutant is enough; nobody needs the smallest example
hypothesis.settings.register_profile("mutants", phases=phases, database=None, derandomize=False)
hypothesis.settings.load_profile("mutants")
options = ["-q", "-x", f"--hypothesis-seed={seed}"]
options += ["--assert=plain", "--noconftest", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
sys.exit(pytest.main([*options, "--import-mode=importlib", "--rootdir", root, "-c", "/dev/null", *laws]))
"""


SOUND = replace(MUTANTS[0], name="nothing is broken", wrong=MUTANTS[0].right)


def mutant_called(name: str) -> Mutant:
    return next(each for each in (SOUND, *MUTANTS) if each.name == name)


LOOKS = (("4", "1"), ("1", "2"), ("1", "3"))
"""How hastily the laws look each time, and the seed of what they look at: the same on every machine."""


def judged(
    mutant: Mutant, folder: Path, laws: Sequence[str], *, haste: str = "1", seed: str = "1"
) -> subprocess.CompletedProcess[str]:
    """Return what the laws said of a mutant, in a process of its own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COV", "PYTEST"))}
    return subprocess.run(
        [sys.executable, "-c", _RUN, str(ROOT), mutant.name, str(folder), seed, *(str(LAWS / each) for each in laws)],
        cwd=folder,
        env={**kept, "SLA_SYNC_HASTE": haste},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name.replace(" ", "-"))
def test_every_mutant_still_fits_the_code(mutant: Mutant) -> None:
    assert mutant.wrong in broken_source(mutant)


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_mutant_is_killed_by_the_laws(mutant: Mutant, tmp_path: Path) -> None:
    # What the laws overlook in haste they must see when they look again, at something else.
    for haste, seed in LOOKS:
        answer = judged(mutant, tmp_path, ("test_drift.py", "test_engine.py"), haste=haste, seed=seed)
        if answer.returncode == pytest.ExitCode.TESTS_FAILED:
            break
    assert answer.returncode == pytest.ExitCode.TESTS_FAILED, answer.stdout[-2000:] + answer.stderr[-2000:]


@pytest.mark.slow
def test_the_laws_hold_where_nothing_was_broken(tmp_path: Path) -> None:
    """A mutant that fails for another reason than a law would prove nothing."""
    answer = judged(SOUND, tmp_path, ("test_drift.py",))
    assert answer.returncode == pytest.ExitCode.OK, answer.stdout[-2000:] + answer.stderr[-2000:]

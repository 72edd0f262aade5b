"""The laws kill every seeded mutant; a law that nothing can break proves nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import sla_sync
from tests.laws.mutants import MUTANTS, Mutant

PACKAGE = Path(sla_sync.__file__).parent
LAWS = Path(__file__).parent
ROOT = LAWS.parents[1]
_RUN = """
import sys
from importlib.abc import MetaPathFinder
from importlib.util import spec_from_file_location

root, name, path, *laws = sys.argv[1:]
sys.path.insert(0, root)

class Broken(MetaPathFinder):
    def find_spec(self, fullname, paths, target=None):
        return spec_from_file_location(name, path) if fullname == name else None

# Of the package nothing but the mutant is read anew.
sys.meta_path.insert(0, Broken())
import hypothesis, pytest
phases = [hypothesis.Phase.generate]  # a killed mutant is enough; nobody needs the smallest example
hypothesis.settings.register_profile("mutants", phases=phases, database=None)
hypothesis.settings.load_profile("mutants")
import importlib
assert importlib.import_module(name).__file__ == path
options = ["-q", "-x", "--assert=plain", "--noconftest", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:cov"]
sys.exit(pytest.main([*options, "--import-mode=importlib", "--rootdir", root, "-c", "/dev/null", *laws]))
"""


def source_of(mutant: Mutant) -> str:
    return (PACKAGE / "reconcile" / f"{mutant.module}.py").read_text(encoding="utf-8")


def test_every_mutant_still_fits_the_code() -> None:
    assert [each.name for each in MUTANTS if each.right not in source_of(each)] == []


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda each: each.name.replace(" ", "-"))
def test_a_mutant_is_killed_by_the_laws(mutant: Mutant, tmp_path: Path) -> None:
    source = source_of(mutant)
    broken = tmp_path / f"{mutant.module}.py"
    broken.write_text(source.replace(mutant.right, mutant.wrong), encoding="utf-8")
    laws = [str(LAWS / each) for each in ("test_drift.py", "test_engine.py")]
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("COV", "PYTEST"))}
    # The laws look at random, first in haste: what they overlook then they must see when they look again.
    for haste in ("4", "1", "1"):
        answer = subprocess.run(
            [sys.executable, "-c", _RUN, str(ROOT), f"sla_sync.reconcile.{mutant.module}", str(broken), *laws],
            cwd=tmp_path,
            env={**kept, "SLA_SYNC_HASTE": haste},
            capture_output=True,
            text=True,
            check=False,
        )
        if answer.returncode == pytest.ExitCode.TESTS_FAILED:
            break
    assert answer.returncode == pytest.ExitCode.TESTS_FAILED, answer.stdout[-2000:] + answer.stderr[-2000:]


@pytest.mark.slow
def test_the_laws_hold_where_nothing_was_broken(tmp_path: Path) -> None:
    """A mutant that fails for another reason than a law would prove nothing."""
    sound = tmp_path / "diff.py"
    sound.write_bytes((PACKAGE / "reconcile" / "diff.py").read_bytes())
    answer = subprocess.run(
        [sys.executable, "-c", _RUN, str(ROOT), "sla_sync.reconcile.diff", str(sound), str(LAWS / "test_drift.py")],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert answer.returncode == pytest.ExitCode.OK, answer.stdout[-2000:] + answer.stderr[-2000:]

"""Files made to exhaust a reader end in one finding, soon and in little memory, also through the command line."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

MEBIBYTES = 256
SECONDS = 5
MEASURE = """
import resource, subprocess, sys, time
began = time.monotonic()
done = subprocess.run(sys.argv[1:], stdout=sys.stdout, stderr=subprocess.STDOUT)
print()
print(done.returncode, time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""A small process between the test and the command: a child is counted at least as large as its parent was."""
HEAD = b"apiVersion: sla-sync/v1\nkind: LeadSLA\n"
HOSTILE = {
    "ten megabytes": HEAD + b"terms: {a: " + b"x" * (10 << 20) + b"}\n",
    "deep nesting": HEAD + b"terms: " + b"[" * 500_000,
    "aliases of aliases": b"a: &a [x, x, x, x, x, x, x, x, x]\n"
    + b"".join(b"b%d: &b%d [%s]\n" % (n, n, b", ".join([b"*b%d" % (n - 1) if n else b"*a"] * 9)) for n in range(9)),
    "a million keys": HEAD + b"".join(b"k%d:\n" % n for n in range(100_000)),
    "one expression without end": HEAD + b"metadata: {scope: " + b"not " * 200_000 + b"}\n",
    "a number without end": HEAD + b"metadata: {version: " + b"9" * 900_000 + b"}\n",
    "nothing but tabs": b"\t" * 1_000_000,
    "a NUL byte": HEAD + b"terms: {a: \0}\n",
    "not UTF-8": HEAD + b"terms: {a: \xff}\n",
}


@pytest.mark.slow
@pytest.mark.parametrize("content", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_ends_in_a_finding_with_a_place_soon_and_in_little_memory(
    tmp_path: Path, content: bytes
) -> None:
    (tmp_path / "agreement.yaml").write_bytes(content)
    command = [sys.executable, "-m", "sla_sync", "validate", str(tmp_path / "agreement.yaml")]
    answer = subprocess.run(
        [sys.executable, "-c", MEASURE, *command], capture_output=True, text=True, timeout=60, check=False
    )
    said, _, measured = answer.stdout.rstrip().rpartition("\n")
    code, seconds, memory = (float(each) for each in measured.split())
    assert code == 1, said[-2000:]
    assert seconds < SECONDS
    # macOS counts bytes, Linux kibibytes.
    assert memory / (1 << 20 if sys.platform == "darwin" else 1 << 10) < MEBIBYTES
    assert re.search(r"agreement\.yaml:\d+:\d+: error SLA1\d\d: ", said), said[-2000:]
    assert "Traceback" not in said

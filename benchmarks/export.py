"""Print what it costs to export the past from a simulator: rows a second, and how the memory in use grows with the rows.

    python benchmarks/export.py [--platform salesforce] [--rows 100000]

The simulator runs in a process of its own; what is measured is the exporting one, which drops each piece as one that writes
files would. `benchmarks/export_PLATFORM.py` offers `serve(rows, folder)`, a context that yields address and token of an org
with so many records, and `told(url, token)`, which yields the pieces.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sla_sync.connector.history import Piece

GROWTH = 64
"""The goal for how much the memory may grow after the first tenth of the rows, in MiB."""
_PAGE = os.sysconf("SC_PAGE_SIZE")


def main() -> None:
    """Print a line for each platform that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--platform", choices=("salesforce", "hubspot"))
    parser.add_argument("--rows", type=int, default=100_000, help="records of the platform, all kinds together")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.serve:
        _serve(asked.platform, asked.rows, asked.serve)
        return
    here = Path(__file__).parent
    every = [each for each in ("salesforce", "hubspot") if (here / f"export_{each}.py").exists()]
    for platform in [asked.platform] if asked.platform else every:
        with _served(platform, asked.rows) as (url, token):
            _measure(platform, asked.rows, importlib.import_module(f"export_{platform}").told(url, token))


def _measure(platform: str, records: int, told: Iterator[Any]) -> None:
    rows: Counter[str] = Counter()
    begun, memory, largest = time.perf_counter(), list[tuple[int, int]](), 0
    for each in told:
        if isinstance(each, Piece):
            rows[each.table.name] += len(each.rows)
            largest = max(largest, len(each.rows))
            memory.append((rows.total(), _resident()))
    took, total = time.perf_counter() - begun, rows.total()
    early = max(held for count, held in memory if count <= total / 10 or count == memory[0][0])
    most = max(held for _, held in memory)
    print(
        f"{platform}: {records:,} records exported as {total:,} rows in {took:.1f} s, {total / took:,.0f} rows a second; "
        f"largest piece: {largest:,} rows"
    )
    print(
        f"  memory: {early} MiB after a tenth, {most} MiB at most; grown by {most - early} MiB, goal: {GROWTH} MiB  "
        f"({', '.join(f'{name} {count:,}' for name, count in rows.most_common())})"
    )


def _resident() -> int:
    """Return the memory that this process has now, in MiB."""
    return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * _PAGE >> 20


@contextmanager
def _served(platform: str, rows: int) -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as folder:
        command = [sys.executable, __file__, "--platform", platform, "--rows", str(rows), "--serve", folder]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            told = json.loads(server.stdout.readline() if server.stdout else "")
            try:
                yield told["url"], told["token"]
            finally:
                server.terminate()


def _serve(platform: str, rows: int, folder: Path) -> None:
    """Serve until the process that asked for it goes away."""
    with importlib.import_module(f"export_{platform}").serve(rows, folder) as (url, token):
        print(json.dumps({"url": url, "token": token}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()

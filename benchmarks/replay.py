"""Print what it costs to replay two revisions over a million lead histories: seconds and memory, step by step."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

GOAL = 30
"""Seconds for a million leads and two revisions on two cores."""
LEADS = 1_000_000
AGREEMENT = Path(__file__).parents[1] / "configs" / "acme" / "agreement.yaml"
CHANGES = (("threshold: 100", "threshold: 120"), ("hot: 15 business minutes", "hot: 30 business minutes"))


def revisions() -> Iterator[tuple[str, str]]:
    """Yield the name and the text of the agreement of the example, and of the same with two changes."""
    text = AGREEMENT.read_text(encoding="utf-8")
    yield "now", text
    for old, new in CHANGES:
        text = text.replace(old, new)
    yield "proposal", text


def replayed(folder: Path) -> None:
    """Open a history and replay both revisions over it in this process; print seconds, those of the processor, and MiB."""
    from sla_sync.agreement.document import Agreement
    from sla_sync.agreement.source import read_text_source
    from sla_sync.attainment.attainment import Period
    from sla_sync.attainment.opening import open_past
    from sla_sync.replay.replay import replay
    from sla_sync.replay.revisions import Revision

    before, after = (
        Revision(name, Agreement.model_validate(dict(read_text_source(text).data or {}))) for name, text in revisions()
    )
    start = time.perf_counter()
    busy = time.process_time()
    past = open_past(folder, before.agreement, datetime(2027, 1, 1, 5, tzinfo=UTC))
    opened = time.perf_counter()
    found = replay(past, before, after, Period(date(2026, 10, 1), date(2026, 12, 31), "America/New_York"))
    done = time.perf_counter()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(opened - start, done - opened, time.process_time() - busy, found.leads, memory)


def made(number: int, folder: Path) -> None:
    """Write the history in this process."""
    from sla_sync.synthetic.history import write_history
    from sla_sync.synthetic.parameters import Parameters

    write_history(Parameters(leads=number), folder)


def main() -> None:
    """Make the history and replay over it, each in a process of its own, and print one line."""
    if len(sys.argv) > 1:
        replayed(Path(sys.argv[2])) if sys.argv[1] == "replay" else made(int(sys.argv[1]), Path(sys.argv[2]))
        return
    print(f"two revisions replayed over synthetic histories on {os.cpu_count()} cores, from Parquet")
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as folder:
        history = f"{folder}/history"
        subprocess.run([sys.executable, __file__, str(LEADS), history], check=True)
        answer = subprocess.run(
            [sys.executable, __file__, "replay", history], check=True, capture_output=True, text=True
        )
    opened, took, busy, leads, memory = (float(each) for each in answer.stdout.split())
    whole = opened + took
    print(
        f"  {leads:,.0f} leads  {whole:.1f} s  goal: {GOAL} s  ratio: {whole / GOAL:.2f}  "
        f"(turns and cycles {opened:.1f} s, both revisions {took:.1f} s; processor {busy:.1f} s)  memory: {memory:.0f} MiB"
    )


if __name__ == "__main__":
    main()

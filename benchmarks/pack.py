"""Print what the pack of a quarter costs over a history of up to 200,000 leads, from Parquet to its page."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.growth import Steps, grow

PROJECT = Path(__file__).resolve().parents[1]
SIZES = (2_000, 20_000, 100_000, 200_000)


def work(size: int, steps: Steps) -> None:
    """Make a history in another process, and the pack of it in this one."""
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as folder:
        history = Path(folder) / "history"
        maker = Path(__file__).with_name("replay.py")
        subprocess.run([sys.executable, str(maker), str(size), str(history)], check=True)
        with steps.of("import"):
            from sla_sync.pipeline.pack_files import write_pack
            from sla_sync.pipeline.report import Asked, report
            from sla_sync.places import find_place
            from sla_sync.render.html.pack import report_of_page
            from sla_sync.render.pack.page import page_of
        place = find_place(PROJECT / "configs" / "acme", here=PROJECT)
        with steps.of("every report of the pack"):
            reported = report(place, Asked(history=history, as_of="2027-01-02", period="quarter"))
        with steps.of("as a page"):
            page = report_of_page(page_of(reported.pack))
        with steps.of("as files, the rows behind each number too"):
            write_pack(reported, Path(folder) / "pack")
        steps.facts["turns judged"] = sum(
            each.attained.whole for each in reported.pack.attainment.figures if not each.cut
        )
        steps.facts["KiB of the page"] = len(page.encode()) >> 10


if __name__ == "__main__":
    grow(__file__, "the weekly pack, of a quarter", SIZES, work, unit="leads")

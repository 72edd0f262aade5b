"""Makes reports and looks at them in Debian's Chromium, or another on the path; for people and for the nightly run.

    python -m tests.browser.see FOLDER     FOLDER has an environment with Playwright, and axe-core under node_modules

Exits with 1 where a report gives a reason to complain. Pictures and printed pages stay in FOLDER/reports, to be looked at.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from tests.browser.reports import make

VISIT = Path(__file__).with_name("visit.py")


def main(folder: Path) -> int:
    """Return 0 where every report is good."""
    reports = folder / "reports"
    shutil.rmtree(reports, ignore_errors=True)
    reports.mkdir()
    made = make(reports.resolve())
    print(f"{len(made)} reports in {reports}", flush=True)
    axe = folder / "node_modules/axe-core/axe.min.js"
    return subprocess.run([folder / "bin/python", VISIT, reports, axe], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))

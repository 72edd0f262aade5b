"""Arguments of commands that are about several agreements and their kept audits."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Configs = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="CONFIG",
        help="Folders with an agreement.yaml, the files, or a targets.yaml for all its agreements. "
        "Default: configs/acme here, else the nearest configs/.",
        show_default=False,
    ),
]
History = Annotated[
    Path | None,
    typer.Option("--history", metavar="FILE", help="Where audits are kept. Default: .sla-sync/audits.sqlite."),
]

"""Where the documents of a command stand: the agreement, its bindings, the targets, and the folder for state."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sla_sync.conventions import STATE_FOLDER
from sla_sync.errors import SlaSyncError

AGREEMENT_FILE = "agreement.yaml"
TARGETS_FILE = "targets.yaml"
ATTESTATIONS_FILE = "attestations.yaml"
SYNC_FILE = "sync.yaml"
CHANNELS_FILE = "channels.yaml"
EXCEPTIONS_FILE = "exceptions.yaml"
SIGNATURES_FILE = "signatures.yaml"
DISPUTES_FILE = "disputes.yaml"
BASELINE_FILE = "baseline.json"
DEFAULT = Path("configs/acme")


@dataclass(frozen=True)
class Place:
    """`agreement` is the file, `targets` the targets file that governs it, or None where there is none."""

    agreement: Path
    targets: Path | None
    state: Path
    """The folder `.sla-sync` beside the folder of the targets file: simulators' data, journals, tokens of locks."""
    trusted: Path | None = None
    """Where the targets are read from instead, as they stand in a revision that is trusted; paths in them stay relative to
    `targets`."""

    @property
    def folder(self) -> Path:
        """The folder of the agreement; what it includes stays inside."""
        return self.agreement.parent

    @property
    def bindings(self) -> tuple[Path, ...]:
        """Every binding beside the agreement."""
        return tuple(sorted((self.folder / "bindings").glob("*.yaml")))

    @property
    def attestations(self) -> Path:
        """What people vouch for beside the agreement, whether it is there or not."""
        return self.folder / ATTESTATIONS_FILE

    @property
    def signatures(self) -> Path:
        """Who has signed which meaning, whether it is there or not."""
        return self.folder / SIGNATURES_FILE

    @property
    def exceptions(self) -> Path:
        """Which differences on targets people live with, whether it is there or not."""
        return self.folder / EXCEPTIONS_FILE

    @property
    def disputes(self) -> Path:
        """What is in dispute, whether it is there or not."""
        return self.folder / DISPUTES_FILE

    @property
    def baseline(self) -> Path:
        """What the commitments came to before the agreement, whether it is there or not."""
        return self.folder / BASELINE_FILE

    @property
    def channels(self) -> Path | None:
        """Who is told of audits, beside the targets file; None where that is not there."""
        beside = self.targets.parent / CHANNELS_FILE if self.targets else None
        return beside if beside is not None and beside.is_file() else None

    @property
    def sync(self) -> Path:
        """What is written down of the exchange between two platforms, whether it is there or not."""
        return self.folder / SYNC_FILE


def find_place(config: Path | None, *, here: Path) -> Place:
    """Return the place that CONFIG means, seen from `here`, the current folder.

    CONFIG is a folder or an agreement file; where it is left out, the nearest one counts.

    Raises SlaSyncError where nothing is found, or more than one thing and nobody said which.
    """
    agreement = _agreement(here / config) if config is not None else _nearest(here)
    targets = _targets_above(agreement, here)
    home = targets.parent if targets else agreement.parent
    return Place(_shortest(agreement, here), targets, (here / home).resolve().parent / STATE_FOLDER)


def _agreement(config: Path) -> Path:
    if config.is_dir():
        inside = config / AGREEMENT_FILE
        if inside.is_file():
            return inside
        below = sorted(config.glob(f"configs/*/{AGREEMENT_FILE}"))
        named = f": {_shortest(below[0].parent, Path.cwd())}" if below else ", or the agreement file itself"
        raise SlaSyncError(
            f"{_shortest(config, Path.cwd())} is a folder without an {AGREEMENT_FILE}.",
            hint=f"Name a folder that holds an agreement{named}.",
        )
    if not config.exists():
        raise SlaSyncError(
            f"{_shortest(config, Path.cwd())} does not exist.",
            hint="Name a folder that holds an agreement, or the agreement file itself.",
        )
    return config


def _nearest(here: Path) -> Path:
    if (here / DEFAULT / AGREEMENT_FILE).is_file():
        return here / DEFAULT / AGREEMENT_FILE
    for folder in (here, *here.resolve().parents):
        configs = folder / "configs"
        if not configs.is_dir():
            continue
        found = sorted({*configs.glob(AGREEMENT_FILE), *configs.glob(f"*/{AGREEMENT_FILE}")})
        if len(found) == 1:
            return found[0]
        if found:
            raise SlaSyncError(
                f"{configs} holds {len(found)} agreements: {', '.join(each.parent.name for each in found)}.",
                hint=f"Name one, for example {_shortest(found[0].parent, here)}.",
            )
    raise SlaSyncError(
        "No agreement was found: neither configs/acme here, nor a folder configs with one agreement here or above.",
        hint="Write a first one: sla-sync init; or name the folder or file of one: sla-sync validate path/to/agreement.yaml",
    )


def _targets_above(agreement: Path, here: Path) -> Path | None:
    for folder in agreement.resolve().parents:
        if (folder / TARGETS_FILE).is_file():
            return _shortest(folder / TARGETS_FILE, here)
        if folder.name == "configs":
            break
    return None


def _shortest(path: Path, here: Path) -> Path:
    """Return the path as seen from here where it lies below, so that messages and plans name no machine."""
    try:
        return path.resolve().relative_to(here.resolve())
    except ValueError:
        return path

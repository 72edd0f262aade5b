"""Lets the official CLI convert what `sla-sync build` writes from one layout into the other, both ways, and compares.

    python tests/connectors/salesforce/form/conversion.py PATH_OF_SF

Exits with 1 where a file that the CLI made says anything else than ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from pathlib import Path

CONFIGS = Path(__file__).parents[4] / "configs"
API_VERSION = "63.0"


def built(form: str, folder: Path) -> Path:
    """Return the folder in which configs/acme stands in one layout."""
    out = folder / form
    command = [sys.executable, "-m", "sla_sync", "build", str(CONFIGS / "acme"), "--platform", "salesforce"]
    subprocess.run([*command, "--format", form, "--out", str(out)], check=True, stdout=subprocess.DEVNULL)
    return out


def convert(sf: str, arguments: list[str], folder: Path, home: Path) -> None:
    """Run one conversion of the CLI; exits where it fails."""
    environment = {
        "PATH": os.pathsep.join([str(Path(sf).parent), os.environ["PATH"]]),
        "HOME": str(home),
        "SF_DISABLE_TELEMETRY": "true",
        "SF_AUTOUPDATE_DISABLE": "true",
        "NO_COLOR": "1",
    }
    print(f"$ sf project convert {' '.join(arguments)}", flush=True)
    done = subprocess.run(
        [sf, "project", "convert", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def said(path: Path) -> object:
    """Return what a file says: its tree of elements, those of one name in their order; other files by their text."""
    try:
        root = ET.parse(path).getroot()
    except ET.ParseError:
        return path.read_text("utf-8").strip()
    return _tree(root)


def _tree(element: ET.Element) -> object:
    children = [(child.tag.rpartition("}")[2], _tree(child)) for child in element]
    return children or (element.text or "")


def differences(ours: Path, theirs: Path) -> list[str]:
    """Return every file that is in one of two folders only, or says something else in the other."""
    names = {
        side: {path.relative_to(side) for path in side.rglob("*") if path.is_file() and path.name != "package.xml"}
        for side in (ours, theirs)
    }
    found = [f"only ours has {each}" for each in sorted(names[ours] - names[theirs])]
    # The CLI writes a file for an object of which only parts are ours; it says nothing.
    found += [f"only the CLI's has {each}" for each in sorted(names[theirs] - names[ours]) if said(theirs / each)]
    for each in sorted(names[ours] & names[theirs]):
        mine, other = said(ours / each), said(theirs / each)
        # The parts of an object's file may stand in any order.
        same = (
            sorted(mine, key=repr) == sorted(other, key=repr)
            if isinstance(mine, list) and isinstance(other, list)
            else mine == other
        )
        if not same:
            found.append(f"{each} says something else")
    return found


def main(sf: str) -> None:
    """Convert both ways and compare."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        home = folder / "home"
        home.mkdir()
        source, package = built("source", folder), built("mdapi", folder) / "src"
        convert(sf, ["source", "--root-dir", "force-app", "--output-dir", str(folder / "to-mdapi")], source, home)
        project = folder / "project"
        project.mkdir()
        settings = {"packageDirectories": [{"path": "force-app", "default": True}], "sourceApiVersion": API_VERSION}
        (project / "sfdx-project.json").write_text(json.dumps(settings), "utf-8")
        (project / "force-app").mkdir()
        convert(sf, ["mdapi", "--root-dir", str(package), "--output-dir", "force-app"], project, home)
        found = differences(package, folder / "to-mdapi") + differences(source / "force-app", project / "force-app")
        if found:
            sys.exit("\n".join(found))
        count = sum(path.is_file() for path in package.rglob("*"))
        print(f"{count} files of a package and the same as a project: the CLI's conversions say the same as ours.")


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).absolute()))

"""What a release is made of: every distribution of the run lock, who asks for it, its digests and its licence.

    python -m tests.house.parts page                 write requirements/licences.md
    python -m tests.house.parts bill FILE            write the list of all parts as CycloneDX

The lock says what is installed on any platform; licences are those that the distributions say of themselves where they are
installed, and stand in a table here for those that are not.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, metadata
from pathlib import Path

from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[2]
LOCK = PROJECT / "requirements" / "run.lock"
PAGE = PROJECT / "requirements" / "licences.md"
ROOT = "sla-sync"
_ENTRY = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(?P<version>[^\s;\\]+)")
_VIA = re.compile(r"^ +#(?: via)? +(?P<who>[A-Za-z0-9._-]+)(?: \((?P<where>[^)]*)\))?$")
_BUILDING = "pyproject.toml:build"

ALLOWED: Mapping[str, str] = {
    "0BSD": "permissive",
    "Apache-2.0": "permissive; its notices travel with what is passed on",
    "BSD-2-Clause": "permissive",
    "BSD-3-Clause": "permissive",
    "CC0-1.0": "dedicated to the public",
    "ISC": "permissive",
    "MIT": "permissive",
    "MIT-0": "permissive",
    "MIT-CMU": "permissive",
    "MPL-2.0": "weak copyleft by file: changes to these files stay under it, what uses them does not come under it",
    "PSF-2.0": "permissive",
    "Unlicense": "dedicated to the public",
    "Zlib": "permissive",
}
"""Licences by their SPDX names that a dependency may have, and what that means for whoever passes this program on."""
SPELLINGS: Mapping[str, str] = {
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache software license": "Apache-2.0",
    "apache-2.0": "Apache-2.0",
    "apache2": "Apache-2.0",
    "bsd": "BSD-3-Clause",
    "bsd 2-clause license": "BSD-2-Clause",
    "bsd license": "BSD-3-Clause",
    "bsd-2-clause": "BSD-2-Clause",
    "bsd-3-clause": "BSD-3-Clause",
    "isc license (iscl)": "ISC",
    "mit": "MIT",
    "mit license": "MIT",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "mpl-2.0": "MPL-2.0",
    "psf-2.0": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
    "the unlicense (unlicense)": "Unlicense",
}
"""What distributions write where they should write an SPDX name."""
KNOWN: Mapping[str, str] = {"colorama": "BSD-3-Clause"}
"""Licences, by their sources, of distributions that are installed on other platforms only (colorama: Windows)."""


@dataclass(frozen=True)
class Part:
    """One distribution of the lock. `asked_by` are the names of those that need it, the project's own among them."""

    name: str
    version: str
    digests: tuple[str, ...]
    asked_by: tuple[str, ...]
    building: bool
    """Whether only building the program needs it."""


def parts(lock: Path = LOCK) -> tuple[Part, ...]:
    """Return what a lock names, by name; what only building needs is marked so."""
    found = tuple(_entries(lock.read_text(encoding="utf-8")))
    needed: set[str] = set()
    coming = {each.name for each, places in found if any(place != _BUILDING for place in places)}
    while coming:
        needed |= coming
        coming = {each.name for each, _ in found if needed & set(each.asked_by)} - needed
    return tuple(
        Part(each.name, each.version, each.digests, each.asked_by, building=each.name not in needed)
        for each, _ in found
    )


def _entries(text: str) -> Iterator[tuple[Part, tuple[str, ...]]]:
    """Yield each entry of a lock, with the places of pyproject.toml that ask for it."""
    for block in re.split(r"\n(?=[A-Za-z0-9])", text):
        entry = _ENTRY.match(block)
        if entry is None:
            continue
        via = [found for line in block.splitlines() if (found := _VIA.match(line))]
        yield (
            Part(
                canonicalize_name(entry["name"]),
                entry["version"],
                tuple(sorted(re.findall(r"--hash=sha256:([0-9a-f]{64})", block))),
                tuple(sorted({canonicalize_name(each["who"]) for each in via})),
                building=False,
            ),
            tuple(each["where"] for each in via if each["where"]),
        )


def licence_of(part: Part) -> str:
    """Return a licence as an SPDX expression; empty where nobody says one that is known."""
    if part.name in KNOWN:
        return KNOWN[part.name]
    try:
        said = metadata(part.name)
    except PackageNotFoundError:
        return ""
    return next((found for text in _said(said) if (found := _spdx(text))), "")


def _said(said: PackageMetadata) -> Iterator[str]:
    yield from said.get_all("License-Expression") or ()
    for each in said.get_all("Classifier") or ():
        if each.startswith("License :: "):
            yield each.rpartition(" :: ")[2]
    yield from (each.partition("\n")[0] for each in said.get_all("License") or ())


def _spdx(text: str) -> str:
    """Return a text as an SPDX expression where it is one, or a known spelling of one; otherwise empty."""
    plain = SPELLINGS.get(text.strip().lower(), text.strip())
    return plain if plain and all(name in ALLOWED for name in names_in(plain)) else ""


def names_in(expression: str) -> tuple[str, ...]:
    """Return the licences of an SPDX expression."""
    return tuple(each for each in re.split(r"[\s()]+", expression) if each and each not in {"AND", "OR", "WITH"})


def page(found: Sequence[Part]) -> str:
    """Return the inventory of licences as Markdown."""
    lines = [
        "# Licences",
        "",
        "Every distribution that a release installs, from [run.lock](run.lock), with the licence that it says of itself.",
        "sla-sync is under Apache-2.0. `make sbom` writes this page and the list of all parts; a test holds it against the lock.",
        "",
        "| distribution | version | licence | needed for |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {each.name} | {each.version} | {licence_of(each) or '?'} | {'building' if each.building else 'running'} |"
        for each in found
    ]
    used = sorted({name for each in found for name in names_in(licence_of(each))})
    lines += ["", "| licence | what it means here |", "|---|---|", *(f"| {each} | {ALLOWED[each]} |" for each in used)]
    return "\n".join(lines) + "\n"


def bill(found: Sequence[Part], version: str) -> str:
    """Return the list of all parts of a release as CycloneDX 1.6, the same for the same lock."""
    running = [each for each in found if not each.building]
    root = f"pkg:pypi/{ROOT}@{version}"
    said = {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "bom-ref": root,
                "type": "application",
                "name": ROOT,
                "version": version,
                "purl": root,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": [_component(each) for each in running],
        "dependencies": [
            {"ref": root, "dependsOn": sorted(_ref(each) for each in running if ROOT in each.asked_by)},
            *(
                {
                    "ref": _ref(each),
                    "dependsOn": sorted(_ref(other) for other in running if each.name in other.asked_by),
                }
                for each in running
            ),
        ],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(said, sort_keys=True))
    return json.dumps({**said, "serialNumber": f"urn:uuid:{serial}"}, indent=2, sort_keys=True) + "\n"


def _ref(part: Part) -> str:
    return f"pkg:pypi/{part.name}@{part.version}"


def _component(part: Part) -> dict[str, object]:
    licence = licence_of(part)
    said = {"expression": licence} if len(names_in(licence)) > 1 else {"license": {"id": licence}}
    return {
        "bom-ref": _ref(part),
        "type": "library",
        "name": part.name,
        "version": part.version,
        "purl": _ref(part),
        "scope": "required",
        **({"licenses": [said]} if licence else {}),
        "externalReferences": [
            {
                "type": "distribution",
                "url": f"https://pypi.org/project/{part.name}/{part.version}/",
                "hashes": [{"alg": "SHA-256", "content": each} for each in part.digests],
            }
        ],
    }


def version() -> str:
    """Return the version of this project."""
    told = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(told["project"]["version"])


def main() -> int:
    """Write what was asked for; 1 where a part has no licence that is allowed."""
    found = parts()
    unknown = [each.name for each in found if not licence_of(each)]
    if unknown:
        print(f"No allowed licence is known of: {', '.join(unknown)}.", file=sys.stderr)
        return 1
    match sys.argv[1:]:
        case ["page"]:
            PAGE.write_text(page(found), encoding="utf-8")
        case ["bill", file]:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            Path(file).write_text(bill(found, version()), encoding="utf-8")
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Hold a list of parts against the schema of CycloneDX; run by `make sbom` in an environment of its own."""

from __future__ import annotations

import sys
from pathlib import Path

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator


def main() -> int:
    """Return 1 where it is not valid, and say why."""
    place = Path(sys.argv[1])
    wrong = JsonStrictValidator(SchemaVersion.V1_6).validate_str(place.read_text(encoding="utf-8"))
    print(f"{place}: {wrong}" if wrong else f"{place} is valid CycloneDX 1.6")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

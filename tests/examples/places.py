"""The examples: where they stand, and the day on which each is judged."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from sla_sync.pipeline.validate import Documents, effective_day, validate
from sla_sync.places import Place, find_place

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "configs" / "examples"
GOLDEN = Path(__file__).with_name("golden")

NAMES: Mapping[str, Path] = {
    "-".join(path.parent.relative_to(EXAMPLES).parts): path for path in sorted(EXAMPLES.rglob("agreement.yaml"))
}
"""Name of an example → its agreement; one inside another example bears both names."""


def place(name: str) -> Place:
    """Return where the documents of an example stand."""
    return find_place(NAMES[name], here=ROOT)


@cache
def documents(name: str) -> Documents:
    """Return the documents of an example, judged on its first day."""
    return validate(place(name), today=effective_day(place(name)))

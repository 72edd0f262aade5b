"""Whatever stands in a file that somebody else may have written, reading it ends in a value or in one sentence.

Each file is written as it is when all is well, then one place of it says something else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from tests.fuzz import foreign_copies, foreign_documents, foreign_past, foreign_state
from tests.fuzz.answers import ended
from tests.fuzz.damaging import damage
from tests.fuzz.foreign import Foreign

QUICK: Mapping[str, Foreign] = {**foreign_state.FILES, **foreign_past.FILES}
"""What is read within moments."""
DOCUMENTS: Mapping[str, Foreign] = foreign_documents.FILES
"""What is read with a whole agreement beside it."""
COPIES: Mapping[str, Foreign] = foreign_copies.FILES
"""What is read with a platform with a past behind it."""
SLOW: Mapping[str, Foreign] = {**DOCUMENTS, **COPIES}
FILES: Mapping[str, Foreign] = {**QUICK, **SLOW}
"""What is read → how."""


def tried(name: str, seed: int) -> str:
    """Read a file of which one place is wrong, and return how it ended otherwise than it may; empty where it ended well."""
    foreign = FILES[name]
    with TemporaryDirectory(prefix="sla-sync-fuzz-") as held:
        folder = Path(held)
        foreign.write(folder)
        chance = Random(seed)
        found = sorted(folder.glob(foreign.file))
        damage(found[0] if len(found) == 1 else chance.choice(found), foreign.kind, chance)
        said = ended(lambda: foreign.read(folder))
    return f"{name}, seed {seed}: {said}" if said else ""


def sound(name: str) -> object:
    """Return what is read of a file in which nothing is wrong."""
    with TemporaryDirectory(prefix="sla-sync-fuzz-") as held:
        FILES[name].write(Path(held))
        return FILES[name].read(Path(held))


def cases(names: Collection[str], seed: int) -> Iterator[tuple[str, int]]:
    """Yield without end what is tried of these kinds, the same for the same seed."""
    while True:
        yield from ((name, seed) for name in names)
        seed += 1

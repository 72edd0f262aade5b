"""How every line of an agreement is held, for one target or for every binding beside it; works offline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sla_sync.agreement.source import Source
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.build import people_for, prepare
from sla_sync.pipeline.look import binding_of, choose_target
from sla_sync.pipeline.validate import Documents, validate
from sla_sync.places import Place
from sla_sync.reconcile.coverage import Coverage
from sla_sync.reconcile.coverage import coverage as cover


@dataclass(frozen=True)
class Covered:
    """The coverage of one binding, and the source that knows where each line stands."""

    coverage: Coverage
    source: Source


def coverage(place: Place, target: str | None = None, *, today: date | None = None) -> tuple[Covered, ...]:
    """Return the coverage for a target, or for every binding of the agreement where none is named.

    Raises SlaSyncError where there is no binding.
    """
    documents = validate(place, today=today)
    _ = documents.usable
    found = tuple(_covered(documents, path, people) for path, people in _asked(documents, target))
    if not found:
        raise SlaSyncError(
            f"{place.folder} has no binding.", hint="Write one in the folder bindings, or let `sla-sync init` do it."
        )
    return found


def _asked(documents: Documents, target: str | None) -> Iterator[tuple[Path, Mapping[str, tuple[str, ...]]]]:
    if target is not None:
        chosen = choose_target(documents, target)
        yield binding_of(documents, chosen), chosen.people
        return
    for path, binding in documents.bindings.items():
        yield path, people_for(documents, binding.metadata.connector)


def _covered(documents: Documents, path: Path, people: Mapping[str, tuple[str, ...]]) -> Covered:
    prepared = prepare(documents, path, people)
    source = documents.sources[documents.place.agreement]
    return Covered(
        cover(
            source.data or {},
            prepared.translation,
            prepared.connector.types,
            agreement=prepared.agreement.metadata.name,
            platform=prepared.connector.name,
        ),
        source,
    )

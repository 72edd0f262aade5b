"""The documents of a place, read and judged, with all findings at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.disputes import undefined
from sla_sync.agreement.findings import UNKNOWN_KEY
from sla_sync.agreement.load import (
    load_agreement,
    load_attestations,
    load_binding,
    load_channels,
    load_disputes,
    load_exceptions,
    load_signatures,
    load_sync,
    load_targets,
)
from sla_sync.diagnostics import Diagnostic, Severity, errors_in
from sla_sync.errors import ConnectorError, DocumentError
from sla_sync.lint import lint
from sla_sync.pipeline.named_by_targets import what_targets_name
from sla_sync.places import Place
from sla_sync.registry import load_connector

if TYPE_CHECKING:
    from sla_sync.agreement.attestations import Attestations
    from sla_sync.agreement.disputes import Disputes
    from sla_sync.agreement.document import Agreement
    from sla_sync.agreement.exceptions import Exceptions
    from sla_sync.agreement.signatures import Signatures
    from sla_sync.agreement.source import Source
    from sla_sync.agreement.sync import Sync
    from sla_sync.agreement.targets import Targets


@dataclass(frozen=True)
class Documents:
    """The documents of one place as they were read. What could not be read is None or absent."""

    place: Place
    agreement: Agreement | None
    bindings: Mapping[Path, BindingDocument]
    targets: Targets | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[Path, Source]
    sync: Sync | None = None
    """What is written down of the exchange between two platforms."""
    attestations: Attestations | None = None
    """What people vouch for."""
    signatures: Signatures | None = None
    """Who has signed which meaning."""
    exceptions: Exceptions | None = None
    """Which differences on targets people live with."""
    disputes: Disputes | None = None
    """What is in dispute."""

    @property
    def usable(self) -> Agreement:
        """The agreement. Raises DocumentError where a finding stands in the way."""
        if errors_in(self.diagnostics) or self.agreement is None:
            raise DocumentError(f"{self.place.agreement} cannot be used.", self.diagnostics)
        return self.agreement


def read(place: Place) -> Documents:
    """Read the agreement, its bindings and the targets that govern it, with every finding about each by itself."""
    loaded = load_agreement(place.agreement, root=place.folder)
    diagnostics = [*loaded.diagnostics]
    sources = {place.agreement: loaded.source}
    bindings: dict[Path, BindingDocument] = {}
    for path in place.bindings:
        bound, source, found = _read_binding(path, place.folder)
        diagnostics += found
        sources[path] = source
        if bound is not None:
            bindings[path] = bound
    targets = None
    if place.targets is not None:
        said = place.trusted or place.targets
        named = load_targets(said, root=said.parent)
        diagnostics += named.diagnostics
        sources[place.targets] = named.source
        targets = named.value
    sync = load_sync(place.sync, root=place.folder) if place.sync.is_file() else None
    vouched = load_attestations(place.attestations, root=place.folder) if place.attestations.is_file() else None
    signed = load_signatures(place.signatures, root=place.folder) if place.signatures.is_file() else None
    lived_with = load_exceptions(place.exceptions, root=place.folder) if place.exceptions.is_file() else None
    disputed = load_disputes(place.disputes, root=place.folder) if place.disputes.is_file() else None
    for path, besides in (
        (place.sync, sync),
        (place.attestations, vouched),
        (place.signatures, signed),
        (place.exceptions, lived_with),
        (place.disputes, disputed),
    ):
        if besides is not None:
            diagnostics += besides.diagnostics
            sources[path] = besides.source
    return Documents(
        place,
        loaded.value,
        bindings,
        targets,
        tuple(diagnostics),
        sources,
        sync.value if sync else None,
        vouched.value if vouched else None,
        signed.value if signed else None,
        lived_with.value if lived_with else None,
        disputed.value if disputed else None,
    )


def _read_binding(path: Path, folder: Path) -> tuple[BindingDocument | None, Source, tuple[Diagnostic, ...]]:
    """Return a binding read by the model of the connector that it names."""
    plain = load_binding(path, BindingDocument, root=folder)
    metadata = plain.source.data.get("metadata") if plain.source.data else None
    name = metadata.get("connector") if isinstance(metadata, Mapping) else None
    if not isinstance(name, str):
        return None, plain.source, plain.diagnostics
    try:
        model = load_connector(name).binding
    except ConnectorError as error:
        where = ("metadata", "connector")
        found = Diagnostic("SLA102", Severity.ERROR, error.message, where, plain.source.locate(where), error.hint)
        return None, plain.source, (found,)
    bound = load_binding(path, model, root=folder)
    return bound.value, bound.source, bound.diagnostics


def validate(place: Place, *, today: date | None = None) -> Documents:
    """Return the documents of a place with all findings at once, in the order in which one reads; today if no day."""
    documents = judge(read(place), today=today or datetime.now(UTC).date())
    documents = in_reading_order(documents, (*documents.diagnostics, *_named_by_targets(documents)))
    if place.channels is None:
        return documents
    # Only here: who is told of an audit is no reason not to audit, nor to keep an agreement from being applied.
    told = load_channels(place.channels, root=place.channels.parent)
    sources = {**documents.sources, place.channels: told.source}
    return in_reading_order(replace(documents, sources=sources), (*documents.diagnostics, *told.diagnostics))


def _named_by_targets(documents: Documents) -> Iterator[Diagnostic]:
    """Yield what the targets name and is not there. Only here: one target is no reason to keep from another."""
    place = documents.place
    if documents.targets is not None and place.targets is not None:
        source = documents.sources[place.targets]
        known = {*documents.agreement.roles, *documents.agreement.teams} if documents.agreement else set()
        for each in what_targets_name(place, documents.targets, documents.bindings, known):
            about_key = each.code == UNKNOWN_KEY or "people" in each.path
            place_of = source.locate_key if about_key else source.locate
            yield replace(each, location=place_of(each.path))


def judge(documents: Documents, *, today: date) -> Documents:
    """Return documents with the findings of every rule that looks across them."""
    if documents.agreement is None:
        return in_reading_order(documents, documents.diagnostics)
    bindings = {str(path): each for path, each in documents.bindings.items()}
    source = documents.sources[documents.place.agreement]
    linted = lint(
        documents.agreement,
        bindings,
        today,
        source=source,
        sources={str(path): documents.sources[path] for path in documents.bindings},
        neighbours=_neighbours(documents),
        vouched=(str(documents.place.attestations), documents.attestations) if documents.attestations else None,
    )
    found = (each.located(source, documents.sources) for each in linted)
    return in_reading_order(documents, (*documents.diagnostics, *found, *_disputes(documents)))


def _disputes(documents: Documents) -> Iterator[Diagnostic]:
    """Yield what is in dispute and the agreement does not know."""
    if documents.disputes is not None and documents.agreement is not None:
        source = documents.sources[documents.place.disputes]
        for each in undefined(documents.disputes, documents.agreement):
            yield replace(each, location=source.locate(each.path))


def _neighbours(documents: Documents) -> Mapping[str, Agreement]:
    """Return the other agreements of every target that names this one; those that cannot be read have no say."""
    place = documents.place
    if documents.targets is None or place.targets is None:
        return {}
    found: dict[str, Agreement] = {}
    for target in documents.targets.targets.values():
        paths = [place.targets.parent / each for each in target.agreements]
        if place.agreement.resolve() not in {each.resolve() for each in paths}:
            continue
        for path in paths:
            if path.resolve() != place.agreement.resolve() and str(path) not in found:
                other = load_agreement(path, root=path.parent).value
                found |= {str(path): other} if other else {}
    return found


def in_reading_order(documents: Documents, diagnostics: Iterable[Diagnostic]) -> Documents:
    """Return documents with these findings, in the order in which one reads."""
    files = {source.file: number for number, source in enumerate(documents.sources.values())}

    def place(found: Diagnostic) -> tuple[int, int, int]:
        at = found.location
        return (files.get(at.file, len(files)), at.line, at.column) if at else (len(files) + 1, 0, 0)

    return replace(documents, diagnostics=tuple(sorted(diagnostics, key=place)))


def effective_day(place: Place) -> date | None:
    """Return the first day on which the agreement is in force, where it can be read."""
    agreement = read(place).agreement
    return agreement.metadata.effective.start if agreement else None

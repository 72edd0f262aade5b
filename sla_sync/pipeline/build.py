"""An agreement in one platform's words, and the files that another pipeline can release; works offline."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.digest import meaning_digest
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.holiday_files import read_holiday_files
from sla_sync.compiler import compile_agreement
from sla_sync.connector import Connector, Setup, Translation
from sla_sync.errors import DocumentError, SlaSyncError
from sla_sync.pipeline.validate import Documents, validate
from sla_sync.places import Place
from sla_sync.reconcile.manifest import next_manifest
from sla_sync.reconcile.settings import Action, Change, Consequence, Reason, Snapshot
from sla_sync.registry import connector_names, load_connector


@dataclass(frozen=True)
class Prepared:
    """One agreement in one platform's words, before any connection."""

    agreement: Agreement
    binding: BindingDocument
    connector: Connector
    people: Mapping[str, tuple[str, ...]]
    translation: Translation
    digest: str


def prepare(documents: Documents, path: Path, people: Mapping[str, tuple[str, ...]]) -> Prepared:
    """Return the agreement in the words of the platform that the binding at `path` is for."""
    agreement = documents.usable
    binding = documents.bindings.get(path)
    if binding is None:
        raise DocumentError(
            f"There is no binding {path} for agreement '{agreement.metadata.name}'.",
            documents.diagnostics,
            hint="Write one in the folder bindings beside the agreement, or correct the path in targets.yaml.",
        )
    connector = load_connector(binding.metadata.connector)
    resources = compile_agreement(agreement, binding.modes)
    setup = Setup(agreement=agreement.metadata.name, people=people)
    return Prepared(
        agreement=agreement,
        binding=binding,
        connector=connector,
        people=people,
        translation=connector.translate(resources, binding, setup),
        digest=meaning_digest(
            agreement,
            documents.bindings.values(),
            read_holiday_files(agreement, documents.place.folder).texts,
        ),
    )


def build(
    place: Place, *, platform: str, form: str, today: date | None = None, commit: str | None = None
) -> Mapping[str, bytes]:
    """Return the files that a team can release by its own pipeline: relative path → content. Works offline."""
    documents = validate(place, today=today)
    _ = documents.usable
    path = next((path for path, each in documents.bindings.items() if each.metadata.connector == platform), None)
    if path is None:
        raise SlaSyncError(
            f"{place.folder} has no binding for '{platform}'; connectors are: {', '.join(connector_names())}.",
            hint=f"Write bindings/{platform}.yaml beside the agreement, or choose another platform.",
        )
    people = next(
        (
            each.people
            for each in (documents.targets.targets.values() if documents.targets else ())
            if each.connector == platform
        ),
        {},
    )
    prepared = prepare(documents, path, people)
    if form not in prepared.connector.build:
        raise SlaSyncError(
            f"'{platform}' cannot be built as '{form}'.",
            hint=f"Choose --format {' or '.join(sorted(prepared.connector.build))}.",
        )
    made = [
        Change(Action.CREATE, each.address, (), Reason.ABSENT, Consequence.COSMETIC, desired=each)
        for each in prepared.translation.desired
    ]
    manifest = next_manifest(
        None,
        prepared.translation.desired,
        made,
        Snapshot({}),
        prepared.connector.types,
        agreement_digest=prepared.digest,
        commit=commit,
    )
    return prepared.connector.build[form](prepared.translation, manifest)


def commit_of(folder: Path) -> str | None:
    """Return the git commit that the agreement's folder is at, or None outside a repository."""
    try:
        answer = subprocess.run(
            ["git", "rev-parse", "HEAD"],  # noqa: S607 - git is where the user's PATH says
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=10,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() or None if answer.returncode == 0 else None

"""An agreement in one platform's words, and the files that another pipeline can release; works offline."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sla_sync.agreement.binding import BindingDocument, only_measured
from sla_sync.agreement.digest import meaning_digest
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.holiday_files import read_holiday_files
from sla_sync.compiler import compile_agreement
from sla_sync.connector import Connector, Manifest, Resources, Setup, Translation
from sla_sync.errors import DocumentError, SlaSyncError
from sla_sync.pipeline.handed_over import whole_translation
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
    resources: Resources
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
    texts = read_holiday_files(agreement, documents.place.folder).texts
    setup = Setup(agreement=agreement.metadata.name, people=people)
    return Prepared(
        agreement=agreement,
        binding=binding,
        connector=connector,
        people=people,
        resources=compile_agreement(agreement, binding.modes, texts),
        translation=translated(agreement, binding, connector, setup, texts),
        digest=meaning_digest(agreement, documents.bindings.values(), texts),
    )


def translated(
    agreement: Agreement, binding: BindingDocument, connector: Connector, setup: Setup, texts: Mapping[str, str]
) -> Translation:
    """Return an agreement in a platform's words; nothing where every promise is only measured there."""
    if only_measured(agreement.commitments, binding.modes):
        return Translation((), (), agreement.metadata.name)

    def translate(agreement: Agreement, binding: BindingDocument) -> Translation:
        found = connector.translate(compile_agreement(agreement, binding.modes, texts), binding, setup)
        return whole_translation(found, connector)

    if agreement.moved is None:
        return translate(agreement, binding)
    from sla_sync.pipeline.moved import translate_moved  # hardly any agreement has moved words

    return translate_moved(agreement, binding, translate, connector.types)


def build(
    place: Place, *, platform: str, form: str, today: date | None = None, commit: str | None = None
) -> Mapping[str, bytes]:
    """Return the files that a team can release by its own pipeline: relative path → content. Works offline."""
    prepared = _offline(place, platform, today)
    if form not in prepared.connector.build:
        forms = " or ".join(sorted(prepared.connector.build))
        raise SlaSyncError(
            f"'{platform}' cannot be built as '{form}'.",
            hint=f"Choose --format {forms}." if forms else "Use sla-sync apply: this connector writes no files.",
        )
    return prepared.connector.build[form](prepared.translation, _first_manifest(prepared, commit))


def merge_with(
    tree: Mapping[str, bytes], place: Place, *, platform: str, today: date | None = None, commit: str | None = None
) -> Mapping[str, bytes]:
    """Return the files of a team's own source tree that become new or different with the agreement in them.

    Raises SlaSyncError where the platform has no source tree, or a file in it is in the way.
    """
    prepared = _offline(place, platform, today)
    if prepared.connector.merge_into is None:
        raise SlaSyncError(
            f"'{platform}' has no source tree that others keep, so there is nothing to merge with.",
            hint="Leave out --merge-with, and name an empty folder with --out.",
        )
    return prepared.connector.merge_into(tree, prepared.translation, _first_manifest(prepared, commit))


def _offline(place: Place, platform: str, today: date | None) -> Prepared:
    """Return the agreement in the words of a platform by the binding beside it, without any connection."""
    documents = validate(place, today=today)
    _ = documents.usable
    path = next((path for path, each in documents.bindings.items() if each.metadata.connector == platform), None)
    if path is None:
        raise SlaSyncError(
            f"{place.folder} has no binding for '{platform}'; connectors are: {', '.join(connector_names())}.",
            hint=f"Write bindings/{platform}.yaml beside the agreement, or choose another platform.",
        )
    return prepare(documents, path, people_for(documents, platform))


def people_for(documents: Documents, platform: str) -> Mapping[str, tuple[str, ...]]:
    """Return the people of the first target on a platform; none where there is no such target."""
    targets = documents.targets.targets.values() if documents.targets else ()
    return next((each.people for each in targets if each.connector == platform), {})


def _first_manifest(prepared: Prepared, commit: str | None) -> Manifest:
    """Return the manifest that holds once all of it was created."""
    made = [
        Change(Action.CREATE, each.address, (), Reason.ABSENT, Consequence.COSMETIC, desired=each)
        for each in prepared.translation.desired
    ]
    return next_manifest(
        None,
        prepared.translation.desired,
        made,
        Snapshot({}),
        prepared.connector.types,
        agreement_digest=prepared.digest,
        commit=commit,
    )


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

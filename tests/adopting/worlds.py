"""Platforms that live an agreement, in memory: what was asked for stands there, and somebody changed a part of it."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sla_sync.adopting.adoption import Adopted, NotAdopted, adopt_finding
from sla_sync.adopting.papers import Papers, read_papers
from sla_sync.adopting.proof import Scene
from sla_sync.pipeline.adopt import translation_of
from sla_sync.pipeline.build import Prepared, prepare
from sla_sync.pipeline.validate import judge, read
from sla_sync.places import Place
from sla_sync.reconcile.audit import audit
from sla_sync.reconcile.drift import Finding
from sla_sync.reconcile.manifest import next_manifest
from sla_sync.reconcile.plan import make_plan
from sla_sync.reconcile.settings import (
    Action,
    Change,
    Consequence,
    Desired,
    Live,
    Manifest,
    Reason,
    Snapshot,
    Values,
)

CONFIGS = Path(__file__).parents[2] / "configs"
DAY = date(2026, 10, 1)


@dataclass(frozen=True)
class World:
    """The example in a folder, in one platform's words, and what stands on that platform."""

    place: Place
    platform: str
    prepared: Prepared
    snapshot: Snapshot
    manifest: Manifest

    @property
    def target(self) -> str:
        """The target of the example on the platform."""
        return f"{self.platform}-simulator"

    @property
    def papers(self) -> Papers:
        """Return the documents as they are written now."""
        assert self.place.targets is not None
        people = (self.place.targets, ("targets", self.target, "people"))
        binding = self.place.folder / "bindings" / f"{self.platform}.yaml"
        return read_papers(self.place.agreement, binding, people, {}, self.place.folder)

    def found(self) -> tuple[Finding, ...]:
        """Return what an audit finds, what is only not applied yet included."""
        prepared = self.prepared
        plan = make_plan(
            prepared.translation,
            self.snapshot,
            prepared.connector.types,
            target=self.target,
            agreement=prepared.agreement.metadata.name,
            agreement_digest=prepared.digest,
            manifest=self.manifest,
        )
        return audit(
            plan, prepared.translation.desired, self.snapshot, prepared.connector.types, manifest=self.manifest
        ).findings

    def adopt(self, finding: Finding) -> Adopted | NotAdopted:
        """Adopt one finding; every change of the documents is taken that can be translated."""
        asked = {each.address: each for each in self.prepared.translation.desired}
        scene = Scene(asked, self.snapshot, self.prepared.connector.types)
        papers = self.papers
        return adopt_finding(papers, finding, scene, translation_of(papers, self.prepared), lambda _: True)

    def after(self, texts: Mapping[Path, str]) -> World:
        """Return the world with other documents; the platform stays as it is."""
        for path, text in texts.items():
            path.write_text(text, "utf-8")
        return replace(self, prepared=_prepared(self.place, self.platform))

    def living(self, desired: Iterable[Desired]) -> World:
        """Return the world in which the platform has other settings."""
        return replace(self, snapshot=_standing(desired))

    def with_value(self, type_and_key: str, path: tuple[str | int, ...], value: object) -> World:
        """Return the world in which somebody changed one value of a setting; None in the place of a setting deletes it."""
        settings = dict(self.snapshot.settings)
        address = next(each for each in settings if str(each) == type_and_key)
        if not path:
            del settings[address]
        else:
            settings[address] = replace(settings[address], values=_with(settings[address].values, path, value))
        return replace(self, snapshot=replace(self.snapshot, settings=settings))


def world(folder: Path, platform: str) -> World:
    """Return a world in which all is as agreed."""
    shutil.copytree(CONFIGS, folder / "configs")
    configs = folder / "configs"
    place = Place(configs / "acme" / "agreement.yaml", configs / "targets.yaml", folder / ".sla-sync")
    prepared = _prepared(place, platform)
    desired = prepared.translation.desired
    made = [
        Change(Action.CREATE, each.address, (), Reason.ABSENT, Consequence.COSMETIC, desired=each) for each in desired
    ]
    manifest = next_manifest(
        None, desired, made, Snapshot({}), prepared.connector.types, agreement_digest=prepared.digest, commit=None
    )
    return World(place, platform, prepared, _standing(desired), manifest)


def _prepared(place: Place, platform: str) -> Prepared:
    documents = judge(read(place), today=DAY)
    assert documents.targets is not None
    people = documents.targets.targets[f"{platform}-simulator"].people
    return prepare(documents, place.folder / "bindings" / f"{platform}.yaml", people)


def _standing(desired: Iterable[Desired]) -> Snapshot:
    return Snapshot({each.address: Live(each.address, each.values, managed=True) for each in desired})


def _with(values: Values, path: tuple[str | int, ...], value: object) -> Values:
    def put(there: object, rest: tuple[str | int, ...]) -> object:
        if not rest:
            return value
        if isinstance(there, Mapping):
            return {**there, rest[0]: put(there.get(rest[0]), rest[1:])}
        assert isinstance(there, list | tuple)
        return [put(each, rest[1:]) if at == rest[0] else each for at, each in enumerate(there)]

    changed = put(values, path)
    assert isinstance(changed, Mapping)
    return changed

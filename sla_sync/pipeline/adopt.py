"""What was found on a target, adopted: the documents changed so that they ask for it, proved before anything is written."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from sla_sync.adopting.adoption import Adopted, Adoption, NotAdopted, Said, Translate, adopt_finding
from sla_sync.adopting.edits import Paper
from sla_sync.adopting.papers import Papers, read_papers
from sla_sync.adopting.proof import Scene, settled
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.holiday_files import read_holiday_files
from sla_sync.agreement.targets import PeopleFile
from sla_sync.authoring.rewriting import Rewrite
from sla_sync.connector import Desired, Setup, SlaSyncError, Watched
from sla_sync.diagnostics import Diagnostic, KeyPath, errors_in, spell
from sla_sync.errors import DocumentError
from sla_sync.pipeline.applying import refuse_while_applying
from sla_sync.pipeline.build import Prepared, translated
from sla_sync.pipeline.look import Say, Sight, binding_of, choose_target, look, say_nothing
from sla_sync.pipeline.validate import judge, read
from sla_sync.pipeline.watching import watch
from sla_sync.places import Place
from sla_sync.reconcile.audit import audit
from sla_sync.reconcile.drift import Finding
from sla_sync.reconcile.exceptions import accept


def adopt(
    place: Place,
    name: str,
    asked: Sequence[str],
    *,
    environ: Mapping[str, str],
    today: date | None = None,
    say: Say = say_nothing,
) -> Adoption:
    """Return how the documents would say what was found; `asked` names findings, all of them where it is empty.

    A finding is named by its id, its address, or its address and path. Raises SlaSyncError where nothing bears a name.
    """
    with look(place, name, environ=environ, today=today, reading=True, before=refuse_while_applying, say=say) as sight:
        # Somebody who left is no reason to keep what is there from the documents.
        errors = [each for each in errors_in(sight.plan.diagnostics) if each.code != "SLA802"]
        if errors:
            raise DocumentError(f"{name} cannot be audited, so nothing can be adopted.", sight.plan.diagnostics)
        wanted = chosen(_findings(sight, asked, today), asked)
        with _bench(place) as bench:
            return _adopted(bench, name, sight, wanted, today)


def _findings(sight: Sight, asked: Sequence[str], today: date | None) -> tuple[Finding, ...]:
    """Return the differences of settings; what else was observed too where a name is asked for that fits none of them.

    Where all are asked for, those are left out that people accepted for a while.
    """
    prepared, reader = sight.prepared, sight.reader
    found = audit(
        sight.plan,
        prepared.translation.desired,
        sight.snapshot,
        prepared.connector.types,
        manifest=sight.manifest,
    )
    now = sight.target.connection.now()
    exceptions = sight.documents.exceptions
    if not asked and exceptions is not None:
        day = today or now.astimezone(ZoneInfo(prepared.resources.timezone)).date()
        agreement = prepared.agreement
        found = accept(found, exceptions, today=day, agreement=agreement.metadata.name, roles=agreement.roles)
    known = {name for each in found.drifted for name in _names(each)}
    if known.issuperset(asked):
        return found.drifted
    watched = Watched(prepared.resources, prepared.binding, prepared.translation, sight.snapshot, now)
    return (*found.drifted, *watch(reader, watched, sight.target.name).findings)


def chosen(findings: Sequence[Finding], asked: Sequence[str]) -> tuple[Finding, ...]:
    """Return the findings that somebody names. Raises SlaSyncError where a name fits none."""
    picked: dict[tuple[str, ...], Finding] = {}
    for name in asked:
        fits = [each for each in findings if name in _names(each)]
        if not fits:
            known = ", ".join(dict.fromkeys(each.id for each in findings)) or "none"
            raise SlaSyncError(
                f"Nothing that was found is called «{name}»; what was found: {known}.",
                hint="Name an id that `sla-sync drift` prints, an address, or an address and the place inside it.",
            )
        picked |= {each.identity: each for each in fits}
    return tuple(picked.values()) if asked else tuple(findings)


def _names(finding: Finding) -> tuple[str, ...]:
    return finding.id, str(finding.address), f"{finding.address} {spell(finding.path)}".rstrip()


@dataclass(frozen=True)
class _Bench:
    """A copy of the documents in which changes are tried. `home` is what was copied, `copy` the folder it was copied to."""

    place: Place
    home: Path
    copy: Path

    def original(self, path: Path) -> Path:
        """Return the file of which one of the copy is the copy."""
        return self.home / path.relative_to(self.copy)


@contextmanager
def _bench(place: Place) -> Iterator[_Bench]:
    home = place.targets.parent if place.targets else place.folder
    with TemporaryDirectory(prefix="sla-sync-adopt-") as folder:
        copy = Path(folder).resolve() / "documents"
        try:
            shutil.copytree(home, copy, ignore=_only_documents)
        except shutil.Error as error:
            raise SlaSyncError(
                f"The documents cannot be copied into {folder}, where changes are tried: {error.args[0][0][2]}.",
                hint="Free space there, or name another folder for temporary files by TMPDIR.",
            ) from None
        inside = copy / place.agreement.resolve().relative_to(home.resolve())
        targets = copy / place.targets.name if place.targets else None
        yield _Bench(Place(inside, targets, Path(folder) / "state"), home, copy)


_DOCUMENTS = frozenset({".yaml", ".yml", ".txt", ".csv", ".ics"})


def _only_documents(folder: str, names: Iterable[str]) -> set[str]:
    """Return what a copy of the documents leaves out: hidden things, and files that no document refers to."""
    return {
        each
        for each in names
        if each.startswith(".") or (Path(folder, each).is_file() and Path(each).suffix.lower() not in _DOCUMENTS)
    }


def _adopted(bench: _Bench, name: str, sight: Sight, wanted: Sequence[Finding], today: date | None) -> Adoption:
    """Return what becomes of the findings, one after the other: what one adopts, the next one builds upon."""
    day = today or sight.prepared.agreement.metadata.effective.start
    trial = _Trial(bench, day, _errors(judge(read(bench.place), today=day).diagnostics), {})
    scene = Scene(
        {each.address: each for each in sight.prepared.translation.desired},
        sight.snapshot,
        sight.prepared.connector.types,
        sight.manifest,
    )
    outcomes: list[Adopted | NotAdopted] = []
    settled_too: list[Finding] = []
    in_vain: dict[tuple[str, KeyPath, KeyPath], Finding] = {}
    # A setting that is there or gone as a whole says more than the values that follow from it.
    for finding in sorted(wanted, key=lambda each: bool(each.path)):
        if outcomes and settled(scene, finding):
            settled_too.append(finding)
            continue
        kin = (finding.address.type, finding.path, finding.commitment)
        if kin in in_vain:
            outcomes.append(_placed(bench, NotAdopted(finding, f"As for {in_vain[kin].id}, which is like it.")))
            continue
        papers = _papers(bench, name)
        translate = translation_of(papers, sight.prepared)
        outcome = adopt_finding(papers, finding, scene, translate, trial.accepts)
        if isinstance(outcome, NotAdopted):
            in_vain[kin] = finding
            outcomes.append(_placed(bench, outcome))
            continue
        outcomes.append(outcome)
        after = translate(_papers(bench, name).after(())) or ()
        scene = replace(scene, desired={each.address: each for each in after})
    late = [each.finding for each in outcomes if isinstance(each, NotAdopted) and settled(scene, each.finding)]
    return Adoption(
        name,
        tuple(each for each in outcomes if each.finding not in late),
        trial.rewrites(),
        (*settled_too, *late),
    )


@dataclass(frozen=True)
class _Trial:
    """Changes tried on a bench: those that validate stay there, and the first content of each file is kept."""

    bench: _Bench
    day: date
    known: frozenset[tuple[str, str]]
    """The errors that were there before anything was changed."""
    originals: dict[Path, bytes]

    def accepts(self, texts: Mapping[Path, str]) -> bool:
        """Write changed files and return whether the documents still validate; where they do not, put them back."""
        before = {path: path.read_bytes() for path in texts}
        for path, text in texts.items():
            path.write_bytes(text.encode("utf-8"))
        good = _errors(judge(read(self.bench.place), today=self.day).diagnostics) <= self.known
        for path, content in before.items():
            if good:
                self.originals.setdefault(path, content)
            else:
                path.write_bytes(content)
        return good

    def rewrites(self) -> tuple[Rewrite, ...]:
        """Return every changed file under its own name."""
        return tuple(
            Rewrite(self.bench.original(path), content, path.read_bytes().decode("utf-8"))
            for path, content in sorted(self.originals.items())
        )


def _placed(bench: _Bench, outcome: NotAdopted) -> NotAdopted:
    """Return the outcome with the line that the setting comes from."""
    source = read(bench.place).sources[bench.place.agreement]
    place = source.locate(outcome.finding.commitment)
    file = Path(place.file)
    inside = file if file.is_absolute() else bench.place.folder / file
    shown = bench.original(inside) if inside.is_relative_to(bench.copy) else file
    return replace(outcome, place=replace(place, file=str(shown)))


def _errors(found: Iterable[Diagnostic]) -> frozenset[tuple[str, str]]:
    return frozenset((each.code, spell(each.path)) for each in errors_in(tuple(found)))


def _papers(bench: _Bench, name: str) -> Papers:
    documents = read(bench.place)
    target = choose_target(documents, name)
    folder = bench.place.targets.parent if bench.place.targets else bench.place.folder
    people: tuple[Path, KeyPath] = (bench.place.targets or Path(), ("targets", name, "people"))
    said = documents.sources[people[0]].data
    kept = said.get("targets", {}).get(name, {}).get("people") if said else None  # type: ignore[attr-defined]
    if isinstance(kept, str):
        people = (folder / kept, ("people",))
    texts = read_holiday_files(documents.usable, bench.place.folder).texts
    return read_papers(bench.place.agreement, binding_of(documents, target), people, texts, bench.place.folder)


def translation_of(papers: Papers, prepared: Prepared) -> Translate:
    """Return what compiles and translates changed documents as the command would, without a file or a connection."""
    connector = prepared.connector

    def translate(said: Said) -> Iterable[Desired] | None:
        try:
            agreement = Agreement.model_validate(said[Paper.AGREEMENT])
            binding = connector.binding.model_validate(said[Paper.BINDING])
            at: object = said[Paper.PEOPLE]
            for step in papers.people:
                at = at.get(step, {}) if isinstance(at, Mapping) else {}
            people = PeopleFile.model_validate({"people": at}).people
            setup = Setup(agreement.metadata.name, people)
            return translated(agreement, binding, connector, setup, papers.holidays).desired
        except (ValidationError, SlaSyncError, LookupError):
            return None

    return translate

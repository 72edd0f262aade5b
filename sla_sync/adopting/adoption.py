"""One finding adopted: the smallest proposal that is proved, or none, with what to do by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sla_sync.adopting.edits import CannotEditError, Edit, Paper, Plain
from sla_sync.adopting.papers import Papers
from sla_sync.adopting.proof import Follows, Scene, prove
from sla_sync.adopting.proposals import Proposal, proposals
from sla_sync.authoring.rewriting import Rewrite
from sla_sync.diagnostics import Location
from sla_sync.reconcile.drift import DriftClass, Finding
from sla_sync.reconcile.settings import Desired

MOST_TRIALS = 60
"""So many proposals are compiled and translated for one finding; the likely ones come first."""

Said = Mapping[Paper, Mapping[str, Plain]]
Translate = Callable[[Said], Iterable[Desired] | None]
"""Compiles and translates documents as plain data; None where they are not valid by themselves."""


@dataclass(frozen=True)
class Adopted:
    """A finding as the documents would say it: the edits, the new text of each file, and what else is asked for then."""

    finding: Finding
    edits: tuple[Edit, ...]
    texts: Mapping[Path, str]
    follows: tuple[Follows, ...]
    takes_over: bool = False
    """Whether the setting is somebody else's: an apply takes it over by an acknowledgement that names it."""

    @property
    def pending(self) -> tuple[Follows, ...]:
        """What else an apply will write or let go of, since the platform does not have it so."""
        return tuple(each for each in self.follows if not each.there)


@dataclass(frozen=True)
class NotAdopted:
    """A finding for which no proposal is proved, and why in a sentence."""

    finding: Finding
    because: str
    place: Location | None = None
    """Where the line stands that the setting comes from."""


@dataclass(frozen=True)
class Adoption:
    """What became of each finding, and the files as they would be; nothing is written yet."""

    target: str
    outcomes: tuple[Adopted | NotAdopted, ...]
    rewrites: tuple[Rewrite, ...]
    settled: tuple[Finding, ...] = ()
    """Findings that another one's adoption settles too."""

    @property
    def complete(self) -> bool:
        """Whether every finding that was asked for is adopted."""
        return all(isinstance(each, Adopted) for each in self.outcomes)


def adopt_finding(
    papers: Papers,
    finding: Finding,
    scene: Scene,
    translate: Translate,
    accepts: Callable[[Mapping[Path, str]], bool],
) -> Adopted | NotAdopted:
    """Return the proof with the fewest other changes; `accepts` says whether changed files validate as a whole."""
    because = unfit(finding, scene)
    if because:
        return NotAdopted(finding, because)
    proved: list[tuple[Proposal, tuple[Follows, ...]]] = []
    tried = 0
    for proposal in proposals(papers, finding):
        if tried >= MOST_TRIALS:
            break
        tried += 1
        follows = _tried(papers, finding, scene, proposal, translate)
        if follows is None:
            continue
        proved.append((proposal, follows))
        if all(each.there for each in follows):
            break
    for proposal, follows in sorted(proved, key=lambda each: sum(not one.there for one in each[1])):
        try:
            texts = papers.written(proposal)
        except CannotEditError:
            continue
        if accepts(texts):
            return Adopted(finding, proposal, texts, follows, takes_over=scene.others(finding.address))
    return NotAdopted(finding, _in_vain(tried, len(proved)))


def unfit(finding: Finding, scene: Scene) -> str:
    """Return why a finding has no value that documents could say, or nothing where it has one."""
    if finding.drift is DriftClass.PENDING:
        return "The agreement moved, and the platform did not: there is nothing on the platform to adopt."
    if finding.drift is DriftClass.FOREIGN:
        return "The setting is not ours: apply takes it over with an acknowledgement, and then its values are compared."
    nowhere = finding.address not in scene.snapshot.settings and finding.address not in scene.desired
    if finding.what or nowhere:
        return "What was observed is no setting, so no line of the agreement could ask for it."
    return ""


def _tried(
    papers: Papers, finding: Finding, scene: Scene, proposal: Sequence[Edit], translate: Translate
) -> tuple[Follows, ...] | None:
    try:
        said = papers.after(proposal)
    except CannotEditError:
        return None
    after = translate(said)
    return None if after is None else prove(scene, finding, proposal, after)


def _in_vain(tried: int, proved: int) -> str:
    if proved:
        return "A change was found that asks for it, and the documents would not validate with it."
    if not tried:
        return "Nothing in the documents speaks of it."
    changes = "1 change of the documents was" if tried == 1 else f"{tried} changes of the documents were"
    return f"{changes} tried, and {'it does not ask' if tried == 1 else 'none of them asks'} for just what is there."

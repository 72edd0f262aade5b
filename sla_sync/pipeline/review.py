"""What a change of the agreement means: its amendments, whose consent it needs, when it can take force, what it changes.

The two sides are revisions of git, folders or files. Nothing is asked of a platform unless somebody asks for it, so that
a pull request from a fork is reviewed like any other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from sla_sync.agreement.sections.header import DocumentStatus
from sla_sync.agreement.source import Source
from sla_sync.diagnostics import Diagnostic, KeyPath, Location, Severity, errors_in
from sla_sync.errors import SlaSyncError
from sla_sync.pipeline.compared import revision_of
from sla_sync.pipeline.destinations import changed_destinations
from sla_sync.pipeline.foreseen import foresee, from_plan
from sla_sync.pipeline.lived_with import newly_lived_with
from sla_sync.pipeline.look import Say, look, say_nothing
from sla_sync.pipeline.revisions import Side, open_side, with_targets_of
from sla_sync.pipeline.validate import Documents, validate
from sla_sync.places import Place
from sla_sync.review.amendments import Amendment
from sla_sync.review.consent import agreed_on, consent
from sla_sync.review.difference import difference
from sla_sync.review.notice import notice
from sla_sync.review.open_leads import open_leads
from sla_sync.review.outcome import Review, SettingsOnTarget, Unreviewed
from sla_sync.review.rules_of_change import judge_change, judge_signatures
from sla_sync.review.voices import required_roles

NO_HISTORY = "No history of leads was given, so nobody can say what this would have changed."
HISTORY, SETTINGS, TARGETS = "history", "settings", "targets"


@dataclass(frozen=True, slots=True)
class Live:
    """A target that is really planned for. Its host and people are those of the revision `trust`, else of the old side."""

    target: str
    environ: Mapping[str, str]
    trust: str | None = None


def review(
    base: str,
    head: str | None = None,
    *,
    config: Path | None = None,
    here: Path,
    today: date | None = None,
    live: Live | None = None,
    history: Path | None = None,
    say: Say = say_nothing,
) -> Review | Unreviewed:
    """Return what changes between two sides: revisions, folders or files; the newer one is the working tree unless named.

    The change is replayed over the history in a folder, or over the one that was exported of the only target that has any.
    Raises SlaSyncError where a side names nothing, the target that is asked for cannot be read, or the folder holds no history.
    """
    day = today or datetime.now(UTC).date()
    with ExitStack() as opened:
        old = opened.enter_context(open_side(base, config=config, here=here))
        new = opened.enter_context(open_side(head, config=config, here=here))
        before, after = _read(old, day), _read(new, day)
        if before is None or after is None or before.agreement is None or after.agreement is None:
            return _not_comparable(old, before, new, after)
        found = _with_impact(_reviewed(old, before, new, after, today=day), after.place, history)
        found = _with_feasibility(found, (old, before), (new, after), history, today=day)
        if live is None:
            return found
        return _with_live(found, live, old=old, new=new, config=config, here=here, today=today, say=say)


def _with_impact(found: Review, place: Place, history: Path | None) -> Review:
    """Return a review with what the change would have done to the history that is there; as it is where there is none."""
    if found.difference.same or (history is None and not _was_exported(place)):
        return found
    # What reckons with histories is slow to import, and most reviews have none.
    from sla_sync.pipeline.replay import Over, replayed
    from sla_sync.review.impact import impact_of

    told = replayed(found.difference.before, found.difference.after, Over(history), place=place)
    untold = {what: why for what, why in (found.untold or {}).items() if what != HISTORY}
    return replace(found, impact=impact_of(told), untold=untold)


def _with_feasibility(
    found: Review, before: tuple[Side, Documents], after: tuple[Side, Documents], history: Path | None, *, today: date
) -> Review:
    """Return a review with what the rules that history answers find of one side only; as it is where there is none."""
    place = after[1].place
    if found.difference.same or (history is None and not _was_exported(place)):
        return found
    from sla_sync.pipeline.forecast import Where, with_history
    from sla_sync.pipeline.past import folder_of

    where = Where(folder_of(place, history=history))
    old, new = (with_history(replace(each, diagnostics=()), where, today=today) for _, each in (before, after))
    return replace(
        found,
        appeared=(*found.appeared, *map(after[0].located, _only_in(new, old))),
        disappeared=(*found.disappeared, *map(before[0].located, _only_in(old, new))),
    )


def _was_exported(place: Place) -> bool:
    """Return whether the history of one target was exported, so that nobody need say which is meant."""
    from sla_sync.pipeline.past import exported

    return len(exported(place)) == 1


def _read(side: Side, today: date) -> Documents | None:
    return validate(side.place, today=today) if side.place is not None else None


def _not_comparable(old: Side, before: Documents | None, new: Side, after: Documents | None) -> Unreviewed:
    """Return why two sides cannot be compared, with the findings of the side that must be corrected."""
    if after is None:
        raise SlaSyncError(
            f"{new.name} has no {new.looked_for}, so there is nothing to review.",
            hint="Name the agreement with --config, or another revision.",
        )
    diagnostics = tuple(map(new.located, after.diagnostics))
    if after.agreement is None:
        because = f"The agreement at {new.name} cannot be read."
        return Unreviewed(_name_of(after, before), because, "Correct what the findings name.", diagnostics)
    title, missing = after.agreement.metadata.name, _unsigned(new.name, after)
    awaited = missing if after.agreement.metadata.status is DocumentStatus.AGREED else ()
    if before is None:
        because = f"This agreement is new: {old.name} has none."
        return Unreviewed(title, because, _who_signs(missing), diagnostics, awaited)
    because = f"The agreement at {old.name} cannot be read, so nobody can say what changes."
    return Unreviewed(title, because, f"Read the new one as a whole. {_who_signs(missing)}", diagnostics, awaited)


def _name_of(after: Documents, before: Documents | None) -> str:
    """Return what an agreement that cannot be read is called, by its own text or else by what it was called before."""
    metadata = (after.sources[after.place.agreement].data or {}).get("metadata")
    said = metadata.get("name") if isinstance(metadata, Mapping) else None
    if isinstance(said, str) and said:
        return said
    agreed = before.agreement if before is not None else None
    return agreed.metadata.name if agreed is not None else after.place.folder.name


def _unsigned(name: str, documents: Documents) -> tuple[str, ...]:
    """Return the roles that must sign an agreement of which no earlier text is known, and have not signed this one."""
    agreement, signatures = documents.usable, documents.signatures
    digest = revision_of(name, documents).digest
    count = signatures is not None and signatures.agreement == agreement.metadata.name
    signed = {each.role for each in signatures.signed if each.digest == digest} if signatures and count else set()
    return tuple(each for each in agreement.roles if each in required_roles(agreement) - signed)


def _who_signs(missing: tuple[str, ...]) -> str:
    if not missing:
        return "Look at its signatures: everybody who must has signed."
    return f"Have it signed by {', '.join(missing)}: `sla-sync sign --role ROLE --evidence LINK`."


def _reviewed(old: Side, before: Documents, new: Side, after: Documents, *, today: date) -> Review:
    found = difference(revision_of(old.name, before), revision_of(new.name, after))
    agreed = consent(found, after.signatures)
    coming = notice(found, signed_on=agreed_on(agreed, today=today))
    told, untold = _foreseen(before, after)
    source = after.sources[after.place.agreement]
    signing = after.sources.get(after.place.signatures)
    judged = (
        *(_placed(each, source) for each in judge_change(found, agreed, coming, today=today)),
        *(_placed(each, signing) for each in judge_signatures(found, agreed, after.signatures)),
    )
    besides = (*changed_destinations(before, after), *newly_lived_with(before, after))
    return Review(
        title=found.after.agreement.metadata.name,
        difference=found,
        consent=agreed,
        notice=coming,
        open_leads=open_leads(found),
        appeared=tuple(map(new.located, _only_in(after, before))),
        disappeared=tuple(map(old.located, _only_in(before, after))),
        settings=told,
        diagnostics=tuple(map(new.located, (*judged, *besides))),
        untold={HISTORY: NO_HISTORY, **untold},
        author=new.why(old),
        locations=tuple(_line(each, after, new) for each in found.amendments),
    )


def _placed(found: Diagnostic, source: Source | None) -> Diagnostic:
    return found if found.location or source is None else replace(found, location=source.locate(found.path))


def _foreseen(before: Documents, after: Documents) -> tuple[tuple[SettingsOnTarget, ...], Mapping[str, str]]:
    for documents, whose in ((after, "new"), (before, "old")):
        if errors_in(documents.diagnostics):
            return (), {SETTINGS: f"The {whose} side has errors, so its settings are not known."}
    told, untold = foresee(before, after)
    if not told and not untold:
        return (), {SETTINGS: "No target is about this agreement."}
    return told, dict(untold)


def _only_in(these: Documents, those: Documents) -> tuple[Diagnostic, ...]:
    """Return the findings about one side that the other does not have; on which line they stand makes no difference."""
    left = Counter(map(_same, those.diagnostics))
    found = []
    for each in these.diagnostics:
        if left[_same(each)]:
            left[_same(each)] -= 1
        else:
            found.append(each)
    return tuple(found)


def _same(found: Diagnostic) -> tuple[str, KeyPath, str]:
    return found.code, found.path, found.message


def _line(amendment: Amendment, after: Documents, side: Side) -> Location | None:
    """Return where an amendment stands in the new files."""
    path = after.place.agreement
    if amendment.binding is not None:
        bound = (path for path, each in after.bindings.items() if each.metadata.connector == amendment.binding)
        path = next(bound, path)
    located = Diagnostic("", Severity.INFORMATION, "", location=after.sources[path].locate(amendment.place))
    return side.located(located).location


def _with_live(
    found: Review, live: Live, *, old: Side, new: Side, config: Path | None, here: Path, today: date | None, say: Say
) -> Review:
    """Return a review in which the plan for one target is the real one."""
    with ExitStack() as opened:
        trusted = opened.enter_context(open_side(live.trust, config=config, here=here)) if live.trust else old
        if new.place is None:
            return found
        place = with_targets_of(new.place, trusted)
        asked = look(place, live.target, environ=live.environ, today=today, foresee=True, say=say)
        sight = opened.enter_context(asked)
        planned = from_plan(sight.plan, sight.prepared.connector.name, sight.prepared.connector.types)
    # Which manual steps are new follows from the texts; the plan lists all that are still open.
    steps = next((each.manual for each in found.settings if each.target == live.target), ())
    others = tuple(each for each in found.settings if each.target != live.target)
    return replace(
        found,
        settings=(replace(planned, manual=steps), *others),
        diagnostics=(*found.diagnostics, *map(new.located, sight.plan.diagnostics)),
    )

"""Who gets a contact: the agreed lines as a fork, with HubSpot's own rotation where a team takes turns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sla_sync.connector import Address, Destination, Gap, KeyPath, Line, Ref, Value
from sla_sync_hubspot.binding import Holds
from sla_sync_hubspot.names import property_name
from sla_sync_hubspot.translate import kept, operations
from sla_sync_hubspot.translate.building import ROTATE, Act, Arm, End, Fork, Step, copy, set_reference, set_text
from sla_sync_hubspot.translate.filters import Branches, both, compile_expression, filter_branch, property_filter
from sla_sync_hubspot.translate.notices import OWNER_PROPERTY, WHO, notice, notice_gaps, people_of, team_ref, user_ref
from sla_sync_hubspot.translate.vocabulary import Place, UnsayableError, Vocabulary
from sla_sync_hubspot.types import OWNER

BY_ROUTING = "by routing"
_IN_TURN = "round robin"
_MOST_ARMS = 20
"""Branches that a workflow's fork may have (knowledge base, "Use if/then branches in workflows")."""
_HOLDER = "routing"


def routing_steps(vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return the steps that give the contact to the first agreed line that matches; a line that cannot is passed over."""
    return _lines(vocabulary, passing_on=False)


def pass_on(to: str, vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return the steps that give the contact to another member of a team, a queue, or `by routing`; none where none can."""
    if to == BY_ROUTING:
        return _lines(vocabulary, passing_on=True)
    return _to_place(to, vocabulary, passing_on=True)


def into_queue(name: str, vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return the steps that put the contact into a queue, in which nobody owns it.

    The queue is what counts: whether a workflow clears an owner by an empty text is not documented, so that a contact in
    a queue is nobody's whatever stands there.
    """
    # Inferred: that an empty static value clears a property, as the editor's «clear» does.
    return (set_text(_queue_property(vocabulary), name), set_text(OWNER_PROPERTY, ""))


def queue_names(vocabulary: Vocabulary) -> tuple[str, ...]:
    """Return the agreed queues in which contacts may wait."""
    return tuple(queue.name for queue in vocabulary.resources.queues)


def routing_gaps(vocabulary: Vocabulary) -> list[Gap]:
    """Return what is agreed about routing and what HubSpot does instead."""
    return [*_gaps(vocabulary)]


def _lines(vocabulary: Vocabulary, *, passing_on: bool) -> tuple[Step, ...]:
    routing = vocabulary.resources.routing
    if routing is None or vocabulary.binding.held_by.get(_HOLDER):
        return ()
    arms: list[Arm] = []
    for line in routing.lines:
        said = _said(line, vocabulary, passing_on=passing_on)
        if said is None:
            continue
        when, steps = said
        if when is None:
            return _forked(arms, steps)
        arms.append(Arm(_title(line), when, steps))
    return _forked(arms, ())


def _forked(arms: Sequence[Arm], otherwise: tuple[Step, ...]) -> tuple[Step, ...]:
    return (Fork(tuple(arms), otherwise),) if arms else otherwise


def _title(line: Line) -> str:
    return f"{line.name}: {line.to}"


def _said(line: Line, vocabulary: Vocabulary, *, passing_on: bool) -> tuple[Branches | None, tuple[Step, ...]] | None:
    """Return for whom a line is (everybody where None) and what it does, or None where HubSpot cannot do it."""
    try:
        when = None if line.when is None else _checked(compile_expression(line.when, vocabulary))
        if line.destination is Destination.FIELD:
            held = _person_field(line, vocabulary)
            known: Branches = ((property_filter(held, operations.known(negated=False)),),)
            when = known if when is None else both(when, known)
    except UnsayableError:
        return None
    steps = _destination(line, vocabulary, passing_on=passing_on)
    return (when, (*steps, *_told(line, vocabulary))) if steps else None


def _checked(branches: Branches) -> Branches:
    filter_branch(branches)
    return branches


def _destination(line: Line, vocabulary: Vocabulary, *, passing_on: bool) -> tuple[Step, ...]:
    match line.destination:
        case Destination.TEAM:
            found = _to_team(line.to, vocabulary, passing_on=passing_on)
            return found or (_to_place(line.overflow, vocabulary, passing_on=passing_on) if line.overflow else ())
        case Destination.QUEUE:
            return into_queue(line.to, vocabulary)
        case Destination.STAGE:
            return move_to(line.to, line.reason, vocabulary)
        case Destination.FIELD:
            # Whoever stands there may have the contact already, and no workflow compares two of its properties.
            return () if passing_on else (*_out(vocabulary), copy(_person_field(line, vocabulary), OWNER_PROPERTY))


def _person_field(line: Line, vocabulary: Vocabulary) -> str:
    """Return the property of the contact in which a person stands. Raises UnsayableError."""
    place = vocabulary.place(line.to)
    if place.holds is not Holds.CHOICE:
        raise UnsayableError(f"the property '{place.property}' holds a {place.holds} and no owner")
    return place.property


def move_to(stage: str, reason: str | None, vocabulary: Vocabulary) -> tuple[Step, ...]:
    """Return the steps that put the contact into a stage, the reason first; none where the stage is not on the contact."""
    try:
        bound = vocabulary.stage(stage)
        given = () if reason is None else _reason(stage, reason, vocabulary)
    except UnsayableError:
        return ()
    return (*given, set_text(bound.contact_property or "", bound.contact_values[0]))


def _reason(stage: str, reason: str, vocabulary: Vocabulary) -> tuple[Step, ...]:
    for each in vocabulary.resources.reason_sets:
        if stage in each.stages:
            return (set_text(vocabulary.place(each.field).property, reason),)
    return ()


def _told(line: Line, vocabulary: Vocabulary) -> tuple[Step, ...]:
    body = line.means or "The routing of the agreement has given out a contact."
    return notice(line.notify, f"Given out: {WHO}", body, vocabulary) if line.notify else ()


def _to_place(name: str, vocabulary: Vocabulary, *, passing_on: bool) -> tuple[Step, ...]:
    if name in queue_names(vocabulary):
        return into_queue(name, vocabulary)
    return _to_team(name, vocabulary, passing_on=passing_on)


def _to_team(name: str, vocabulary: Vocabulary, *, passing_on: bool) -> tuple[Step, ...]:
    """Return the steps by which a member of a team gets the contact.

    Passed on, it goes to somebody else than its owner where the members are named, and stays where there is nobody else.
    """
    people = people_of(name, vocabulary)
    out = _out(vocabulary)
    if not people.users:
        return () if people.team is None else (*out, _rotate({"team_ids": [team_ref(people.team)]}))
    everybody = (*out, _give(people.users))
    if not passing_on or len(people.users) > _MOST_ARMS:
        return everybody
    arms = []
    for present in people.users:
        others = tuple(each for each in people.users if each != present)
        steps: tuple[Step, ...] = (*out, _give(others)) if others else (End(),)
        arms.append(Arm(f"{present} has it", _owned_by(present), steps))
    return (Fork(tuple(arms), everybody),)


def _out(vocabulary: Vocabulary) -> tuple[Act, ...]:
    """Return the step by which a contact waits in no queue any more."""
    return (set_text(_queue_property(vocabulary), kept.NO_QUEUE),) if queue_names(vocabulary) else ()


def _give(users: tuple[str, ...]) -> Act:
    """Return the step that gives the contact to one of these users; where there is one, no rotation is asked for."""
    if len(users) == 1:
        return set_reference(OWNER_PROPERTY, Ref(Address(OWNER, users[0])))
    return _rotate({"user_ids": [user_ref(each) for each in users]})


def _rotate(whom: dict[str, Value]) -> Act:
    return Act(ROTATE, {**whom, "target_property": OWNER_PROPERTY, "overwrite_current_owner": "true"})


def _owned_by(person: str) -> Branches:
    is_owner = operations.one_of(Place(OWNER_PROPERTY, Holds.CHOICE), (), negated=False)
    values: list[Value] = [Ref(Address(OWNER, person))]
    return ((property_filter(OWNER_PROPERTY, {**is_owner, "values": values}),),)


def _queue_property(vocabulary: Vocabulary) -> str:
    return property_name(vocabulary.binding.prefix, kept.QUEUE)


def _gaps(vocabulary: Vocabulary) -> Iterator[Gap]:
    routing = vocabulary.resources.routing
    if routing is None or vocabulary.binding.timers != "here":
        return
    holder = vocabulary.binding.held_by.get(_HOLDER)
    if holder:
        yield Gap(
            "routing",
            "Routing",
            f"Set up in {holder} who gets a contact: the binding says that it does the routing, so nothing is pushed.",
            routing.origin,
        )
        return
    for line in routing.lines:
        yield from _of_line(line, vocabulary)
    yield from notice_gaps([(each, line.origin) for line in routing.lines for each in line.notify], vocabulary)
    if routing.when_owner_leaves:
        places = ", ".join(dict.fromkeys(each.to for each in routing.when_owner_leaves))
        yield Gap(
            "routing-when-owner-leaves",
            "Contacts of an owner who leaves",
            f"Give the open contacts of a user to {places} before you deactivate the user: no workflow sees that "
            "somebody leaves.",
            routing.when_owner_leaves[0].origin,
        )


def _of_line(line: Line, vocabulary: Vocabulary) -> Iterator[Gap]:
    try:
        if line.when is not None:
            _checked(compile_expression(line.when, vocabulary))
        if line.destination is Destination.FIELD:
            _person_field(line, vocabulary)
    except UnsayableError as error:
        yield _passed_over(line, str(error))
        return
    if line.destination is Destination.STAGE and not move_to(line.to, line.reason, vocabulary):
        yield _passed_over(line, f"stage '{line.to}' does not show on the contact")
    elif line.destination is Destination.TEAM:
        yield from _of_team(line, vocabulary)


def _of_team(line: Line, vocabulary: Vocabulary) -> Iterator[Gap]:
    if not people_of(line.to, vocabulary):
        instead = f"such contacts go to «{line.overflow}» until then" if line.overflow else "the line is passed over"
        advice = f"Name the people of «{line.to}» in the targets file, or its team in the binding: {instead}."
        yield _gap(line, "team", advice, line.origin)
        return
    turns = "HubSpot's rotation gives its members the same number of contacts instead"
    if line.how not in {None, _IN_TURN}:
        advice = f"Give out the contacts of «{line.to}» by {line.how} by hand where that matters: {turns}."
        yield _gap(line, "how", advice, (*line.origin, "how"))
    if line.weights:
        advice = f"Keep the shares of «{line.to}» by hand where they matter: {turns}."
        yield _gap(line, "weights", advice, (*line.origin, "weights"))
    if line.cap is not None:
        advice = f"Look by hand who of «{line.to}» has {line.cap}: {turns}, and no workflow counts them."
        yield _gap(line, "cap", advice, (*line.origin, "cap"))
    if line.skip:
        named = " or ".join(each.replace("_", " ") for each in line.skip)
        advice = (
            f"Take members of «{line.to}» who are {named} out of the targets file and apply again, or give on their "
            "contacts by hand: no workflow sees it."
        )
        yield _gap(line, "skip", advice, (*line.origin, "skip"))


def _passed_over(line: Line, why: str) -> Gap:
    advice = f"Give such contacts their owner by hand: {why}, so the line is passed over."
    return _gap(line, "line", advice, line.origin)


def _gap(line: Line, part: str, advice: str, origin: KeyPath) -> Gap:
    return Gap(f"routing-{line.name}-{part}", f"Routing to «{line.to}»", advice, origin)

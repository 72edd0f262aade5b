"""Touches: the first activity of the owner of a turn that counts, and meetings that are booked, kept on the assignment.

What somebody else does for the lead is no touch of the owner, and what a machine sends never is. While the lead waits
in a queue and is nobody's, anybody's touch counts; it is kept apart, for it does not stop a clock that starts later. The
instant is that at which the activity is saved as counting: when a task is completed, when a meeting is put into the
calendar.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sla_sync.connector import Desired, Gap, Resources, Setup
from sla_sync_salesforce.binding import SalesforceBinding, TouchTest
from sla_sync_salesforce.names import developer_name
from sla_sync_salesforce.translate import elements, flows
from sla_sync_salesforce.translate.elements import NOW, Asked, Part, blank, known, node_name, ref
from sla_sync_salesforce.translate.leg import leg_field, leg_object
from sla_sync_salesforce.translate.own_legs import ASKED_FIELDS, own_legs
from sla_sync_salesforce.translate.presets import AUTOMATIC, PRESETS
from sla_sync_salesforce.translate.switches import switch_addresses

ORIGIN = ("terms", "touch")
_TASK, _EVENT, _MAIL = "Task", "Event", "EmailMessage"
_FOUND, _TOUCH, _MEETING = "Get_Touched", "Counts", "Get_Booked"
_KEPT = ("First_Touch_At__c", "Waiting_Touch_At__c", "Meeting_At__c")


def touches(resources: Resources, binding: SalesforceBinding, setup: Setup) -> Iterator[Desired | Gap]:
    """Yield a flow for tasks and one for events, and a gap for each test that they cannot make."""
    tests = [(kind, test) for each in binding.touch.any for kind, test in each.items()]
    if not any(stage.qualifies for stage in resources.stages):
        return
    if not tests:
        yield Gap(
            "touch",
            "touches",
            "Say under `touch` of the binding which activities count: until then nothing stops a clock that waits for one.",
            ORIGIN,
        )
    yield from _unknown_presets(binding)
    tasks = [test for kind, test in tests if kind == _TASK]
    mails = [test for kind, test in tests if kind == _MAIL]
    yield from _patterns(tests)
    if mails:
        yield Gap(
            "touch:EmailMessage",
            "e-mails that come in",
            "Let reps not own the tasks under which Salesforce files e-mails that come in: enhanced e-mail is counted by "
            "its task, and that task does not say which way the e-mail went.",
            ORIGIN,
        )
    if tasks or mails:
        yield _flow(_TASK, list(_task_parts(tasks, mails, binding)), binding, setup)
    events = [test for kind, test in tests if kind == _EVENT]
    yield _flow(_EVENT, list(_event_parts(events, binding)), binding, setup)


def _flow(kind: str, parts: Sequence[Part], binding: SalesforceBinding, setup: Setup) -> Desired:
    status = "OR(ISNEW(), ISCHANGED({!$Record.Status}))" if kind == _TASK else "ISNEW()"
    means = _means(kind)
    return flows.flow(
        developer_name(binding.prefix, kind, "touch"),
        flows.start(
            kind,
            to="Is_Silent",
            on="CreateAndUpdate" if kind == _TASK else "Create",
            formula_text=f"AND(NOT(ISBLANK({{!$Record.WhoId}})), {status})" if kind == _TASK else None,
            filters=(known("WhoId"),) if kind == _EVENT else (),
        ),
        parts,
        means=means,
        agreement=setup.agreement,
        origin=ORIGIN,
        order=100,
        requires=(
            *(leg_field(binding, each) for each in (*ASKED_FIELDS, "Contact__c", "Person__c", "Ended_At__c", *_KEPT)),
            *switch_addresses(binding)[:2],
        ),
    )


def _means(kind: str) -> str:
    """Return what people read of the flow for tasks or for events."""
    if kind == _TASK:
        return "Keeps when the owner of a turn first touched the person: a completed activity that counts as agreed."
    return "Keeps when a meeting was booked, and counts it as a touch where that is agreed."


def _task_parts(tasks: Sequence[TouchTest], mails: Sequence[TouchTest], binding: SalesforceBinding) -> Iterator[Part]:
    automatic = [*AUTOMATIC, *(each for name in binding.touch.presets for each in PRESETS.get(name, ()))]
    first = _test_name(_TASK, 0) if tasks else _test_name(_MAIL, 0)
    yield elements.unless_silent("Is_Automatic")
    yield elements.whether("Is_Automatic", automatic, yes=None, no=first, logic="or", origin=ORIGIN)
    tests = [*((_TASK, place, test) for place, test in enumerate(tasks))]
    tests += [(_MAIL, place, test) for place, test in enumerate(mails)]
    for at, (kind, place, test) in enumerate(tests):
        after = _test_name(*tests[at + 1][:2]) if at + 1 < len(tests) else None
        # Enhanced e-mail is filed under a task of its own, completed when it is sent.
        extra: tuple[Asked, ...] = (("$Record.TaskSubtype", "EqualTo", "Email"),) if kind == _MAIL else ()
        yield from _test(kind, place, test, after, extra)
    yield from _touched(binding)


def _event_parts(events: Sequence[TouchTest], binding: SalesforceBinding) -> Iterator[Part]:
    first = _test_name(_EVENT, 0) if events else None
    yield elements.unless_silent(_MEETING)
    # A meeting is booked for the person, in whoever's calendar: mostly in that of whom the lead is handed to.
    yield from _found(_MEETING, "Meeting_At__c", "Book", known("Person__c"), first, binding)
    for place, test in enumerate(events):
        after = _test_name(_EVENT, place + 1) if place + 1 < len(events) else None
        # What the buyer books is written by a scheduler, not by the owner of the calendar.
        own: tuple[Asked, ...] = (
            (("$Record.CreatedById", "EqualTo", ref("$Record.OwnerId")),) if test.booked_by_buyer == "ignored" else ()
        )
        yield from _test(_EVENT, place, test, after, own)
    if events:
        yield from _touched(binding)


def _test_name(kind: str, place: int) -> str:
    return node_name("Is_Ruled_Out", kind, str(place + 1))


def _test(kind: str, place: int, test: TouchTest, after: str | None, extra: Sequence[Asked]) -> Iterator[Part]:
    """Yield the two decisions of one test: nothing that it rules out, and everything that it asks for."""
    counts = node_name(_TOUCH, kind, str(place + 1))
    never = [ruled for field, pattern in test.unless.items() if (ruled := _pattern(field, pattern)) is not None]
    yield elements.whether(
        _test_name(kind, place), never or (blank("$Record.Id"),), yes=after, no=counts, logic="or", origin=ORIGIN
    )
    status = () if kind == _EVENT else test.status or ("Completed",)
    asked: list[Asked] = [known("$Record.WhoId"), *extra]
    groups: list[str] = [str(number) for number in range(1, len(asked) + 1)]
    for field, values in (("Type", test.type), ("Status", status)):
        if values:
            numbers = range(len(asked) + 1, len(asked) + len(values) + 1)
            groups.append(f"({' OR '.join(str(number) for number in numbers)})" if len(values) > 1 else str(numbers[0]))
            asked += [(f"$Record.{field}", "EqualTo", value) for value in values]
    yield elements.whether(counts, asked, yes=_FOUND, no=after, logic=" AND ".join(groups), origin=ORIGIN)


def _touched(binding: SalesforceBinding) -> Iterator[Part]:
    """Yield the parts that keep a touch: of the owner on the turn that is theirs, or of anybody on one that waits."""
    waiting = "Get_Waiting"
    owners: Asked = ("Person__c", "EqualTo", ref("$Record.OwnerId"))
    yield from _found(_FOUND, "First_Touch_At__c", "Touch", owners, None, binding, missing=waiting)
    yield from _found(waiting, "Waiting_Touch_At__c", "Touch_Waiting", blank("Person__c"), None, binding)


def _found(
    look: str,
    field: str,
    verb: str,
    whose: Asked,
    after: str | None,
    binding: SalesforceBinding,
    *,
    missing: str | None = None,
) -> Iterator[Part]:
    """Yield the parts that write an instant on the open assignment of the person that is whose it should be."""
    who = ref("$Record.WhoId")
    own, logic = own_legs(who)
    asked: tuple[Asked, ...] = (*own, ("Contact__c", "EqualTo", who), whose, blank("Ended_At__c"), blank(field))
    is_one, write = node_name("Is_Leg_To", verb), node_name(verb, "Leg")
    logic = f"(({logic}) OR 4) AND 5 AND 6 AND 7"
    yield elements.lookup(look, leg_object(binding), asked, to=is_one, logic=logic, sort="Name")
    yield elements.found(is_one, look, yes=write, no=missing or after)
    this: Asked = ("Id", "EqualTo", ref(f"{look}.Id"))
    yield elements.update(write, leg_object(binding), (this,), ((field, ref(NOW)),), after, origin=ORIGIN)


def _pattern(field: str, pattern: str) -> Asked | None:
    """Return the condition that a field looks like a pattern with `*` at its ends, None where it has one elsewhere."""
    text = pattern.strip("*")
    if not text or "*" in text:
        return None
    open_start, open_end = pattern.startswith("*"), pattern.endswith("*")
    operator = {
        (True, True): "Contains",
        (False, True): "StartsWith",
        (True, False): "EndsWith",
        (False, False): "EqualTo",
    }[open_start, open_end]
    return (f"$Record.{field}", operator, text)


def _patterns(tests: Sequence[tuple[str, TouchTest]]) -> Iterator[Gap]:
    for kind, test in tests:
        for field, pattern in test.unless.items():
            if _pattern(field, pattern) is None:
                yield Gap(
                    f"touch:{kind}:{field}",
                    f"pattern «{pattern}» of {kind}.{field}",
                    f"Write «{pattern}» with * at its ends only: a flow knows no pattern with one inside, and such "
                    "activities count until then.",
                    ORIGIN,
                )


def _unknown_presets(binding: SalesforceBinding) -> Iterator[Gap]:
    for name in binding.touch.presets:
        if name not in PRESETS:
            yield Gap(
                f"touch:preset:{name}",
                f"preset «{name}»",
                f"Name one of {', '.join(PRESETS)} instead of «{name}», or say under `not` what its steps look like: "
                "they count until then.",
                ORIGIN,
            )

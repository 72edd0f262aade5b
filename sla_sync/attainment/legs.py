"""The turns of owners in the cycles of leads, from the owners that leads had and from what was done meanwhile."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import ibis
from ibis.expr.types import StringValue, Table

from sla_sync.agreement.document import Agreement
from sla_sync.attainment.in_force import in_force
from sla_sync.attainment.spans import since, until
from sla_sync.attainment.stays import GONE
from sla_sync.attainment.turns import RETURNED, WAITING
from sla_sync.history.tables import LEGS

ROUTING = timedelta(minutes=10)
"""Whoever had a lead before its cycle opened has a turn from the opening on, unless another gets it within this time."""

_NONE = ibis.null("string")
_NO_TIME = ibis.null("timestamp(6)")


def turns(cycles: Table, kept: Mapping[str, Table], agreements: Mapping[str, Agreement]) -> Table:
    """Return the turns of each cycle, one for each owner and each wait in a queue, without what was done in them.

    Whoever had the lead when the cycle opened has it from then on, unless it goes to another at once (`ROUTING`). A cycle that
    was decided has no turn after the record was converted.
    """
    held = _held(kept["owners"])
    spans = _spans(cycles, kept["leads"])
    found = spans.join(
        held,
        [
            spans["lead"] == held["_whose"],
            held["_at"] < spans["_until_then"],
            held["_then"] > spans["own_at"],
        ],
    )
    soon = found["_until"] <= found["own_at"] + ibis.interval(minutes=ROUTING // timedelta(minutes=1))
    soon &= found["_until"] < found["_until_then"]
    standing = (found["_at"] < found["own_at"]) | (found["owner"].isnull() & (found["_at"] == found["own_at"]))
    found = found.filter(~(standing & ibis.coalesce(soon, _NO)))
    in_cycle = ibis.window(group_by=["lead", "cycle"], order_by="_place")
    who = ibis.coalesce(found["owner"], WAITING)
    found = found.mutate(_who=who, _before=who.lag().over(in_cycle))
    found = found.filter(found["_before"].isnull() | (found["_before"] != found["_who"]))
    found = found.mutate(
        assigned_at=ibis.greatest(found["_at"], found["own_at"]),
        number=ibis.row_number().over(in_cycle) + 1,
        _next_at=found["_at"].lead().over(in_cycle),
        _next=found["owner"].lead().over(in_cycle),
    )
    by = ibis.cases((found["owner"].isnull(), "assigned"), (found["_next"].isnull(), RETURNED), else_="reassigned")
    leg = found["lead"] + "-" + found["cycle"].cast("string") + "-" + found["number"].cast("string")
    waits = ibis.ifelse(found["owner"].isnull(), WAITING, _NONE)
    return found.mutate(
        leg=leg,
        ended_at=ibis.coalesce(found["_next_at"], found["_over_at"]),
        ended_by=ibis.ifelse(found["_next_at"].notnull(), by, found["_over_by"]),
        void=ibis.coalesce(found["_void"].nullif("deleted"), waits),
        policy=in_force(found["assigned_at"], agreements),
    ).drop("_whose")


def _held(owners: Table) -> Table:
    """Return who had each lead from when to when; at one instant a queue comes before a person."""
    order = [owners["at"], owners["owner"].notnull(), owners["owner"]]
    in_life = ibis.window(group_by="lead", order_by=order)
    return owners.select(
        _whose="lead",
        owner="owner",
        _at="at",
        _until=owners["at"].lead().over(in_life),
        _then=until(owners["at"].lead().over(in_life)),
        _place=ibis.row_number().over(in_life),
    )


def _spans(cycles: Table, leads: Table) -> Table:
    """Return of each cycle when its turns are over, and by what."""
    gone = leads.filter(leads["converted_at"].notnull()).select(_converted_lead="lead", _converted="converted_at")
    found = cycles.left_join(gone, [cycles["lead"] == gone["_converted_lead"]])
    converted = found["_converted"] >= found["decided_at"]
    converted &= found["_converted"] < until(found["closed_at"])
    converted = ibis.coalesce(converted, _NO)
    found = found.mutate(
        _over_at=ibis.ifelse(converted, found["_converted"], found["closed_at"]),
        _over_by=ibis.ifelse(converted, "converted", ibis.coalesce(found["closed_by"], found["gone_by"])),
    )
    found = found.mutate(_until_then=until(found["_over_at"]), _void=found["void"])
    return found.select(
        "lead", "cycle", "raised_at", "source", "qualified_at", "own_at", "_over_at", "_over_by", "_until_then", "_void"
    )


def with_team(found: Table, users: Table, agreements: Mapping[str, Agreement]) -> Table:
    """Return turns with the team to which the owner belonged when it was assigned, and its calendar by the version."""
    order = ibis.window(group_by="user", order_by=["since", "team"])
    begin = ibis.ifelse(ibis.row_number().over(order) == 0, _NO_TIME, users["since"])
    members = users.select(_user="user", team="team", _from=since(begin), _to=until(users["since"].lead().over(order)))
    joined = found.left_join(
        members,
        [
            found["owner"] == members["_user"],
            found["assigned_at"] >= members["_from"],
            found["assigned_at"] < members["_to"],
        ],
    )
    joined = joined.select(*found.columns, team=joined["team"])
    return joined.mutate(calendar=_calendar(joined["policy"], joined["team"], agreements))


def with_stage(found: Table, stays: Table) -> Table:
    """Return turns with the stage in which each was assigned, and when it left that one while the turn lasted."""
    spans = stays.select(
        _stayer="lead",
        stage="stage",
        _entered="entered_at",
        _left=until(stays["left_at"]),
        _on=ibis.ifelse(stays["went_to"] == GONE, _NO_TIME, stays["left_at"]),
    )
    joined = found.left_join(
        spans,
        [
            found["lead"] == spans["_stayer"],
            found["assigned_at"] >= spans["_entered"],
            found["assigned_at"] < spans["_left"],
        ],
    )
    decided = ibis.ifelse(joined["_on"] <= until(joined["ended_at"]), joined["_on"], _NO_TIME)
    return joined.select(*found.columns, stage=joined["stage"], decided_at=decided)


def with_deeds(found: Table, activities: Table) -> Table:
    """Return turns with what was done in each: the owner's touches, and the buyer's replies."""
    done = activities.select(_with="lead", _at="at", _kind="kind", _by="by", _counts="counts", _inbound="inbound")
    spans = found.select("leg", "lead", "owner", "assigned_at", _until=until(found["ended_at"]))
    joined = spans.join(
        done,
        [
            spans["lead"] == done["_with"],
            done["_at"] >= spans["assigned_at"],
            done["_at"] <= spans["_until"],
        ],
    )
    touch = ibis.coalesce(joined["_counts"] & ~joined["_inbound"] & (joined["_by"] == joined["owner"]), _NO)
    deeds = joined.group_by("leg").agg(
        touched_at=joined["_at"].min(where=touch),
        replied_at=joined["_at"].min(where=joined["_inbound"]),
        _touches=touch.cast("int64").sum(),
        _channels=joined["_kind"].nunique(where=touch),
    )
    deeds = deeds.rename(_leg="leg")
    both = found.left_join(deeds, [found["leg"] == deeds["_leg"]])
    return both.select(
        *found.columns,
        touched_at=both["touched_at"],
        replied_at=both["replied_at"],
        touches=ibis.coalesce(both["_touches"], 0),
        channels=ibis.coalesce(both["_channels"], 0),
    )


def as_kept(found: Table) -> Table:
    """Return turns with the columns of the table, and no other."""
    return found.select(*(each.name for each in LEGS.columns))


def _calendar(policy: StringValue, team: StringValue, agreements: Mapping[str, Agreement]) -> StringValue:
    """Return the calendar of a team by a version; the main one where nobody or a team without one has the lead."""
    branches = []
    for name, agreement in agreements.items():
        branches += [
            ((policy == name) & (team == each), section.calendar)
            for each, section in agreement.teams.items()
            if section.calendar is not None
        ]
        branches.append((policy == name, next(iter(agreement.calendars), "")))
    return ibis.cases(*branches, else_="")


_NO = ibis.literal(value=False)

"""Each stay of a lead in a stage, from the stages that it entered: turns and cycles are counted as the model counts them."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import ibis
from ibis.expr.types import BooleanValue, IntegerValue, StringValue, Table

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.funnel import qualified_stage, start_stages
from sla_sync.attainment.deal_ends import ends_of_deals
from sla_sync.attainment.stacking import stacked
from sla_sync.semantics.standings import closes

GONE = "gone"
"""Where a lead went that was deleted or merged, or that the platform took out of every agreed stage."""

_NOWHERE = ""
"""The stage of those whose value on the platform means no agreed one."""


def entries(kept: Mapping[str, Table], agreement: Agreement) -> Table:
    """Return each change of stage, with where it stands in the life of its lead.

    `turn` counts the exits before it and `since` is the last of them; `opens` says that the lead qualifies by it, for the
    first time in its turn, and `cycle` is the last cycle that had opened by then. At one instant the stage that stands first
    in the agreement was entered first.
    """
    moved = _moves(kept, agreement)
    order = [moved["at"], _place(moved["stage"], agreement), moved["stage"]]
    before = moved["stage"].lag().over(ibis.window(group_by="lead", order_by=order))
    place = ibis.row_number().over(ibis.window(group_by="lead", order_by=order))
    moved = moved.mutate(_before=before, place=place)
    moved = moved.filter(moved["_before"].isnull() | (moved["_before"] != moved["stage"]))
    exits = [name for name in agreement.stages if closes(agreement, name)]
    moved = moved.mutate(
        closes=_one_of(moved["stage"], exits), qualifies=moved["stage"] == (qualified_stage(agreement) or GONE)
    )
    by_now = ibis.cumulative_window(group_by="lead", order_by="place")
    exit_at = ibis.ifelse(moved["closes"], moved["at"], ibis.null("timestamp(6)"))
    moved = moved.mutate(turn=_count(moved["closes"], by_now) - moved["closes"].cast("int64"), _exit=exit_at)
    moved = moved.mutate(_exit=moved["_exit"].max().over(by_now))
    in_turn = ibis.cumulative_window(group_by=["lead", "turn"], order_by="place")
    moved = moved.mutate(opens=moved["qualifies"] & (_count(moved["qualifies"], in_turn) == 1))
    in_life = ibis.window(group_by="lead", order_by="place")
    return moved.mutate(
        cycle=_count(moved["opens"], by_now),
        since=moved["_exit"].lag().over(in_life),
        next_at=moved["at"].lead().over(in_life),
        next_stage=moved["stage"].lead().over(in_life),
    ).drop("_exit")


def stays(moved: Table, leads: Table) -> Table:
    """Return the stays that begin with these changes of stage, without those in no agreed one."""
    whose = leads.select(_lead="lead", _gone="gone_at", _void=_void(leads))
    found = moved.left_join(whose, [moved["lead"] == whose["_lead"]])
    went = ibis.ifelse(found["next_stage"] == _NOWHERE, GONE, found["next_stage"])
    went = ibis.ifelse(found["next_at"].isnull() & found["_gone"].notnull(), GONE, went)
    found = found.filter(found["stage"] != _NOWHERE)
    return found.select(
        "lead",
        "cycle",
        "stage",
        entered_at=found["at"],
        left_at=ibis.coalesce(found["next_at"], found["_gone"]),
        came_from=found["_before"].nullif(_NOWHERE),
        went_to=went,
        reason=found["reason"],
        by=found["by"],
        void=found["_void"],
    )


def _moves(kept: Mapping[str, Table], agreement: Agreement) -> Table:
    """Return every entry until a lead was gone; a lead of which nothing is recorded at first began where all begin."""
    leads, stages = kept["leads"], kept["stages"]
    start = next(iter(start_stages(agreement)), None)
    entered = stages.select("lead", "at", stage=ibis.coalesce(stages["stage"], _NOWHERE), reason="reason", by="by")
    ended = ends_of_deals(kept["deals"], entered, agreement)
    if start is not None:
        firsts = entered.group_by("lead").agg(_first=entered["at"].min()).rename(_lead="lead")
        whole = leads.left_join(firsts, [leads["lead"] == firsts["_lead"]])
        unsaid = whole.filter(whole["_first"].isnull() | (whole["created_at"] < whole["_first"]))
        none = ibis.null("string")
        begun = unsaid.select("lead", at=unsaid["created_at"], stage=ibis.literal(start), reason=none, by=none)
        entered = stacked(entered, begun)
    entered = entered if ended is None else stacked(entered, ended)
    gone = leads.filter(leads["gone_at"].notnull()).select(_lead="lead", _gone="gone_at")
    found = entered.left_join(gone, [entered["lead"] == gone["_lead"]])
    return found.filter(found["_gone"].isnull() | (found["at"] < found["_gone"])).select(*entered.columns)


def _void(leads: Table) -> StringValue:
    """Return why all that a lead ever did counts for nothing; empty where it counts."""
    merged = ibis.ifelse(leads["merged_into"].notnull(), "merged", ibis.null("string"))
    return ibis.coalesce(leads["excluded"], merged)


def _place(stage: StringValue, agreement: Agreement) -> IntegerValue:
    return ibis.cases(*((stage == name, place) for place, name in enumerate(agreement.stages)), else_=-1)


def _one_of(word: StringValue, words: Collection[str]) -> BooleanValue:
    return word.isin(list(words)) if words else ibis.literal(value=False)


def _count(said: BooleanValue, window: object) -> IntegerValue:
    return said.cast("int64").sum().over(window)

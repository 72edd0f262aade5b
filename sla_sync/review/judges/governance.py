"""Changes of who decides and who meets: roles, approval, reviews and reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import cast

from sla_sync.agreement.sections.governance import Relaxation, ReportWish, Review
from sla_sync.agreement.sections.header import Role
from sla_sync.review.amendments import Amendment, Effect, Row
from sla_sync.review.ground import Ground, Judge
from sla_sync.review.judges.bearings import GOVERNANCE
from sla_sync.review.judges.spots import ANY, Pattern, Spot, Teller, told
from sla_sync.review.judges.tellers import Figure, Listing, Thing, always, figure, names, wording
from sla_sync.review.words import NOTHING, arrow, named, quoted, shown

_WEIGHED = always(GOVERNANCE)


def _judge(section: str, tellers: Mapping[Pattern, Teller]) -> Judge:
    def judge(ground: Ground) -> Iterator[Amendment]:
        yield from told(ground, section, tellers)

    return judge


def _role(spot: Spot) -> str:
    return f"Role {quoted(spot.name())}"


def _approval(spot: Spot) -> str:
    del spot
    return "Approval"


def _review(spot: Spot) -> str:
    return f"The {_MEETINGS[spot.name()]}"


_MEETINGS: Mapping[str, str] = {
    "weekly": "weekly review",
    "monthly": "monthly review",
    "quarterly": "quarterly review",
    "after_campaign": "review after a campaign",
}


def _report(spot: Spot) -> str:
    return f"Report {quoted(spot.name())}"


def _state(spot: Spot) -> str:
    return "gone" if spot.after is None else "new"


def _whole_role(spot: Spot) -> Iterator[Amendment]:
    found = cast("Role", spot.before or spot.after)
    state = f"of {found.party} is {_state(spot)}"
    yield spot.says(GOVERNANCE, _role(spot), f"{_role(spot)} {state}.", spot.one_side(_role(spot), found.party))


def _party(spot: Spot) -> Iterator[Amendment]:
    sentence = f"{_role(spot)} is on the side of {arrow(spot.before, spot.after)}."
    yield spot.says(GOVERNANCE, _role(spot), sentence, Row(f"Side of {spot.name()}", str(spot.before), str(spot.after)))


def _flag(does: str, no_longer: str) -> Teller:
    def tell(spot: Spot) -> Iterator[Amendment]:
        said = f"{does} now" if spot.after else no_longer
        row = Row(f"{_role(spot)} {does}", shown(bool(spot.before)), shown(bool(spot.after)))
        yield spot.says(GOVERNANCE, _role(spot), f"{_role(spot)} {said}.", row)

    return tell


def _changed(thing: Thing, what: str, nothing: str = NOTHING) -> Teller:
    """Return what tells one word, day or text of governance."""

    def tell(spot: Spot) -> Iterator[Amendment]:
        now, proposed = (nothing if each is None else str(each) for each in (spot.before, spot.after))
        sentence = f"{thing(spot)} {what} {arrow(now, proposed)}."
        yield spot.says(GOVERNANCE, thing(spot), sentence, Row(f"{thing(spot)} {what}", now, proposed))

    return tell


def _notice(spot: Spot) -> Iterator[Amendment]:
    said = Figure("notice")
    yield from figure(_approval, said, _WEIGHED)(spot)


def _owners(spot: Spot) -> Iterator[Amendment]:
    """Tell who must also agree to changes of a section."""
    section = spot.name(2)
    now, proposed = (named(cast("tuple[str, ...]", each or ())) or "nobody" for each in (spot.before, spot.after))
    sentence = f"Approval: changes of {section} also need {arrow(now, proposed)}."
    yield spot.says(GOVERNANCE, "Approval", sentence, Row(f"Changes of {section} also need", now, proposed))


def _whole_review(spot: Spot) -> Iterator[Amendment]:
    found = cast("Review", spot.before or spot.after)
    who = f" of {named(found.who)}" if found.who else ""
    row = spot.one_side(_review(spot), named(found.who) or "held")
    yield spot.says(GOVERNANCE, _review(spot), f"{_review(spot)}{who} is {_state(spot)}.", row)


def _relaxed(spot: Spot) -> Iterator[Amendment]:
    now, proposed = (_rarer(cast("Relaxation | None", each)) for each in (spot.before, spot.after))
    sentence = f"{_review(spot)} becomes rarer: {arrow(now, proposed)}."
    yield spot.says(GOVERNANCE, _review(spot), sentence, Row(f"{_review(spot)} becomes rarer", now, proposed))


def _rarer(relaxation: Relaxation | None) -> str:
    if relaxation is None:
        return "never"
    return f"{relaxation.to} once {relaxation.kept} are kept for {relaxation.during}"


def _whole_report(spot: Spot) -> Iterator[Amendment]:
    found = cast("ReportWish", spot.before or spot.after)
    who = f" for {named(found.audience)}" if found.audience else ""
    row = spot.one_side(_report(spot), named(found.shows) or "made")
    yield spot.says(GOVERNANCE, _report(spot), f"{_report(spot)}{who} is {_state(spot)}.", row)


_ROLES: Mapping[Pattern, Teller] = {
    (ANY,): _whole_role,
    (ANY, "party"): _party,
    (ANY, "means"): wording(_role),
    (ANY, "sponsor"): _flag("sponsors the agreement", "no longer sponsors the agreement"),
    (ANY, "steward"): _flag("keeps the document", "no longer keeps the document"),
    (ANY, "reports_to"): _changed(_role, "reports to", "nobody"),
}
_APPROVAL: Mapping[Pattern, Teller] = {
    ("required",): names(_approval, Listing("also needs {}", "no longer needs {}", Effect.UNMEASURABLE), _WEIGHED),
    ("notice",): _notice,
    ("owners", ANY): _owners,
}
_REVIEWS: Mapping[Pattern, Teller] = {
    (ANY,): _whole_review,
    (ANY, "day"): _changed(_review, "is held on", "any day"),
    (ANY, "who"): names(_review, Listing("is also held with {}", "is held without {}", Effect.UNMEASURABLE), _WEIGHED),
    (ANY, "minutes"): _changed(_review, "keeps its minutes in"),
    (ANY, "pack"): names(
        _review,
        Listing(
            "also looks at {}",
            "no longer looks at {}",
            Effect.UNMEASURABLE,
            "looks at its reports in another order",
        ),
        _WEIGHED,
    ),
    (ANY, "decide"): names(
        _review, Listing("also decides on {}", "no longer decides on {}", Effect.UNMEASURABLE), _WEIGHED
    ),
    (ANY, "within"): figure(_review, Figure("it is held within"), _WEIGHED),
    (ANY, "relax"): _relaxed,
}
_REPORTS: Mapping[Pattern, Teller] = {
    (ANY,): _whole_report,
    (ANY, "means"): wording(_report),
    (ANY, "shows"): names(_report, Listing("also shows {}", "no longer shows {}", Effect.UNMEASURABLE), _WEIGHED),
    (ANY, "audience"): names(
        _report, Listing("also goes to {}", "no longer goes to {}", Effect.UNMEASURABLE), _WEIGHED
    ),
    (ANY, "schedule"): _changed(_report, "is made", "on request"),
}

JUDGES: Mapping[str, Judge] = {
    "roles": _judge("roles", _ROLES),
    "approval": _judge("approval", _APPROVAL),
    "reviews": _judge("reviews", _REVIEWS),
    "reports": _judge("reports", _REPORTS),
}

"""25x: what the points of a model add up to, against its threshold; single signals are in `signals`, models in `models`."""

from __future__ import annotations

from collections.abc import Iterator
from math import inf

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.expressions import terms_in
from sla_sync.agreement.expressions.tree import Is
from sla_sync.agreement.sections.scoring import ScoringModel, Signal
from sla_sync.diagnostics import Severity
from sla_sync.lint.points import deeds_in, is_decided, most_of, most_of_signals, points_of, taken_by, threshold_of
from sla_sync.lint.remarks import Case, Remark, Rule

_LOW_INTENT = frozenset({
    "attend", "click", "download", "follow", "like", "open", "read", "receive", "register", "subscribe", "view",
    "visit", "watch",
})  # fmt: skip
"""What people do who are only looking."""

_MAIL = frozenset({"open", "click"})


def out_of_reach(case: Case) -> Iterator[Remark]:
    """Yield thresholds that no lead can reach."""
    for name, model, threshold in _thresholds(case.agreement):
        most = most_of(model.fit) + most_of(model.engagement)
        if most < threshold:
            yield Remark(
                f"No lead can reach the threshold of {threshold} points: fit and engagement give {most:g} at most.",
                ("scoring", name, "threshold"),
                f"Lower the threshold to {most:g} or less, or let more points be earned.",
            )


def one_idle_deed(case: Case) -> Iterator[Remark]:
    """Yield signals that show little intent and give enough points on their own."""
    for name, model, threshold in _thresholds(case.agreement):
        for signal_name, signal in model.engagement.add.items() if model.engagement else ():
            if points_of(signal) >= threshold and _shows_little_intent(case.agreement, signal):
                yield Remark(
                    f"'{signal_name}' alone gives {points_of(signal)} points and reaches the threshold of {threshold}.",
                    ("scoring", name, "engagement", "add", signal_name, "points"),
                    f"Give it less than {threshold} points, or keep it for people who ask to be called.",
                )


def fit_alone(case: Case) -> Iterator[Remark]:
    """Yield models in which people qualify who never did anything."""
    for name, model, threshold in _thresholds(case.agreement):
        most = most_of(model.fit)
        if model.engagement is not None and most >= threshold:
            earned = "any number of" if most == inf else f"{most:g}"
            yield Remark(
                f"Fit alone gives {earned} points and reaches the threshold of {threshold}.",
                ("scoring", name, "fit"),
                f"Set `max` of the fit below {threshold}.",
                at_key=True,
            )


def never_fades(case: Case) -> Iterator[Remark]:
    """Yield engagement that does not fade, or fades without ever bringing a lead below the threshold."""
    for name, model in case.agreement.scoring.items():
        engagement = model.engagement
        if engagement is None:
            continue
        decay, threshold = engagement.decay, threshold_of(model)
        if decay is None:
            yield Remark(
                f"The engagement of model '{name}' never fades: what people did years ago still counts.",
                ("scoring", name, "engagement"),
                "Add `decay`, such as `{points: -10, after: 30 days idle, every: 30 days}`.",
                at_key=True,
                absent=True,
            )
            continue
        why = _why_it_stays(model, threshold) if threshold is not None and is_decided(model) else ""
        if why:
            yield Remark(
                f"The engagement fades, and a lead can stay at the threshold of {threshold} for ever: {why}.",
                ("scoring", name, "engagement", "decay"),
                "Let points below zero go every so often, down to a floor below the threshold.",
                at_key=True,
            )


def one_sided(case: Case) -> Iterator[Remark]:
    """Yield models that look at who people are or at what they did, and not at both."""
    for name, model in case.agreement.scoring.items():
        lacking = [side for side, dimension in (("fit", model.fit), ("engagement", model.engagement)) if not dimension]
        for side in lacking:
            what = "who people are" if side == "fit" else "what people did"
            yield Remark(
                f"Model '{name}' does not look at {what}.",
                ("scoring", name),
                f"Add `{side}` with some signals.",
                at_key=True,
                absent=True,
            )


def mail_alone(case: Case) -> Iterator[Remark]:
    """Yield models in which people qualify who only opened and clicked e-mails."""
    for name, model, threshold in _thresholds(case.agreement):
        if model.engagement is None:
            continue
        mail = [each for each, signal in model.engagement.add.items() if _is_mail(signal)]
        most = most_of_signals(model.engagement, iter(mail))
        if mail and most >= threshold:
            yield Remark(
                f"Opens and clicks alone reach the threshold of {threshold}: {', '.join(mail)}.",
                ("scoring", name, "engagement", "add", mail[0]),
                "Bound them with `at_most`, or give them fewer points: mail filters open and click as well.",
                at_key=True,
            )


def below_zero(case: Case) -> Iterator[Remark]:
    """Yield models whose negative points have no floor, or outweigh everything that can be earned."""
    for name, model in case.agreement.scoring.items():
        taken = taken_by(model.fit) + taken_by(model.engagement)
        most = most_of(model.fit) + most_of(model.engagement)
        if not taken or not is_decided(model):
            continue
        if model.floor is None:
            yield Remark(
                f"Model '{name}' takes points away, and nothing says how far a score may fall.",
                ("scoring", name),
                "Add `floor: 0`.",
                at_key=True,
            )
        elif taken > most:
            yield Remark(
                f"Model '{name}' can take {taken:g} points and give {most:g}.",
                ("scoring", name),
                "Use `exclude` for people who shall never qualify, and take fewer points.",
                at_key=True,
            )


def _thresholds(agreement: Agreement) -> Iterator[tuple[str, ScoringModel, int]]:
    """Yield the models whose threshold is a number of points and whose numbers are all agreed."""
    for name, model in agreement.scoring.items():
        threshold = threshold_of(model)
        if threshold is not None and is_decided(model):
            yield name, model, threshold


def _why_it_stays(model: ScoringModel, threshold: int) -> str:
    decay = model.engagement.decay if model.engagement else None
    points = decay.points if decay and isinstance(decay.points, int) else 0
    if points >= 0:
        return "no points go"
    if isinstance(model.floor, int) and model.floor >= threshold:
        return f"the floor is {model.floor}"
    most = most_of(model.fit) + most_of(model.engagement)
    if decay and decay.every is None and most + points >= threshold:
        return f"{-points} points go once, and {most:g} can be earned" if most < inf else f"{-points} points go once"
    return ""


def _shows_little_intent(agreement: Agreement, signal: Signal) -> bool:
    verbs = {each.verb for each in deeds_in(signal.when.value)}
    sources: set[str] = set()
    for term in terms_in(signal.when.value):
        if isinstance(term, Is) and term.field == "source" and not term.negated:
            sources |= set(term.values)
    handled = [agreement.sources[each].handling for each in sources if each in agreement.sources]
    return bool(verbs & _LOW_INTENT) or any(each != "work" for each in handled)


def _is_mail(signal: Signal) -> bool:
    verbs = {each.verb for each in deeds_in(signal.when.value)}
    return bool(verbs) and verbs <= _MAIL


RULES: tuple[Rule, ...] = (
    Rule(
        "SLA250",
        Severity.ERROR,
        "A lead can earn enough points to reach the threshold.",
        out_of_reach,
        because="A threshold above all that can be earned means that no lead ever qualifies.",
        bad="scoring: {person: {threshold: 200, engagement: {max: 100, add: {\n"
        "  hand_raise: {when: source is demo_request, points: 100, at_most: 1 per day}}}}}",
        good="scoring: {person: {threshold: 150, engagement: {max: 100, add: {\n"
        "  hand_raise: {when: source is demo_request, points: 100, at_most: 1 per day}}}}}",
    ),
    Rule(
        "SLA251",
        Severity.WARNING,
        "No single deed of somebody who is only looking reaches the threshold.",
        one_idle_deed,
        because="Whoever reads one paper does not want to be called; sales learns to ignore such leads, and all others.",
        bad="scoring: {person: {engagement: {add: {ebook: {when: did download ebook, points: 100, at_most: once}}}}}",
        good="scoring: {person: {engagement: {add: {ebook: {when: did download ebook, points: 30, at_most: once}}}}}",
    ),
    Rule(
        "SLA254",
        Severity.WARNING,
        "Fit alone does not reach the threshold.",
        fit_alone,
        because="Every bought list would qualify at once, and nobody on it has asked for anything.",
        bad="scoring: {person: {fit: {add: {size: {when: employees >= 200, points: 100}}}}}",
        good="scoring: {person: {fit: {max: 70, add: {size: {when: employees >= 200, points: 100}}}}}",
    ),
    Rule(
        "SLA255",
        Severity.WARNING,
        "Engagement fades until a lead falls below the threshold.",
        never_fades,
        because="Interest is a matter of weeks; points that stay make old leads look as warm as new ones.",
        bad="scoring: {person: {engagement: {add: {webinar: {when: did attend webinar, points: 40, at_most: 3 times}}}}}",
        good="scoring: {person: {engagement: {add: {webinar: {when: did attend webinar, points: 40, at_most: 3 times}},\n"
        "  decay: {points: -10, after: 30 days idle, every: 30 days}}}}",
    ),
    Rule(
        "SLA257",
        Severity.WARNING,
        "A model looks at who people are and at what they did.",
        one_sided,
        because="Activity without fit brings students, fit without activity brings people who never asked.",
        bad="scoring: {visitor: {engagement: {add: {trial: {when: did start trial, points: 50, at_most: once}}}}}",
        good="scoring: {visitor: {engagement: {add: {trial: {when: did start trial, points: 50, at_most: once}}},\n"
        "  fit: {add: {size: {when: employees >= 200, points: 50}}}}}",
    ),
    Rule(
        "SLA258",
        Severity.WARNING,
        "Opens and clicks alone do not reach the threshold.",
        mail_alone,
        because="Lots of people open e-mails, and mail filters click on every link before anybody reads them.",
        bad="scoring: {person: {engagement: {add: {opens: {when: did open email, points: 5, at_most: 1 per day}}}}}",
        good="scoring: {person: {engagement: {add: {opens: {when: did open email, points: 5, at_most: 3 times}}}}}",
    ),
    Rule(
        "SLA261",
        Severity.WARNING,
        "Points that are taken away have a floor, and do not outweigh all that can be earned.",
        below_zero,
        because="A lead far below zero cannot recover, whatever the person does; that is an exclusion in disguise.",
        bad="scoring: {person: {fit: {add: {student: {when: role is student, points: -100}}}}}",
        good="scoring: {person: {floor: 0, fit: {add: {student: {when: role is student, points: -100}}}}}",
    ),
)

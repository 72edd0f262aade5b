"""Points 4, 8 and 12: what the exchange between the platforms must be set to, as far as it is written down."""

from __future__ import annotations

from collections.abc import Iterator

from sla_sync.consistency.sides import Exchange, Pair, Route, Side, Way
from sla_sync.consistency.verdicts import Found, Outcome

_SHOWN = 5


def direction(pair: Pair) -> Iterator[Found]:
    """Yield fields whose writer cannot reach the other side, or may be overwritten by it."""
    exchange = pair.exchange
    if exchange is None:
        return
    wrong = [found for word, fields in pair.shared() if (found := _against(pair, exchange, word, fields))]
    yield from wrong
    if not wrong:
        written = [word for word, _ in pair.shared() if pair.writer_of(word)]
        yield Found(
            Outcome.GOOD,
            f"{exchange.document} lets each of {len(written)} fields that have one writer pass from that one only.",
            ("mappings",),
            exchange.document,
        )


def _against(pair: Pair, exchange: Exchange, word: str, fields: dict[str, str]) -> Found | None:
    writer = pair.writer_of(word)
    if writer not in fields:
        return None
    route = exchange.route(fields)
    source = next(side for side in pair.sides if side.platform == writer)
    other = pair.other(source)
    names = f"{fields[source.platform]} on {source.target} and {fields[other.platform]} on {other.target}"
    if route is None or route.way is Way.NONE:
        sentence = f"'{word}' is written on {source.target}, and nothing passes between {names}."
        hint = "Map the two fields, or take one of them out of its binding."
    elif route.way is Way.ONE and route.source != writer:
        sentence = (
            f"'{word}' is written on {source.target}, and «{route.said}» lets {other.target} decide between {names}."
        )
        hint = "Choose the rule by which its writer decides, or name the other writer in the bindings."
    elif route.way is Way.BOTH and not _needs_both(source, route):
        sentence = f"'{word}' is written on {source.target}, and «{route.said}» lets {other.target} overwrite {names}."
        hint = "Choose the rule by which its writer alone decides."
    else:
        return None
    return Found(Outcome.DIFFERS, sentence, route.path if route else ("mappings",), exchange.document, hint)


def _needs_both(source: Side, route: Route) -> bool:
    """Return whether no rule lets this side alone decide, so that writing in both directions is the nearest to it."""
    return source.platform not in route.alone


def inclusion(pair: Pair) -> Iterator[Found]:
    """Yield people who qualify and are not exchanged, so that the other platform never hears of them."""
    if pair.exchange is None:
        return
    named, document = pair.exchange.inclusion, pair.exchange.document
    told = [
        side for side in pair.sides if side.facts.inclusion or side.facts.qualified or "inclusion" in side.facts.untold
    ]
    found = next((side.facts.inclusion for side in pair.sides if side.facts.inclusion), None)
    qualified = next(((side, side.facts.qualified) for side in pair.sides if side.facts.qualified), None)
    because = next((side.facts.untold["inclusion"] for side in told if "inclusion" in side.facts.untold), "")
    if because:
        yield Found(Outcome.UNKNOWN, f"The segment «{named}» cannot be read: {because}", ("inclusion",), document)
    elif found is None:
        yield Found(
            Outcome.DIFFERS,
            f"The exchange takes whoever is in the segment «{named}», and there is none of that name.",
            ("inclusion",),
            document,
            "Create the segment, or write down the one that the exchange uses.",
        )
    elif qualified is None or qualified[1] is None:
        yield Found(
            Outcome.UNKNOWN,
            f"No segment shows who qualifies, so that nothing can be compared with «{named}».",
            ("inclusion",),
            document,
            "Apply the agreement, or attest that whoever qualifies is in it.",
        )
    else:
        side, those = qualified
        outside = sorted(those.members - found.members)
        if outside:
            shown = ", ".join(outside[:_SHOWN]) + (" …" if len(outside) > _SHOWN else "")
            yield Found(
                Outcome.DIFFERS,
                f"{len(outside)} of {len(those.members)} in «{those.name}» on {side.target} are not in «{named}», so that "
                f"the other platform never hears of them: {shown}.",
                ("inclusion",),
                document,
                f"Widen «{named}» until it holds everybody who qualifies.",
            )
        elif not those.members:
            yield Found(
                Outcome.GOOD,
                f"Nobody is in «{those.name}» on {side.target} yet, so that nobody can be missing from «{named}».",
                ("inclusion",),
                document,
            )
        else:
            yield Found(
                Outcome.GOOD,
                f"All {len(those.members)} in «{those.name}» on {side.target} are among the {len(found.members)} of "
                f"«{named}».",
                ("inclusion",),
                document,
            )


def technical(pair: Pair) -> Iterator[Found]:
    """Yield fields that we keep for ourselves and that the exchange copies."""
    if pair.exchange is None:
        return
    wrong = [
        Found(
            Outcome.DIFFERS,
            f"{name} on {side.target} is kept for the agreement's own use, and the exchange maps it to "
            f"{route.fields.get(pair.other(side).platform)}.",
            route.path,
            pair.exchange.document,
            "Take the mapping out: each change of it would be copied, and nobody reads it there.",
        )
        for route in pair.exchange.routes
        for side in pair.sides
        if (name := route.fields.get(side.platform)) in side.facts.technical and route.way is not Way.NONE
    ]
    yield from wrong
    if not wrong:
        yield Found(
            Outcome.GOOD,
            f"None of the fields that we keep for ourselves on {pair.names} is mapped.",
            ("mappings",),
            pair.exchange.document,
        )

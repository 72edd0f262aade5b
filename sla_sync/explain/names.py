"""Names of the agreement as people read them: `vp_marketing` is the VP of marketing, two of `mql` are MQLs."""

from __future__ import annotations

import re
from collections.abc import Sequence

UNDECIDED = "undecided"
"""The word of the language that stands where a name is not agreed yet."""
NOBODY_YET = "somebody still to be decided"

_LETTERS = frozenset(
    "ABM ADR AE AM AMER APAC AQL ARR ASEAN B2B B2C C BANT BD BDM BDR BI CEO CFO CIO CMO COO CPA CRM CRO CSM CSV CTO DACH EMEA"
    " EU GDPR HQL IBM ICP ID IQL ISR IT KPI L2R LATAM LDR MAL MDR MEL MENA MQA MQL MRR NA OEM PLG PMM PQA PQL QA ROI SAL"
    " SAM SAO SDR SEO SLA SMB SOW SQL SQO TAL TAM TQL TSR UK URL US UTM UX VP SVP EVP AVP".split()
)
_SPECIAL = {"revops": "revenue operations", "hubspot": "HubSpot", "salesforce": "Salesforce", "linkedin": "LinkedIn"}
_PROPER = frozenset(
    "Africa America Americas Amsterdam Asia Atlanta Austin Australia Austria Barcelona Belgium Benelux Berlin Boston Brazil"
    " Britain Canada Chicago China Copenhagen Denmark Dublin England Europe Finland France Germany Greece Hamburg Iberia"
    " India Iberia Ireland Israel Italy Japan London Luxembourg Lisbon Madrid Mexico Milan Munich Netherlands Norway"
    " Oceania Oslo Paris Poland Portugal Scandinavia Scotland Singapore Spain Stockholm Sweden Switzerland Sydney Tokyo"
    " Toronto Vienna Wales Warsaw Zurich Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February April"
    " June July August September October November December Slack Gong Outreach Salesloft Clearbit Zoominfo".split()
)
_PROPER_PAIRS = {
    each.lower(): each
    for each in ("Hong Kong", "Latin America", "Los Angeles", "Middle East", "New York", "New Zealand", "San Francisco")
}
_HEADS = frozenset({"VP", "SVP", "EVP", "AVP", "head", "director", "chief"})
_DEPARTMENTS = frozenset({
    "customers", "enablement", "finance", "growth", "legal", "management", "marketing", "operations", "product", "sales",
    "success", "support",
})  # fmt: skip
_PARTIES = {"executive": "the executive side"}
_GROUPS = frozenset({"team", "teams", "pod", "squad", "desk", "group", "crew", "pool"})
_WAITING = frozenset({"queue", "pool", "list", "inbox"})
_STATES = frozenset({
    "active", "activated", "inactive", "known", "lost", "new", "nurture", "nurturing", "open", "trialing", "unfit",
    "unknown", "unqualified", "won",
})  # fmt: skip
_ASIDE = frozenset({"later", "no", "not", "out", "park", "parking", "sleeping", "waiting"})
_URGENCIES = frozenset("burning cold cool hot low high medium normal standard top urgent vital warm".split())
_COMMON_STARTS = frozenset(
    "a an the they we it this that these those he she people person persons everyone everybody nobody somebody someone any"
    " all each every both no none not if when where who whoever what whatever once until before after in on at by for from"
    " with without of to and one two three four five six seven eight nine ten win open sign close grow double reach bring"
    " book sell earn generate cut keep make give get build turn raise hold disqualified budget pipeline conversations"
    " marketing sales leads reported".split()
)
_SPOKEN_AS_LETTERS = frozenset("AEFHILMNORSX")
_SPOKEN_AS_WORD = frozenset({"SAL", "SAO", "SAM", "MAL", "MEL", "ROI", "LATAM", "MENA"})
_VOWELS = frozenset("aeiou")


def words(name: str) -> str:
    """Return a name in lower case with its abbreviations in capitals: `us_west` → US west."""
    parts = name.replace("-", " ").replace("_", " ").split()
    said = " ".join(_SPECIAL.get(each.lower(), _cased(each)) for each in parts)
    for small, proper in _PROPER_PAIRS.items():
        said = re.sub(rf"\b{small}\b", proper, said, flags=re.IGNORECASE)
    return said


def _cased(word: str) -> str:
    if word.upper() in _LETTERS:
        return word.upper()
    if word.capitalize() in _PROPER:
        return word.capitalize()
    return word if not word.islower() and not word.istitle() else word.lower()


def heading(name: str) -> str:
    """Return a name as a heading: `first-response` → First response."""
    return capital(words(name))


def capital(text: str) -> str:
    """Return a text that begins with a capital letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """Return a sentence of ours so that it can stand within another one: a small first letter, except of abbreviations."""
    first = text.partition(" ")[0]
    return (
        text if first.isupper() or first.rstrip("s").isupper() or first in _PROPER else f"{text[:1].lower()}{text[1:]}"
    )


def clause(sentence: str) -> str:
    """Return a sentence as a part of another one: without its full stop, and small at the start where no name stands there."""
    text = sentence.strip().rstrip(".")
    first = text.partition(" ")[0]
    return f"{text[:1].lower()}{text[1:]}" if first.lower() in _COMMON_STARTS else text


def listed(items: Sequence[str], *, last: str = "and") -> str:
    """Return items as a sentence lists them: A, B and C."""
    return f"{', '.join(items[:-1])} {last} {items[-1]}" if len(items) > 1 else "".join(items)


def role(name: str) -> str:
    """Return a role: `vp_marketing` → the VP of marketing, `revops` → revenue operations."""
    if name == UNDECIDED:
        return NOBODY_YET
    said = title(name)
    return said if said.rpartition(" ")[2] in _DEPARTMENTS and said.partition(" ")[0] not in _HEADS else f"the {said}"


def title(name: str) -> str:
    """Return a role without an article: VP of marketing."""
    said = NOBODY_YET if name == UNDECIDED else words(name)
    first, _, rest = said.partition(" ")
    return f"{first} of {rest}" if first in _HEADS and rest and not rest.startswith(("of ", "officer")) else said


def party(name: str) -> str:
    """Return a side of the agreement: marketing, the agency."""
    said = words(name)
    return _PARTIES.get(name, said if said.split()[-1] in _DEPARTMENTS else f"the {said}")


def team(name: str) -> str:
    """Return a team: the SDR team."""
    said = words(name)
    last = said.split()[-1]
    return f"the {said}" if last in _GROUPS or is_many(last) else f"the {said} team"


def queue(name: str) -> str:
    """Return a queue: the marketing queue."""
    said = words(name)
    return f"the {said}" if said.split()[-1] in _WAITING else f"the {said} queue"


def is_state(stage: str) -> bool:
    """Return whether a stage reads as a state of a lead (recycled, won) and not as a kind of lead (MQL)."""
    last = words(stage).split()[-1]
    return last in _STATES or last.endswith("ed") or _is_aside(stage)


def _is_aside(stage: str) -> bool:
    """Return whether a state is no adjective of a lead and stands in quotation marks: “not won”, “later”."""
    return words(stage).split()[0] in _ASIDE


def state(stage: str) -> str:
    """Return a stage as what a lead can be: MQL, recycled, “not won”."""
    return f"“{words(stage)}”" if _is_aside(stage) else words(stage)


def urgency(priority: str) -> str:
    """Return a priority as what a lead can be: hot, “referred by a customer”."""
    said = words(priority)
    return said if said in _URGENCIES else f"“{said}”"


def singular(stage: str) -> str:
    """Return one lead of a stage with its article: an MQL, a recycled lead."""
    if _is_aside(stage):
        return f"a lead in {state(stage)}"
    said = f"{words(stage)} lead" if is_state(stage) else words(stage)
    return f"{article(said)} {said}"


def plural(stage: str) -> str:
    """Return the leads of a stage: MQLs, opportunities, recycled leads, won deals."""
    said = words(stage)
    if _is_aside(stage):
        return f"leads in {state(stage)}"
    if is_state(stage):
        return f"{said} deals" if said in {"won", "lost"} else f"{said} leads"
    return many(said)


def many(noun: str) -> str:
    """Return the plural of a noun: inquiries, MQLs, boxes."""
    if is_many(noun.rsplit(maxsplit=1)[-1]):
        return noun
    if noun.endswith("y") and noun[-2:-1] not in _VOWELS:
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("ss", "x", "ch", "sh")) else f"{noun}s"


def is_many(word: str) -> bool:
    """Return whether a word is the name of several things: employees, events."""
    return word.endswith("s") and word.islower() and not word.endswith(("ss", "us", "is")) and word not in _DEPARTMENTS


def are(stage: str) -> str:
    """Return what leads turn into: `become SALs`, `are won`."""
    return f"are {state(stage)}" if is_state(stage) else f"become {plural(stage)}"


def turns(stage: str) -> str:
    """Return what one lead turns into: `becomes an MQL`, `is recycled`."""
    return f"is {state(stage)}" if is_state(stage) else f"becomes {singular(stage)}"


def is_a(stage: str) -> str:
    """Return what one lead is: `is an MQL`, `is recycled`."""
    return f"is {state(stage)}" if is_state(stage) else f"is {singular(stage)}"


def article(noun: str) -> str:
    """Return `a` or `an`, as the noun is spoken."""
    first = noun.split(maxsplit=1)[0]
    letters = first.isupper() and first not in _SPOKEN_AS_WORD
    return "an" if (first[:1] in _SPOKEN_AS_LETTERS if letters else first[:1].lower() in _VOWELS) else "a"

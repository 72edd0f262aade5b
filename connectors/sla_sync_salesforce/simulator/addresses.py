"""State and country picklists of the Lead, in an org that has switched them on: fields for the codes, in step with the names.

Documented (Salesforce Help, "State and Country/Territory Picklist Field-Syncing Logic"): who writes a code gets the name
with it, and the other way round; a state must be one of its country. Other objects keep free text here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sla_sync_salesforce.simulator.refusals import RefusedError
from sla_sync_salesforce.simulator.standard_fields import FieldShape
from sla_sync_salesforce.simulator.store import Fields, Row, Value

OBJECT = "Lead"
COUNTRY_CODE, COUNTRY, STATE_CODE, STATE = "CountryCode", "Country", "StateCode", "State"
SHAPES: Mapping[str, FieldShape] = {
    COUNTRY_CODE: FieldShape(COUNTRY_CODE, "Picklist", "Country/Territory Code"),
    STATE_CODE: FieldShape(STATE_CODE, "Picklist", "State/Province Code"),
}

# An org chooses which countries it offers: code, name and integration value as a new org has them.
_COUNTRIES = """
AT Austria|AU Australia|BE Belgium|BR Brazil|CA Canada|CH Switzerland|CN China|CZ Czech Republic|DE Germany|DK Denmark
ES Spain|FI Finland|FR France|GB United Kingdom|IE Ireland|IN India|IT Italy|JP Japan|LU Luxembourg|MX Mexico
NL Netherlands|NO Norway|NZ New Zealand|PL Poland|PT Portugal|SE Sweden|SG Singapore|US United States
"""
_STATES = {
    "CA": """
AB Alberta|BC British Columbia|MB Manitoba|NB New Brunswick|NL Newfoundland and Labrador|NS Nova Scotia
NT Northwest Territories|NU Nunavut|ON Ontario|PE Prince Edward Island|QC Quebec|SK Saskatchewan|YT Yukon Territories
""",
    "US": """
AK Alaska|AL Alabama|AR Arkansas|AZ Arizona|CA California|CO Colorado|CT Connecticut|DC District of Columbia|DE Delaware
FL Florida|GA Georgia|HI Hawaii|IA Iowa|ID Idaho|IL Illinois|IN Indiana|KS Kansas|KY Kentucky|LA Louisiana
MA Massachusetts|MD Maryland|ME Maine|MI Michigan|MN Minnesota|MO Missouri|MS Mississippi|MT Montana|NC North Carolina
ND North Dakota|NE Nebraska|NH New Hampshire|NJ New Jersey|NM New Mexico|NV Nevada|NY New York|OH Ohio|OK Oklahoma
OR Oregon|PA Pennsylvania|RI Rhode Island|SC South Carolina|SD South Dakota|TN Tennessee|TX Texas|UT Utah|VA Virginia
VT Vermont|WA Washington|WI Wisconsin|WV West Virginia|WY Wyoming
""",
}


def _listed(text: str) -> Mapping[str, str]:
    return {each[:2]: each[3:] for line in text.split("\n") for each in line.split("|") if each}


COUNTRIES = _listed(_COUNTRIES)
STATES = {country: _listed(text) for country, text in _STATES.items()}


@dataclass(frozen=True)
class _Pair:
    """Two fields that say one thing: its code and its name."""

    code: str
    name: str
    problem: str


_OF_COUNTRY = _Pair(
    COUNTRY_CODE,
    COUNTRY,
    "There's a problem with this country, even though it may appear correct. Please select a country/territory from the"
    " list of valid countries.: Country/Territory",
)
_OF_STATE = _Pair(
    STATE_CODE,
    STATE,
    "There's a problem with this state, even though it may appear correct. Please select a state from the list of valid"
    " states.: State/Province",
)


def codes(name: str) -> tuple[str, ...]:
    """Return the codes that one of the two fields offers; which states belong to a country is looked at in a save."""
    if name == COUNTRY_CODE:
        return tuple(COUNTRIES)
    return tuple(sorted({code for states in STATES.values() for code in states}))


def synced(row: Fields, before: Fields | None) -> Row:
    """Return the four fields of a lead in step with one another. Raises RefusedError where they contradict each other."""
    past = before or {}
    if row.get(COUNTRY_CODE) is None and past.get(COUNTRY_CODE) is not None and row.get(COUNTRY) == past.get(COUNTRY):
        return dict.fromkeys((COUNTRY_CODE, COUNTRY, STATE_CODE, STATE))
    country = _in_step(_OF_COUNTRY, COUNTRIES, row, before)
    states = STATES.get(str(country[COUNTRY_CODE]), {})
    if row.get(STATE_CODE) == past.get(STATE_CODE) and row.get(STATE) == past.get(STATE):
        if row.get(STATE_CODE) is not None and row.get(STATE_CODE) not in states:
            text = "The existing country/territory doesn't recognize the state value for field: State/Province"
            raise RefusedError("FIELD_INTEGRITY_EXCEPTION", text, fields=(STATE_CODE,))
        return country
    return {**country, **_in_step(_OF_STATE, states, row, before)}


def _in_step(pair: _Pair, offered: Mapping[str, str], row: Fields, before: Fields | None) -> Row:
    past = before or {}
    code, name = row.get(pair.code), row.get(pair.name)
    if code != past.get(pair.code) and code is not None:
        if str(code) not in offered:
            raise _refused(pair)
        # Documented: on a new record the code wins over a name that does not fit; on an old one both are refused.
        written = before is not None and name is not None and name != past.get(pair.name)
        if written and _code_of(offered, name) != code:
            raise _refused(pair)
        return {pair.code: code, pair.name: offered[str(code)]}
    if name == past.get(pair.name):
        return {pair.code: code, pair.name: name if code == past.get(pair.code) else None}
    found = _code_of(offered, name)
    if name is not None and found is None:
        raise _refused(pair)
    return {pair.code: found, pair.name: offered[found] if found else None}


def _code_of(offered: Mapping[str, str], name: Value) -> str | None:
    return next((code for code, known in offered.items() if known.casefold() == str(name).casefold()), None)


def _refused(pair: _Pair) -> RefusedError:
    return RefusedError("FIELD_INTEGRITY_EXCEPTION", pair.problem, fields=(pair.name,))

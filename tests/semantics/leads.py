"""A small agreement for the tests of its meaning, and histories under it; times are those of New York in October 2026.

1 October 2026 is a Thursday, clocks go back on 1 November, and Thanksgiving is 26 November.
"""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.source import read_text_source
from sla_sync.semantics.history import Changed, Event, history_of
from sla_sync.semantics.story import Story, story_of

NEW_YORK = ZoneInfo("America/New_York")

TEXT = """
apiVersion: sla-sync/v1
kind: LeadSLA
metadata: {name: inbound, effective: {from: 2026-10-01, until: 2026-12-31}, timezone: America/New_York}
roles:
  vp_marketing: {party: marketing}
  vp_sales: {party: sales}
calendars:
  office: {open: {mon-fri: 09:00-17:00}, holidays: [2026-11-26, 2026-12-25]}
  madrid: {timezone: Europe/Madrid, open: {mon-fri: 09:00-13:00 and 15:00-18:00}}
teams:
  sdr: {calendar: office}
  iberia: {calendar: madrid}
  nomads: {calendar: personal}
queues:
  pool: {means: Nobody's yet., accountable: vp_marketing}
sources:
  demo_request: {means: They asked for a demonstration.}
  webinar: {means: They registered for a webinar., handling: nurture}
groups:
  tier_1: [DE, FR]
  reachable: [email, phone, employees >= 200]
segments:
  territory: {iberia: country is ES or PT, north: country is in tier_1}
  size: {enterprise: employees >= 1000, small: employees < 1000}
stages:
  inquiry: {means: Known to us., accountable: vp_marketing, next: [mql, disqualified]}
  mql:
    means: Ready for sales.
    accountable: vp_marketing
    enter_when: source is demo_request
    needs: [email]
    max_age: 10 business days
    next: [sal, recycled, disqualified]
  sal: {means: Sales works it., accountable: vp_sales, next: [won, recycled, disqualified]}
  won: {means: Signed., accountable: vp_sales, end: won}
  recycled:
    means: Not now.
    accountable: vp_marketing
    reasons: recycle
    resets: [engagement]
    contact_if: do_not_contact is no
    next: [{mql: source is demo_request}]
  disqualified: {means: Never., accountable: vp_marketing, reasons: disqualify, end: lost}
priorities:
  hot: {means: They asked to talk., when: source is demo_request}
  warm: {means: All others that are ready., when: stage is mql}
commitments:
  response:
    by: vp_sales
    clock: {starts: assigned, stops: touch, runs_in: owner calendar, restarts: reassigned}
    within: {hot: 15 business minutes, warm: 2 business hours}
    on_time: 90%
    warn: at 50%
    on_breach:
      - {notify: [owner]}
      - {after: 1 business hour, reassign: sdr, at_most: once}
      - {after: 1 business day, notify: [vp_sales]}
  verdict:
    by: vp_sales
    clock: {starts: assigned, stops: leaves mql, runs_in: owner calendar}
    within: 2 business days
    on_time: 95%
reasons:
  recycle:
    no_response: {means: No answer., revisit: 90 days}
    bad_timing: {means: They named a day., revisit: ask}
    no_budget: {means: Not funded., revisit: 30 to 90 days}
    other: {means: None of these., note: required}
  disqualify:
    bad_fit: {means: Not ours.}
routing:
  first_match:
    - {when: account_owner is known, to: account_owner}
    - {when: stage is mql, to: sdr, how: round robin, skip: [out_of_office, at_capacity]}
  otherwise: pool
"""


def agreement(**sections: object) -> Agreement:
    """Return the small agreement with some of its sections replaced."""
    return Agreement.model_validate({**dict(read_text_source(TEXT).data or {}), **sections})


def commitment(**said: object) -> Agreement:
    """Return the small agreement with one commitment, `promise`, that says this."""
    return agreement(commitments={"promise": {"by": "vp_sales", **said}})


def story(*events: Event, under: Agreement | None = None) -> Story:
    """Return the history that these events make, as the small agreement or another reads it."""
    return story_of(under or agreement(), history_of(*events))


def at(text: str) -> datetime:
    """Return an instant from a local time of New York: `10-05 10:00` of 2026."""
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=NEW_YORK)


def facts(**values: str | float | bool) -> tuple[Changed, ...]:
    """Return the events that make these fields known on 1 October."""
    return tuple(Changed(at("10-01 00:00"), name, value) for name, value in values.items())

"""The smallest agreement that passes, and what belongs beside it, as text."""

from __future__ import annotations

from datetime import date
from string import Template

AGREEMENT = Template("""\
# yaml-language-server: $$schema=$schema
apiVersion: sla-sync/v1
kind: LeadSLA
metadata:
  name: $name
  status: draft
  effective: {from: $start}
  timezone: $timezone
roles:
  vp_marketing: {party: marketing}
  vp_sales: {party: sales}
terms:
  touch: A call, personal e-mail or meeting by the owner.
calendars:
  office: {open: {mon-fri: 09:00-17:00}, holidays: [$holidays]}
stages:
  mql: {means: Ready for sales., accountable: vp_marketing, next: [sal, rejected]}
  sal: {means: Sales will work it., accountable: vp_sales, end: won}
  rejected: {means: Sales said no., accountable: vp_marketing, reasons: rejected, end: lost}
commitments:
  volume:
    by: vp_marketing
    measure: count of first mql
    target: 110 per month
  quality:
    by: vp_marketing
    measure: mql to sal within 14 days
    target: 70%
  response:
    by: vp_sales
    clock: {starts: assigned, stops: touch, runs_in: office}
    within: 4 business hours
    on_time: 90%
    warn: at 50%
reasons:
  rejected:
    bad_fit: {means: Outside the agreed profile.}
    other: {means: See note., note: required}
""")

BINDING = Template("""\
# yaml-language-server: $$schema=$schema
apiVersion: sla-sync/v1
kind: Binding
metadata: {name: $name-$platform, agreement: $name, connector: $platform}
$sections""")

TIMERS = Template(
    "timers: $platform                        # one platform runs the clocks, the other shows what it says\n"
)

TARGETS = Template("""\
# yaml-language-server: $$schema=$schema
# Your own org or portal goes beside the simulators, with the names of the environment variables that hold its secrets.
apiVersion: sla-sync/v1
kind: Targets
targets:
$targets""")

TARGET = Template("""\
  $platform-simulator:
    connector: $platform
    binding: $name/bindings/$platform.yaml
    agreements: [$name/agreement.yaml]
    simulator: true                       # a local double; it needs no account
""")

OWNERS = Template("""\
# Who must approve a change of which file. Write your own teams here; the host marks those it does not know.
/configs/$name/agreement.yaml @ORGANISATION/marketing @ORGANISATION/sales
/configs/$name/bindings/ @ORGANISATION/revenue-operations
/configs/targets.yaml @ORGANISATION/revenue-operations
""")

IGNORED = ".sla-sync/\n"

WEEKEND = frozenset({6, 7})


def holidays(start: date) -> str:
    """Return two days on which most offices are closed: the next Christmas and New Year that are working days."""
    found = sorted(_next_working(start, month, day) for month, day in ((12, 25), (1, 1)))
    return ", ".join(each.isoformat() for each in found)


def _next_working(start: date, month: int, day: int) -> date:
    years = (date(start.year + each, month, day) for each in range(8))
    return next(each for each in years if each >= start and each.isoweekday() not in WEEKEND)

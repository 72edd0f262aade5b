"""Packs to be looked at, made by hand: a usual week, one in which nothing happened, and one whose every word is hostile."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sla_sync.attainment.attainment import Attainment, Figure, Period
from sla_sync.attainment.shares import Share
from sla_sync.measures import figures
from sla_sync.measures.calibration import Band, Calibration
from sla_sync.measures.completeness import Complete
from sla_sync.measures.conversion import Cohort, Conversion
from sla_sync.measures.effort import Tried
from sla_sync.measures.figures import Basis, Unit
from sla_sync.measures.hygiene import Hygiene
from sla_sync.measures.load import Load
from sla_sync.measures.overdue import Late, Overdue
from sla_sync.measures.pacing import Pace
from sla_sync.measures.pack import Change, Minutes, Pack
from sla_sync.measures.rejections import Bar, Rejections
from sla_sync.measures.revenue import Revenue
from sla_sync.measures.scorecard import Kept, Point, Status
from sla_sync.measures.speed import BANDS, QUANTILES, STEPS, Waited
from sla_sync.measures.waterfall import Level, Waterfall
from sla_sync.render.pack.sides import sides_of
from tests.render.reported import EVIL, LONG

ZONE = "America/New_York"
PERIOD = Period(date(2026, 11, 9), date(2026, 11, 15), ZONE)
AS_OF = datetime(2026, 11, 17, 15, 0, tzinfo=UTC)
BASIS = Basis(
    "Turns whose deadline fell in the period.", 361, {"merged": 11, "test": 4}, {"no calendar": 2}, "Business time."
)


def share(part: int, whole: int) -> figures.Figure:
    """Return a share as a figure."""
    found = Share(part, whole)
    return figures.Figure(found.value, Unit.SHARE, whole, found.interval)


def number(value: float | None, unit: Unit = Unit.COUNT, **besides: object) -> figures.Figure:
    """Return a number as a figure."""
    return replace(figures.Figure(value, unit), **besides)  # type: ignore[arg-type]


def _trend(*shares: tuple[int, int]) -> tuple[Point, ...]:
    first = date(2026, 9, 21)
    return tuple(Point(first + timedelta(weeks=each), share(*found)) for each, found in enumerate(shares))


def _scorecard() -> tuple[Kept, ...]:
    volume = tuple(
        Point(date(2026, 9, 21) + timedelta(weeks=place), number(value, n=int(value)))
        for place, value in enumerate((22.0, 25, 24, 31, 28, 26, 30, 27))
    )
    response = _trend((30, 48), (33, 45), (31, 44), (34, 47), (36, 46), (30, 44), (35, 45), (35, 42))
    return (
        Kept("mql-volume", "vp_marketing", "marketing", "New MQLs from marketing, 110 per month.", number(110),
             number(58, n=58), Status.OPEN, volume, None, number(91), "", BASIS),
        Kept("mql-quality", "vp_marketing", "marketing", "Sales accepts 70% of them.", number(0.7, Unit.SHARE),
             share(71, 100), Status.OPEN, _trend((7, 10), (8, 10), (6, 9), (7, 10)), None, None, "", BASIS),
        Kept("first-response", "vp_sales", "sales", "A rep touches every MQL in time.", number(0.9, Unit.SHARE),
             share(264, 361), Status.BROKEN, response, share(266, 359), share(180, 340), "", BASIS),
        Kept("follow-up", "vp_sales", "sales", "Six touches on two channels before giving up.", number(0.85, Unit.SHARE),
             share(44, 48), Status.KEPT, _trend((4, 6), (6, 6)), None, None, "", BASIS),
        Kept("handover", "vp_sales", "sales", "Each deal is told to marketing.", None, number(None, Unit.SHARE),
             Status.UNMEASURED, (), None, None, "Nothing in the history tells it.", BASIS),
    )  # fmt: skip


def _figure(cut: str, value: str | None, on_time: int, late: int, overdue: int) -> Figure:
    return Figure(
        "first-response", cut, value, on_time, late, overdue, 7, on_time // 10, {"merged": 11}, {"no calendar": 2},
        ("2026-10-01",),
    )  # fmt: skip


def _attainment() -> Attainment:
    return Attainment(
        PERIOD,
        AS_OF,
        (
            _figure("", None, 264, 71, 26),
            _figure("owner", "005A", 150, 30, 10),
            _figure("owner", "005B", 112, 40, 14),
            _figure("owner", "005C", 2, 1, 2),
            _figure("priority", "hot", 60, 20, 5),
            _figure("priority", "warm", 204, 51, 21),
            _figure("source", "demo_request", 60, 20, 5),
            _figure("week", "2026-W46", 264, 71, 26),
        ),
    )


def _overdue() -> Overdue:
    due = AS_OF - timedelta(days=4)
    late = tuple(
        Late("first-response", f"00Q{place:03}", f"leg-{place}", ("005A", "005B", None)[place % 3], "sdr",
             ("hot", "warm")[place % 2], due + timedelta(hours=9 * place), 86400 - 7200 * place, 340_000 - 30_000 * place)
        for place in range(6)
    )  # fmt: skip
    return Overdue(late, {"first-response": 26, "verdict": 3}, BASIS)


def _waited(step: str, clock: str, scale: float) -> Waited:
    times = dict(zip(QUANTILES, (540.0, 2400.0, 15_000.0, 260_000.0), strict=True))
    quantiles = {part: number(scale * time, Unit.SECONDS, n=361) for part, time in times.items()}
    quantiles[95] = replace(quantiles[95], at_least=True)
    shares = (0.31, 0.22, 0.2, 0.12, 0.06, 0.03, 0.06)
    bands = {name: number(part, Unit.SHARE, n=361) for name, part in zip(BANDS, shares, strict=True)}
    return Waited(step, clock, quantiles, bands, number(scale * 414, Unit.SECONDS, n=340), BASIS)


def _pacing() -> tuple[Pace, ...]:
    days = {f"2026-11-{day:02}": 3 + day % 4 for day in range(1, 18) if day not in {1, 7, 8, 14, 15}}
    done = float(sum(days.values()))
    return (
        Pace("mql-volume", "2026-11", number(done, n=int(done)), 110.0, 62.9, number(101.0, interval=(86.0, 118.0)), 5.5,
             number(done - 4), number(done - 6), number(6.0), {"demo_request": 12, "content": 30, "webinar": 11}, days,
             {"2026-09": (108.0, 104.0)}, BASIS),
    )  # fmt: skip


def _rejections() -> Rejections:
    rows = (("recycled", "no_response", 31, 0), ("disqualified", "bad_fit", 14, 9), ("recycled", "bad_timing", 8, 1),
            ("disqualified", "missing", 5, 5), ("recycled", "other", 2, 0))  # fmt: skip
    bars = tuple(
        Bar(stage, reason, count, share(count, 60), before, tuple(f"00Q{reason[:2]}{n}" for n in range(3)))
        for stage, reason, count, before in rows
    )
    rate = {"demo_request": share(8, 40), "content": share(44, 80)}
    return Rejections(bars, rate, number(93_600, Unit.SECONDS, n=240), BASIS)


def _conversion() -> Conversion:
    cohorts = (
        Cohort("2026-08", Share(70, 101), 0, None),
        Cohort("2026-09", Share(66, 97), 0, None),
        Cohort("2026-10", Share(60, 88), 9, share(65, 97)),
        Cohort("2026-11", Share(4, 6), 48, number(0.71, Unit.SHARE, n=54, interval=(0.4, 0.9))),
    )
    by_source = {"demo_request": Share(70, 90), "content": Share(110, 202)}
    return Conversion("mql", "sal", 14, Share(200, 292), Share(180, 260), Share(20, 32), cohorts, by_source,
                      Share(208, 349), BASIS)  # fmt: skip


def usual() -> Pack:
    """Return the pack of a usual week."""
    scorecard = _scorecard()
    hours = {
        (day, hour): (hour - 6) * (20 - hour) // (8 if day < 5 else 30) for day in range(7) for hour in range(7, 20)
    }
    steps = tuple(
        _waited(step, clock, scale)
        for step, scale in zip(STEPS, (1.0, 0.2, 0.1, 0.7, 3.0), strict=True)
        for clock in ("wall", "business")
    )
    levels = (Level("mql", 41, 30, 26, 45, 0, 3), Level("sal", 60, 18, 22, 56, 1, 0), Level("gone", 0, 5, 0, 5, 0, 0))
    load = Load("sdr", hours, share(41, 130), number(0.42, Unit.RATIO),
                {"first-response, hot": number(0.157, Unit.SHARE)}, BASIS)  # fmt: skip
    bands = (Band(100, 120, Share(60, 90)), Band(120, None, Share(40, 50)))
    return Pack(
        title="Acme marketing–sales agreement, Q4 2026",
        agreement="acme-inbound",
        version="2026-10-01",
        period=PERIOD,
        as_of=AS_OF,
        synthetic=False,
        source="salesforce-production, read Tue 17 Nov 2026 09:45",
        sides=sides_of(scorecard, currency="USD"),
        scorecard=scorecard,
        attainment=_attainment(),
        overdue=_overdue(),
        speed=steps,
        pacing=_pacing(),
        rejections=_rejections(),
        conversions=(_conversion(), replace(_conversion(), start="sal", goal="sql", days=30)),
        completeness=(
            Complete("mql", Share(90, 110), {"email": Share(110, 110), "company": Share(92, 110)},
                     {"content": Share(40, 60)}, ("country",), BASIS),
        ),
        effort=(
            Tried("follow-up", "no_response", Share(44, 48), {"005A": Share(24, 25)}, {"content": Share(20, 23)},
                  {4: 4, 6: 20, 7: 24}, ("00Q777", "00Q778"), BASIS),
        ),
        waterfall=Waterfall(levels, BASIS),
        revenue=Revenue(number(1_500_000, Unit.MONEY), number(240_000, Unit.MONEY, n=6), number(410_000, Unit.MONEY),
                        number(350_000, Unit.MONEY, n=35), {"demo_request": 200_000.0, "content": 40_000.0}, BASIS),
        hygiene=Hygiene((("00Q900", "005Z"),), ("00Q901", "00Q902"), 98, BASIS),
        load=(load,),
        changes=(
            Change(AS_OF - timedelta(days=5), "salesforce-production: flow SLA Lead Deadline: active → inactive", "breach"),
            Change(AS_OF - timedelta(days=47), "Version 2026-10-01 took force."),
        ),
        disputes=("00Q003, first-response: the lead called us first (VP of sales, 12 Nov).",),
        gaps=("The country of a lead has no history: only its value of today is known.",),
        minutes=Minutes("2026-11-10", "# Minutes\n- [ ] Kim: cover lunch\n- [x] Sam: ask Ana", ("Kim: cover lunch",)),
        names={"005A": "Ana Gray", "005B": "Ben Stone"},
        links="https://acme.example/{id}",
        currency="USD",
        readers=("vp_marketing", "vp_sales", "revops"),
        calibration=Calibration(bands, {"A1": Share(30, 35)}, True, BASIS),
    )  # fmt: skip


def quiet() -> Pack:
    """Return the made-up pack of a week in which nothing happened."""
    basis = Basis("Nothing was asked.", 0)
    nothing = number(None)
    scorecard = (
        Kept("first-response", "vp_sales", "sales", "A rep touches every MQL in time.", number(0.9, Unit.SHARE),
             number(None, Unit.SHARE), Status.OPEN, (), None, None, "", basis),
    )  # fmt: skip
    return replace(
        usual(),
        synthetic=True, scorecard=scorecard, sides=sides_of(scorecard), attainment=Attainment(PERIOD, AS_OF, ()),
        overdue=Overdue((), {}, basis), speed=(), pacing=(), rejections=Rejections((), {}, nothing, basis), conversions=(),
        completeness=(), effort=(), waterfall=Waterfall((), basis), revenue=None, hygiene=Hygiene((), (), 0, basis), load=(),
        changes=(), disputes=(), gaps=(), minutes=None, names={}, links="", calibration=None,
    )  # fmt: skip


def evil() -> Pack:
    """Return a pack in which everything that others write is hostile or far too long."""
    made = usual()
    basis = replace(BASIS, definition=EVIL, left_out={EVIL: 3}, unusable={LONG: 1}, note=EVIL)
    kept = tuple(
        replace(each, commitment=f"{EVIL}{place}", promise=f"{EVIL} {LONG}", party=EVIL, because=each.because and EVIL,
                basis=basis)
        for place, each in enumerate(made.scorecard)
    )  # fmt: skip
    rates = tuple(
        replace(each, commitment=EVIL, value=each.value and f"{EVIL}{each.value}") for each in made.attainment.figures
    )
    late = tuple(replace(each, lead=EVIL, owner=EVIL, team=EVIL, priority=EVIL) for each in made.overdue.late)
    bars = tuple(replace(each, reason=EVIL, examples=(EVIL, LONG)) for each in made.rejections.bars)
    steps = tuple(replace(each, by_source={EVIL: Share(1, 2)}, start=EVIL, basis=basis) for each in made.conversions)
    return replace(
        made,
        title=f"{EVIL} {LONG}", agreement=EVIL, version=EVIL, source=EVIL, sides={EVIL: EVIL, "b": LONG}, scorecard=kept,
        attainment=replace(made.attainment, figures=rates),
        overdue=replace(made.overdue, late=late, count={EVIL: 26}, basis=basis),
        rejections=replace(made.rejections, bars=bars, rate={EVIL: share(1, 9)}, basis=basis),
        pacing=tuple(replace(each, commitment=EVIL, by_source={EVIL: 3, LONG: 2}, basis=basis) for each in made.pacing),
        load=tuple(replace(each, team=EVIL, waits={EVIL: share(1, 9)}) for each in made.load),
        conversions=steps,
        completeness=tuple(
            replace(each, stage=EVIL, by_field={EVIL: Share(1, 2)}, unknown=(EVIL, LONG)) for each in made.completeness
        ),
        effort=tuple(replace(each, by_owner={EVIL: Share(1, 2)}, lingering=(EVIL, LONG) * 9) for each in made.effort),
        waterfall=replace(made.waterfall, levels=(Level(EVIL, 1, 1, 1, 1, 0, 0),)),
        hygiene=Hygiene(((EVIL, EVIL),), (EVIL, LONG), 4, basis),
        changes=(Change(AS_OF, f"{EVIL} {LONG}", EVIL),), disputes=(EVIL,), gaps=(EVIL, LONG),
        minutes=Minutes(EVIL, f"{EVIL}\n{LONG}", (EVIL, LONG)), names={EVIL: f"=cmd()|{EVIL}"}, links="javascript:alert({id})",
    )  # fmt: skip

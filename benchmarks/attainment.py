"""Print what the attainment of ten million turns from Parquet costs: seconds, memory, and how slow others are at it."""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from sla_sync.agreement.document import Agreement
from sla_sync.agreement.source import read_text_source

PROJECT = Path(__file__).resolve().parents[1]
TURNS, SAMPLE = 10_000_000, 20_000
AS_OF = datetime(2026, 12, 31, 22, tzinfo=UTC)
GOAL_SECONDS, GOAL_MEMORY, GOAL_RATIO = 4, 2.0, 200

# A quarter of turns for 40 owners in five calendars: most are touched in the open hours of the day, some hours later, some
# never; one in twenty is given on, a few are void. The dice are hashes of the row, so that each run draws the same.
TURNS_OF_A_QUARTER = """
COPY (
  WITH dice AS (
    SELECT i, (hash(i) >> 2)::BIGINT a, (hash(i + 11) >> 2)::BIGINT b, (hash(i + 23) >> 2)::BIGINT c,
      (hash(i + 37) >> 2)::BIGINT d
    FROM range({count}) r(i)
  ), drawn AS (
    SELECT *, timestamptz '2026-10-01 04:00:00+00' + to_microseconds(a % 7900000000000) AS t,
      'owner' || (b % 40) AS own, b % 40 AS o, c % 20 = 0 AS again
    FROM dice
  )
  SELECT
    'T' || i AS leg, 'L' || (CASE WHEN again THEN i - 1 ELSE i END) AS lead, 1::BIGINT AS cycle,
    (CASE WHEN again THEN 2 ELSE 1 END)::BIGINT AS number, own AS owner, 'team' || (o % 5) AS team,
    ['office', 'london', 'madrid', 'sydney', 'mumbai'][(o % 5) + 1] AS calendar,
    CASE WHEN c % 3 = 0 THEN 'hot' ELSE 'warm' END AS priority,
    ['demo_request', 'contact_sales', 'webinar', 'content'][(c % 4) + 1] AS source, 'mql' AS stage, 'v1' AS policy,
    t - to_seconds(300) AS raised_at, t - to_seconds(120) AS qualified_at, t AS assigned_at,
    CASE WHEN d % 10 < 8 THEN t + to_seconds(200000 + d % 500000) END AS ended_at,
    CASE WHEN d % 10 < 8 THEN CASE WHEN d % 10 = 0 THEN 'reassigned' ELSE 'recycled' END END AS ended_by,
    CASE WHEN d % 7 < 5 THEN t + to_microseconds((power((b % 1000003) / 1000003.0, 4) * 150000000000)::BIGINT) END
      AS touched_at,
    NULL::TIMESTAMPTZ AS replied_at,
    CASE WHEN d % 10 < 8 THEN t + to_seconds(200000 + d % 500000) END AS decided_at,
    d % 9 AS touches, d % 3 AS channels, CASE WHEN d % 97 = 0 THEN 'test' END AS void
  FROM drawn
) TO '{path}' (FORMAT parquet, COMPRESSION zstd)
"""

CALENDARS: dict[str, dict[str, Any]] = {
    "office": {"timezone": "America/New_York", "open": {"mon-fri": "09:00-17:00"}, "holidays": ["2026-11-26"]},
    "london": {"timezone": "Europe/London", "open": {"mon-fri": "09:00-17:30"}, "holidays": ["2026-12-25"]},
    "madrid": {"timezone": "Europe/Madrid", "open": {"mon-fri": "09:00-13:00 and 15:00-18:00"}},
    "sydney": {"timezone": "Australia/Sydney", "open": {"mon-fri": "08:30-17:30"}},
    "mumbai": {"timezone": "Asia/Kolkata", "open": {"mon-sat": "10:00-19:00"}},
}


def main() -> None:
    """Print the numbers of one run; with `--measure FILE` only measure, in a process whose memory is its own."""
    if sys.argv[1:2] == ["--measure"]:
        _measure(Path(sys.argv[2]))
        return
    count = int(sys.argv[1]) if len(sys.argv) > 1 else TURNS
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as folder:
        path = Path(folder) / "legs.parquet"
        duckdb.connect().execute(TURNS_OF_A_QUARTER.format(count=count, path=path))
        print(f"Attainment of {count:,} turns from Parquet ({path.stat().st_size / 2**20:,.0f} MiB), made up")
        sys.stdout.flush()
        start = time.perf_counter()
        told = subprocess.run(
            [sys.executable, __file__, "--measure", str(path)], capture_output=True, text=True, check=True
        )
        print(told.stdout, end="")
        print(
            f"  the whole process                {time.perf_counter() - start:>8.1f} s, Python and its imports included"
        )
        spent = float(told.stdout.split("seconds=")[1].split()[0])
        _compare(path, count, spent)


def _measure(path: Path) -> None:
    from sla_sync.attainment.attainment import Period
    from sla_sync.attainment.engines import legs_in, local_engine, measure

    agreement, period = agreed(), Period(date(2026, 10, 1), date(2026, 12, 31), "America/New_York")
    engine = local_engine()
    engine.raw_sql("SET threads = 2")
    for name, commitments in (("first-response", 1), ("two commitments", 2)):
        kept = dict(list(agreement.commitments.items())[:commitments])
        start, worked = time.perf_counter(), time.process_time()
        found = measure(
            engine, legs_in(engine, path), {"v1": agreement.model_copy(update={"commitments": kept})}, period, AS_OF
        )
        spent, worked = time.perf_counter() - start, time.process_time() - worked
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        judged = sum(each.attained.whole for each in found.attainment.figures if not each.cut)
        whole = found.attainment.of("first-response")
        goal = f"  goals: {GOAL_SECONDS} s, {GOAL_MEMORY:.0f} GiB" if commitments == 1 else ""
        print(
            f"  {name:<28} {spent:>12.2f} s, {worked:.1f} s of processors, {peak:.2f} GiB at most, {judged:,} judged{goal}"
        )
        if whole is not None and commitments == 1:
            print(f"      attained {whole.attained.value or 0:.2%}; seconds={spent:.3f} for all cuts together")


def _compare(path: Path, count: int, spent: float) -> None:
    """Print how long it takes one by one: by this project's own model, and by pandas with a package for business time."""
    for name, seconds in (
        ("one by one, the model in Python", _by_model(path)),
        ("pandas with business-duration", _by_pandas(path)),
    ):
        if seconds is None:
            print(f"  {name}: not installed (pip install business-duration)")
            continue
        scaled = seconds * count / SAMPLE
        print(
            f"  {name:<32} {scaled:>9,.0f} s  scaled from {SAMPLE:,} turns in {seconds:.1f} s;"
            f" ratio {scaled / spent:,.0f}  goal: {GOAL_RATIO}"
        )


def _by_model(path: Path) -> float:
    from sla_sync.semantics.calendars import calendars_of

    agreement = agreed()
    calendars, within = calendars_of(agreement), agreement.commitments["first-response"].limits
    rows = _sample(path).to_pylist()
    start = time.perf_counter()
    for row in rows:
        due = calendars.called(row["calendar"]).add(row["assigned_at"], within[row["priority"]])  # type: ignore[arg-type]
        _ = row["touched_at"] is not None and row["touched_at"] <= due
    return time.perf_counter() - start


def _by_pandas(path: Path) -> float | None:
    try:
        from business_duration import businessDuration  # type: ignore[import-not-found]
    except ImportError:
        return None
    frame = _sample(path).to_pandas()
    opens, closes = {}, {}
    for name in frame["calendar"].unique():
        (hours,) = CALENDARS[name]["open"].values()
        opens[name] = datetime.strptime(hours[:5], "%H:%M").time()  # noqa: DTZ007 - a time of day
        closes[name] = datetime.strptime(hours[-5:], "%H:%M").time()  # noqa: DTZ007 - a time of day
    start = time.perf_counter()
    for name, own in frame.groupby("calendar"):
        # It knows one window and no zone: a local clock, the days from Monday to Friday, no pause at noon.
        zone = CALENDARS[str(name)]["timezone"]
        local = own.assign(
            **{each: own[each].dt.tz_convert(zone).dt.tz_localize(None) for each in ("assigned_at", "touched_at")}
        )
        local.apply(
            lambda row, at=opens[name], to=closes[name]: businessDuration(
                row["assigned_at"], row["touched_at"], starttime=at, endtime=to, unit="sec"
            ),
            axis=1,
        )
    return time.perf_counter() - start


def _sample(path: Path) -> pa.Table:
    asked = (
        f"SELECT calendar, priority, assigned_at, touched_at FROM '{path}' WHERE touched_at IS NOT NULL LIMIT {SAMPLE}"  # noqa: S608
    )
    return duckdb.connect().execute(asked).to_arrow_table()


def agreed() -> Agreement:
    """Return the working example's agreement, with the calendars of these turns."""
    text = (PROJECT / "configs" / "acme" / "agreement.yaml").read_text(encoding="utf-8")
    said: dict[str, Any] = dict(read_text_source(text).data or {})
    said["calendars"] = CALENDARS
    commitments: Any = said["commitments"]
    said["commitments"] = {name: commitments[name] for name in ("first-response", "verdict")}
    return Agreement.model_validate(said)


if __name__ == "__main__":
    main()

"""Print how the attainment of up to ten million turns grows, from Parquet: on DuckDB, or on Spark.

    python -m benchmarks.turns duckdb
    PYTHONPATH=build/spark/site python -m benchmarks.turns spark --sizes 1000000,10000000

Both have two cores. On Spark the first size pays for starting it, which stands apart; its memory is that of the process of
Java, which takes what it is allowed (4 GiB here). `make spark` brings it.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from benchmarks.attainment import AS_OF, TURNS_OF_A_QUARTER, agreed
from benchmarks.growth import Steps, grow

SIZES = (1_000_000, 3_000_000, 10_000_000)
CORES = 2


def work(size: int, steps: Steps) -> None:
    """Make up turns in another process, and measure one commitment and two of them."""
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as folder:
        path = Path(folder) / "legs.parquet"
        made = f"import duckdb; duckdb.connect().execute({TURNS_OF_A_QUARTER.format(count=size, path=path)!r})"
        subprocess.run([sys.executable, "-c", made], check=True)
        with timed(steps, "import"):
            from sla_sync.attainment.attainment import Period
            from sla_sync.attainment.business_time import in_utc
            from sla_sync.attainment.engines import legs_in, local_engine, measure, prepared
        with timed(steps, "start of the engine"):
            if sys.argv[3] == "spark":
                session = _spark(folder)
                engine = prepared(session[0])
                legs = in_utc(engine.read_parquet(str(path)))
            else:
                engine = local_engine()
                engine.raw_sql(f"SET threads = {CORES}")
                legs = legs_in(engine, path)
        agreement, period = agreed(), Period(date(2026, 10, 1), date(2026, 12, 31), "America/New_York")
        for name, number in (("one commitment", 1), ("two commitments", 2)):
            kept = agreement.model_copy(update={"commitments": dict(list(agreement.commitments.items())[:number])})
            with timed(steps, name):
                found = measure(engine, legs, {"v1": kept}, period, AS_OF)
            steps.facts[f"judged, {name}"] = sum(
                each.attained.whole for each in found.attainment.figures if not each.cut
            )
        if sys.argv[3] == "spark":
            worked, peak = _of_java(session[1])
            steps.seconds["processors, all that Java did"] = worked
            steps.facts["most memory of Java, MiB"] = peak


@contextmanager
def timed(steps: Steps, name: str) -> Iterator[None]:
    """Measure a step on the clock of the wall, and by what the processors did for it in this process."""
    began = time.perf_counter()
    with steps.of(f"{name}, processors"):
        yield
    steps.seconds[f"{name}, on the clock"] = time.perf_counter() - began


def _spark(folder: str) -> tuple[Any, int]:
    """Return Spark as Ibis connects it, and the process of Java."""
    import ibis
    from pyspark.sql import SparkSession

    said = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": str(CORES),
        "spark.sql.session.timeZone": "UTC",
        "spark.driver.memory": "4g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.local.dir": folder,
        "spark.sql.warehouse.dir": f"{folder}/warehouse",
    }
    builder = SparkSession.builder.master(f"local[{CORES}]")
    for name, value in said.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return ibis.pyspark.connect(session), session.sparkContext._gateway.proc.pid  # noqa: SLF001 - nobody else knows it


def _of_java(process: int) -> tuple[float, int]:
    """Return the seconds that the processors worked for a process, and the most memory that it had, in MiB."""
    stat = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    ticks = int(stat[11]) + int(stat[12])
    peak = next(each for each in Path(f"/proc/{process}/status").read_text("ascii").splitlines() if "VmHWM" in each)
    return ticks / os.sysconf("SC_CLK_TCK"), int(peak.split()[1]) >> 10


if __name__ == "__main__":
    if sys.argv[1] == "--one":
        grow(__file__, "", SIZES, work, unit="")
    else:
        engine = sys.argv.pop(1)
        title = f"attainment on {'Spark' if engine == 'spark' else 'DuckDB'}, {CORES} cores"
        grow(__file__, title, SIZES, work, unit="turns", also=(engine,))

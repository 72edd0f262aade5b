"""`sla-sync report` as its page shows it, with names and links, sent to a channel, and what it refuses."""

from __future__ import annotations

import json
import re
import shlex
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from lxml import html

from tests.cli.conftest import Run
from tests.cli.test_readme import PROJECT, prints
from tests.notify.test_sending import SECRET, service

PAGE = (PROJECT / "docs" / "report.md").read_text(encoding="utf-8")
STEPS = [(shlex.split(each[0])[1:], each[1]) for each in re.findall(r"```\n\$ ([^\n]*)\n(.*?)```", PAGE, re.DOTALL)]
EVIL = '=HYPERLINK("https://evil.example")<script>alert(1)</script>\u202e'


@pytest.mark.slow
def test_a_pack_is_made_as_its_page_shows_and_sent(run: Run, here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (makes, made), (reports, shown) = STEPS
    prints(run(*makes).out, made)
    again = run(*makes)
    assert again.code == 1
    assert "quarter is not empty" in again.err
    (here / "names.csv").write_text(f'id,name\nSYN-U-ana,Ana Gray\nSYN-U-ben,"{EVIL.replace(chr(34), chr(34) * 2)}"\n')
    (here / "configs/acme/minutes").mkdir()
    (here / "configs/acme/minutes/2026-12-01.md").write_text("- [ ] Kim: cover lunch\n")
    channels = "apiVersion: sla-sync/v1\nkind: Channels\nchannels:\n  week: {url: WEEK, from: breach}\n"
    (here / "configs/channels.yaml").write_text(channels)
    with service() as (url, got):
        monkeypatch.setenv("WEEK", url)
        besides = ("--send", "week", "--names", "names.csv", "--links", "https://acme.example/{id}")
        answer = run(*reports, *besides)
    assert answer.code == 0, answer.err
    ours = shown.replace("SYN-U-ana, SDR ", "Ana Gray, SDR ").replace(
        "  There are no minutes of an earlier meeting.\n", "…\n"
    )
    said = f"{answer.out}\n{answer.err}"
    lines = [line for line in ours.splitlines() if "SYN-L" not in line and "Lead  " not in line]
    prints(said, "\n".join(lines))
    assert "Kim: cover lunch" in said
    assert SECRET not in said
    (told,) = got
    assert told["title"].startswith("Acme marketing–sales agreement, Q4 2026 · 30 Nov – 6 Dec 2026")
    assert "Made up" in told["message"]

    plain = json.loads((here / "packs/pack-2026-12-08.json").read_text())
    page = html.parse(here / "packs/pack-2026-12-08.html").getroot()
    numbers = list(page.iter("data"))
    assert len(numbers) > 300
    for each in numbers:
        found = plain
        for step in str(each.get("data-at")).removeprefix("/").split("/"):
            key = step.replace("~1", "/").replace("~0", "~")
            found = found[int(key)] if isinstance(found, list) else found[key]
        assert found == float(str(each.get("value"))), each.get("data-at")
    assert not list(page.iter("script"))
    assert "https://acme.example/SYN-L00000439" in {str(each.get("href")) for each in page.iter("a")}
    turns = (here / "packs/rows-2026-12-08/turns.csv").read_text(encoding="utf-8-sig").splitlines()
    judged = sum(",on time," in line or ",late," in line or ",overdue," in line for line in turns)
    assert judged == 45
    assert not re.search(r"(^|,)\"?=HYPERLINK", "\n".join(turns), re.MULTILINE)
    assert "- [ ] Kim: cover lunch" in (here / "packs/minutes-2026-12-08.md").read_text()


REFUSED = [
    (("--send", "week"), 2, "needs --out"),
    (("--links", "http://acme.example/{id}"), 2, "write an https:// address with {id} in it"),
    (("--links", "https://acme.example/"), 2, "write an https:// address with {id} in it"),
    (("--history", "nowhere"), 1, "nowhere holds no history"),
    (("--review", "daily"), 1, "'daily' is no meeting"),
    (("--as-of", "soon"), 1, "'soon' is no day and no time"),
    (("--engine", "postgres://user:T0pS3cret@127.0.0.1:1/db"), 1, "The engine cannot be reached"),
    ((), 1, "No history was exported yet."),
]


@pytest.mark.parametrize(("arguments", "code", "because"), REFUSED, ids=[" ".join(each[0]) for each in REFUSED])
def test_what_cannot_be_reported_is_said(run: Run, arguments: tuple[str, ...], code: int, because: str) -> None:
    answer = run("report", *arguments)
    assert answer.code == code
    assert because in re.sub(r"\s+│?\s*", " ", answer.err)
    assert "T0pS3cret" not in answer.err


@pytest.mark.slow
def test_rows_with_an_impossible_instant_are_told_and_a_damaged_history_is_named(run: Run) -> None:
    assert run("simulator", "history", "worn", "--until", "2026-10-15").code == 0
    path = next(Path("worn/stages").glob("*.parquet"))
    rows = pq.ParquetFile(path).read()
    place, instants = rows.schema.get_field_index("at"), rows.column("at").to_pylist()
    instants[0] = datetime(1, 1, 1, tzinfo=UTC)
    field = rows.schema.field(place)
    pq.write_table(rows.set_column(place, field, pa.array(instants, field.type)), path)
    told = run("report", "--history", "worn", "--period", "2026-10-01..2026-10-14")
    assert told.code == 0
    assert "1 row of stages is left out: an instant there lies before 1980 or after 2199." in told.out
    content = bytearray(path.read_bytes())
    content[64 : len(content) // 3] = b"\x55" * (len(content) // 3 - 64)
    path.write_bytes(content)
    answer = run("report", "--history", "worn")
    assert answer.code == 1
    assert answer.err.startswith("error: The history cannot be read: ")
    assert "Traceback" not in answer.err

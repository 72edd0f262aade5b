"""What an audit lives with from a change on is told by the review of that change, at its line, and nothing else is."""

from __future__ import annotations

from pathlib import Path

from sla_sync.agreement.load import load_attestations, load_exceptions
from sla_sync.diagnostics import Severity
from sla_sync.pipeline.lived_with import newly_lived_with
from sla_sync.pipeline.validate import Documents
from sla_sync.places import Place

EXCEPTIONS = "apiVersion: sla-sync/v1\nkind: Exceptions\nagreement: acme-inbound\nexceptions:\n"
EXCEPTION = (
    "  - {{id: D-a6b0be, target: production, address: Flow/Close, path: isEnabled, live: {live}, "
    'because: "By hand.\\n::error::told", by: vp_sales, on: 2026-09-30, until: {until}}}\n'
)
FIRST, LONGER = (EXCEPTION.format(live="a" * 64, until=day) for day in ("2026-10-08", "2026-12-31"))
VOUCHED = (
    "apiVersion: sla-sync/v1\nkind: Attestations\nattestations:\n"
    "  - {check: manual step due-dates, statement: Only we write it., by: revops, on: 2026-10-01, until: 2026-12-31, "
    "evidence: REVOPS-131}\n"
)


def documents(folder: Path, *, exceptions: str = "", attestations: str = "") -> Documents:
    """Return documents of which only what an audit lives with was read."""
    folder.mkdir()
    place = Place(folder / "agreement.yaml", None, folder)
    sources, lived_with, vouched = {}, None, None
    if exceptions:
        place.exceptions.write_text(EXCEPTIONS + exceptions, encoding="utf-8")
        said = load_exceptions(place.exceptions, root=folder)
        lived_with, sources[place.exceptions] = said.value, said.source
    if attestations:
        place.attestations.write_text(attestations, encoding="utf-8")
        held = load_attestations(place.attestations, root=folder)
        vouched, sources[place.attestations] = held.value, held.source
    return Documents(place, None, {}, None, (), sources, attestations=vouched, exceptions=lived_with)


def test_what_is_new_or_lives_longer_is_a_warning_at_its_line_in_one_line(tmp_path: Path) -> None:
    before = documents(tmp_path / "before", exceptions=FIRST)
    after = documents(tmp_path / "after", exceptions=FIRST + LONGER, attestations=VOUCHED)
    accepted, vouched = newly_lived_with(before, after)
    assert (accepted.code, accepted.severity, vouched.code) == ("SLA710", Severity.WARNING, "SLA815")
    assert accepted.message == (
        "An audit of production lives with D-a6b0be until 2026-12-31: Flow/Close isEnabled; 'vp_sales' answers for it. "
        "Why: By hand. ::error::told"
    )
    assert vouched.message.startswith("'revops' vouches for manual step due-dates until 2026-12-31: Only we write it.")
    assert [each.location and each.location.line for each in (accepted, vouched)] == [6, 4]


def test_what_was_lived_with_before_or_is_no_longer_is_not_told(tmp_path: Path) -> None:
    more = documents(tmp_path / "more", exceptions=LONGER + FIRST, attestations=VOUCHED)
    same = documents(tmp_path / "same", exceptions="# Both.\n" + FIRST + LONGER, attestations=VOUCHED)
    assert newly_lived_with(more, same) == newly_lived_with(more, documents(tmp_path / "none")) == ()

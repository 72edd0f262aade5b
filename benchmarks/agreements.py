"""Print how agreements grow up to 50 stages, 500 routes and 1,000 segments: from the file to settings, prose and a review.

They are the example of configs/acme with more stages between two of its own, more routes before its own, and a division of
twice as many countries as routes.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from datetime import date
from pathlib import Path

from benchmarks.growth import Steps, grow
from sla_sync.authoring.layout import laid_out
from sla_sync.diagnostics import errors_in
from sla_sync.explain import explain_html, explain_text
from sla_sync.pipeline.build import prepare
from sla_sync.pipeline.review import review
from sla_sync.pipeline.validate import judge, read
from sla_sync.places import find_place
from sla_sync.render.review.text import review_as_text

PROJECT = Path(__file__).resolve().parents[1]
SIZES = (125, 250, 500)
OWN = 9
"""The stages that configs/acme has."""
TODAY = date(2026, 10, 5)
_PEOPLE = {"president": ("pat",), "vp_marketing": ("morgan",), "vp_sales": ("sam",), "sdr_manager": ("kim",)}


def larger(text: str, routes: int) -> str:
    """Return the text of an agreement with so many routes, a tenth as many stages, and twice as many segments."""
    names = [f"step_{number:02}" for number in range(routes // 10 - OWN)]
    stages = ""
    for number, name in enumerate(names):
        then = names[number + 1] if number + 1 < len(names) else "sql"
        stages += (
            f"  {name}:\n    means: Step {number} of working the lead.\n    accountable: vp_sales\n"
            f"    max_age: {number + 5} business days\n    next: [{then}, recycled, disqualified]\n"
        )
    if names:
        text = text.replace("next: [sql, recycled, disqualified]", f"next: [{names[0]}, sql, recycled, disqualified]")
    text = text.replace("  sql:\n", f"{stages}  sql:\n", 1)
    parts = "".join(f"    t{number:04}: country is land_{number:04}\n" for number in range(2 * routes))
    text = text.replace("scoring:\n", f"segments:\n  territory:\n{parts}    rest: country is unknown\n\nscoring:\n", 1)
    own = "".join(
        f"    - {{when: stage is mql and country is land_{number:04}, to: sdr, how: round robin}}\n"
        for number in range(routes - 2)
    )
    return text.replace("  first_match:\n", f"  first_match:\n{own}", 1)


def write(folder: Path, routes: int) -> None:
    """Write the example into a folder, made larger; the folder `changed` besides, with a change in every tenth of its parts."""
    shutil.copytree(PROJECT / "configs" / "acme", folder / "acme")
    path = folder / "acme" / "agreement.yaml"
    text = larger(path.read_text("utf-8"), routes)
    path.write_text(text, "utf-8")
    for platform in ("salesforce", "hubspot"):
        binding = folder / "acme" / "bindings" / f"{platform}.yaml"
        said = binding.read_text("utf-8")
        field = "Lead.Status" if platform == "salesforce" else "hs_lead_status"
        mapped = "".join(
            f"  step_{number:02}: {{{field}: [Step {number:02}], add: true}}\n" for number in range(routes // 10 - OWN)
        )
        binding.write_text(said.replace("  inquiry:", f"{mapped}  inquiry:", 1), "utf-8")
    shutil.copytree(folder / "acme", folder / "changed" / "acme")
    changed = text
    for number in range(0, routes - 2, 10):
        changed = changed.replace(
            f"country is land_{number:04}, to: sdr, how", f"country is other_{number:04}, to: sdr, how"
        )
    (folder / "changed" / "acme" / "agreement.yaml").write_text(
        changed.replace("threshold: 100", "threshold: 120"), "utf-8"
    )


def work(size: int, steps: Steps) -> None:
    """Take one agreement through every stage that needs no platform."""
    with tempfile.TemporaryDirectory(prefix="sla-sync-") as scratch, contextlib.chdir(scratch):
        folder = Path(scratch)
        write(folder, size)
        text = (folder / "acme" / "agreement.yaml").read_text("utf-8")
        place = find_place(folder / "acme", here=folder)
        with steps.of("read"):
            documents = read(place)
        with steps.of("validate: every rule"):
            documents = judge(documents, today=TODAY)
        errors = errors_in(documents.diagnostics)
        if errors:
            raise SystemExit("\n".join(each.message for each in errors[:5]))
        steps.facts["lines"] = text.count("\n")
        steps.facts["findings"] = len(documents.diagnostics)
        agreement = documents.usable
        with steps.of("fmt"):
            laid_out(text)
        with steps.of("explain, aloud"):
            explain_text(agreement)
        with steps.of("explain, the page with its pictures"):
            explain_html(agreement)
        for platform in ("salesforce", "hubspot"):
            with steps.of(f"compile and translate, {platform}"):
                prepared = prepare(documents, Path("acme") / "bindings" / f"{platform}.yaml", _PEOPLE)
            steps.facts[f"settings, {platform}"] = len(prepared.translation.desired)
        with steps.of("review of a tenth changed, with both sides read"):
            found = review(str(folder / "acme"), str(folder / "changed" / "acme"), here=folder, today=TODAY)
        with steps.of("review as text"):
            review_as_text(found)


if __name__ == "__main__":
    grow(__file__, "an agreement with a tenth as many stages and twice as many segments", SIZES, work, unit="routes")

"""Reads what we generate with readers that others wrote: flows, Apex, queries and formulas.

    python tests/connectors/salesforce/form/form.py NODE_MODULES

Flows go through the common flow linter, Apex and SOQL through parsers of their own, and each formula is evaluated by
another implementation for drawn values and compared with ours. Exits with 1 where one of them complains of anything
that is not listed below with its reason.
"""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from sla_sync.connector.simulation import serve
from sla_sync.pipeline.apply import apply
from sla_sync.pipeline.look import look
from sla_sync.places import Place
from sla_sync_salesforce.simulator import simulator
from sla_sync_salesforce.simulator.formulas.functions import Value
from sla_sync_salesforce.simulator.formulas.reading import parse, references_in
from sla_sync_salesforce.simulator.formulas.values import evaluate, outward
from sla_sync_salesforce.simulator.identifiers import normal

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
_ZONE = ZoneInfo("America/New_York")
AGREEMENTS = (ROOT / "configs" / "acme", ROOT / "tests" / "behaviour" / "salesforce" / "living")
DRAWN = 12
"""How many sets of values each formula is evaluated with."""

ACCEPTED: Mapping[str, str] = {
    "APIVersion": "The version of the API is pinned, and newer ones change rules that nobody has looked at here.",
    "MissingFaultPath": "A save that a flow of ours cannot follow is refused as a whole and said so, not half done.",
    "SameRecordFieldUpdates": "An assignment's owner changes after it is saved, for its number is known only then.",
    "RecursiveAfterUpdate": "As above; the entry conditions end the second run.",
    "DMLStatementInLoop": "The loop looks for the one member whose turn it is and is left there: each is saved once.",
    "CyclomaticComplexity": "One flow for one object and moment keeps the order in which things happen visible.",
    "UnsafeRunningContext": "Record-triggered flows run in system context whatever they say.",
    "GetRecordAllFields": "The fields are named; the linter counts the stored record.",
    "MissingNullHandler": "What is not found leaves its field blank, which the formulas that read it ask for.",
    "HardcodedUrl": "No address stands in a flow; the linter takes the namespace of a type for one.",
}

_IDS = ("00Q5g00000aBcDe", "00Q5g00000AbCdE")
"""Ids of 15 characters, which is what the other implementation takes; they differ in their case only."""
_UNKNOWN_ELSEWHERE = ("ISCHANGED", "PRIORVALUE", "ISNEW", "VLOOKUP", "REGEX", "INCLUDES")
"""Functions that the other implementation has not, or that ask for the record before the save."""
_NAMED = re.compile(r"\{!([^}]*)\}|\$?[A-Za-z_][A-Za-z0-9_]*(?:[.:][A-Za-z_][A-Za-z0-9_]*)*")


_FORMULAS = frozenset({"formula", "errorConditionFormula", "expression", "filterFormula"})
_KINDS = {
    "Boolean": "checkbox",
    "Checkbox": "checkbox",
    "Number": "number",
    "DateTime": "datetime",
    "Date": "date",
    "Picklist": "picklist",
}


@dataclass(frozen=True)
class Drawn:
    """The values of one evaluation; a formula that asks for anything else is not comparable."""

    values: Mapping[str, Value]
    now: datetime = datetime(2026, 10, 5, 14, tzinfo=UTC)
    zone: ZoneInfo = _ZONE
    is_new: bool = False

    def value(self, name: str) -> Value:
        """Return what was drawn for a name."""
        return self.values[name]

    def prior(self, name: str) -> Value:
        """Return the same: nothing changes here."""
        return self.values[name]


def built(agreement: Path, folder: Path) -> Path:
    """Return the project that `sla-sync build` writes of an agreement."""
    out = folder / agreement.name
    command = [sys.executable, "-m", "sla_sync", "build", str(agreement), "--platform", "salesforce"]
    subprocess.run([*command, "--format", "source", "--out", str(out)], check=True, stdout=subprocess.DEVNULL)
    return out


def with_apex(folder: Path) -> Path:
    """Return a copy of the last agreement whose deadlines an Apex class computes."""
    copy = folder / "with-apex"
    shutil.copytree(AGREEMENTS[-1], copy)
    binding = copy / "bindings" / "salesforce.yaml"
    binding.write_text(binding.read_text("utf-8").replace("deadlines: calendar", "deadlines: apex"), "utf-8")
    return copy


def queries(folder: Path) -> list[str]:
    """Return every query that an apply and a plan ask."""
    home = folder / "queries"
    shutil.copytree(AGREEMENTS[-1], home)
    record = folder / "requests.jsonl"
    with serve(simulator, folder / "org", clock=datetime(2026, 10, 1, tzinfo=UTC), record=record) as running:
        targets = home / "targets.yaml"
        served = json.dumps({"url": running.url, "token": "TOKEN", "ca": str(running.ca)})
        targets.write_text(targets.read_text("utf-8").replace("simulator: true", f"simulator: {served}"), "utf-8")
        place = Place(home / "agreement.yaml", targets, folder / "state")
        environ = {"TOKEN": running.token}
        apply(place, "salesforce-simulator", environ=environ, today=date(2026, 10, 5))
        with look(place, "salesforce-simulator", environ=environ, today=date(2026, 10, 5)):
            pass
    lines = (json.loads(line) for line in record.read_text("utf-8").splitlines())
    return sorted({line["query"]["q"] for line in lines if "q" in line["query"]})


def formulas(projects: list[Path]) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Yield every formula of the fields, rules and flows of some projects, with what the names that stand there hold."""
    for project in projects:
        fields: dict[str, str] = {}
        for path in sorted(project.rglob("*.field-meta.xml")):
            root = ET.parse(path).getroot()
            fields[_said(root, "fullName")] = _KINDS.get(_said(root, "type"), "text")
        for path in sorted(project.rglob("*-meta.xml")):
            root = ET.parse(path).getroot()
            own = {_said(each, "name"): _KINDS.get(_said(each, "dataType"), "text") for each in root}
            for element in root.iter():
                if element.tag.rpartition("}")[2] in _FORMULAS:
                    yield element.text or "", {**fields, **own}


def _said(element: ET.Element, member: str) -> str:
    return element.findtext(f"{{http://soap.sforce.com/2006/04/metadata}}{member}") or ""


def comparable(formula: str) -> tuple[str, Mapping[str, str]] | None:
    """Return a formula with plain names for its references, and what each stands for; None where it is not comparable."""
    if any(f"{name}(" in formula for name in _UNKNOWN_ELSEWHERE):
        return None
    names: dict[str, str] = {}
    known = references_in(formula)

    def plain(match: re.Match[str]) -> str:
        asked = match[1] or match[0]
        if asked not in known and match[0] not in known:
            return match[0]
        return names.setdefault(asked, f"V{len(names)}__c")

    text = re.sub(
        r'("(?:\\.|[^"\\])*")|(\{!([^}]*)\}|\$?[A-Za-z_][A-Za-z0-9_]*(?:[.:][A-Za-z_][A-Za-z0-9_]*)*)',
        lambda match: match[1] or plain(_NAMED.match(match[2]) or match),
        formula,
    ).replace("NOW()", names.setdefault("NOW()", f"V{len(names)}__c") if "NOW()" in formula else "NOW()")
    return text, {plain_name: asked for asked, plain_name in names.items()}


def kind_of(name: str, formula: str, plain: str, known: Mapping[str, str]) -> str:
    """Return what a reference holds: as the project declares it, else as the platform does."""
    if f"ISPICKVAL({plain}" in formula or f"TEXT({plain})" in formula:
        return "picklist"
    if f"CASESAFEID({plain})" in formula:
        return "id"
    last = name.rpartition(".")[2]
    if name == "NOW()" or last == "CurrentDateTime":
        return "datetime"
    return known.get(name, known.get(last, "checkbox" if last.startswith(("Is", "Has")) else "text"))


def draw(random_: random.Random, kind: str, formula: str) -> Value:
    """Return a value of a kind; texts are taken from those that the formula compares with."""
    if kind == "checkbox":
        return random_.choice([True, False])
    if kind == "number":
        return Decimal(random_.choice(["0", "1", "15", "99", "100", "480", "960.5"]))
    if kind == "date":
        return date(2026, 10, 1) + timedelta(days=random_.randrange(90))
    if kind == "datetime":
        return datetime(2026, 10, 1, tzinfo=UTC) + timedelta(minutes=random_.randrange(0, 20_000, 15))
    if kind == "id":
        return random_.choice(_IDS)
    if "CASESAFEID" in formula:
        return normal(random_.choice(_IDS))
    if "VALUE(RIGHT" in formula:
        return f"SLA-{random_.randrange(1_000):06}"
    texts: list[str] = re.findall(r'"((?:\\.|[^"\\])*)"', formula)
    return random_.choice([*texts, "Something else"])


def literal(kind: str, value: Value, formula: str) -> Mapping[str, object]:
    """Return a value as the other implementation takes it."""
    if isinstance(value, date):
        return {"type": "literal", "dataType": kind, "value": value.isoformat()}
    if kind == "picklist":
        values = [*re.findall(r'"((?:\\.|[^"\\])*)"', formula), value]
        return {"type": "literal", "dataType": "picklist", "value": value, "options": {"values": values}}
    if isinstance(value, Decimal):
        return {"type": "literal", "dataType": kind, "value": float(value), "options": {"length": 14, "scale": 4}}
    kind = "text" if kind == "id" else kind
    options = {"length": 255} if kind == "text" else {}
    return {"type": "literal", "dataType": kind, "value": value, "options": options}


def cases(texts: list[tuple[str, Mapping[str, str]]]) -> Iterator[Mapping[str, object]]:
    """Yield each formula with drawn values and what ours makes of it."""
    random_ = random.Random(20261122)
    for original, known in dict(sorted(texts, key=lambda each: each[0])).items():
        found = comparable(original)
        if found is None:
            continue
        formula, names = found
        kinds = {plain: kind_of(name, formula, plain, known) for plain, name in names.items()}
        parse(formula)
        for _ in range(DRAWN):
            values = {plain: draw(random_, kind, formula) for plain, kind in kinds.items()}
            said = outward(evaluate(formula, Drawn(values)))
            expected = said.isoformat().replace("+00:00", ".000Z") if isinstance(said, datetime) else said
            given = {plain: literal(kinds[plain], value, formula) for plain, value in values.items()}
            yield {"formula": formula, "values": given, "expected": expected, "original": original}


def main(node_modules: Path) -> None:
    """Build, let the others read, and tell."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        projects = [built(each, folder) for each in (*AGREEMENTS, with_apex(folder / "copies"))]
        texts = list(formulas(projects))
        given = {
            "flows": [str(path) for each in projects for path in sorted(each.rglob("*.flow-meta.xml"))],
            "classes": [str(path) for each in projects for path in sorted(each.rglob("*.cls"))],
            "queries": queries(folder),
            "formulas": list(cases(texts)),
        }
        (folder / "given.json").write_text(json.dumps(given), "utf-8")
        shutil.copy(HERE / "check.mjs", node_modules.parent / "check.mjs")
        done = subprocess.run(
            ["node", "check.mjs", str(folder / "given.json")],  # noqa: S607 - node is where the user's PATH says
            cwd=node_modules.parent,
            capture_output=True,
            text=True,
            check=False,
        )
    if done.returncode:
        sys.exit(done.stderr)
    found = json.loads(done.stdout)
    counted = Counter(each["rule"] for each in found["violations"])
    for rule, times in counted.most_common():
        print(f"  {times:>4} × {rule}: {ACCEPTED.get(rule, 'not accepted')}")
    left = [each for each in found["violations"] if each["rule"] not in ACCEPTED]
    trouble = [f"{each['flow']}: {each['rule']} at {each['element']}" for each in left] + found["errors"]
    trouble += [
        f"{each['formula']} with {each['values']}: {each['said']}, not {each['expected']}"
        for each in found["differences"]
    ]
    if trouble:
        sys.exit("\n".join(trouble[:40]))
    whole = len(dict(texts))
    print(
        f"Read by others without a complaint: {json.dumps(found['counts'])}; {whole} formulas, {DRAWN} evaluations each."
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())

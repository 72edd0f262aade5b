"""Rules and findings of every severity, some with texts that a format must not take for its own signs."""

from __future__ import annotations

from pathlib import Path

from sla_sync.diagnostics import Diagnostic, Location, Severity
from sla_sync.lint.remarks import Needs, Rule

AGREEMENT = "configs/acme/agreement.yaml"
RULES = (
    Rule("SLA100", Severity.ERROR, "The file is YAML.", needs=Needs.READING),
    Rule("SLA102", Severity.ERROR, "Every word is defined.", because="Else nobody knows.", bad="by: x", good="by: y"),
    Rule("SLA203", Severity.WARNING, "Every stage says what it means."),
    Rule("SLA503", Severity.ERROR, "Every team has somebody.", needs=Needs.LIVE),
    Rule("SLA801", Severity.ERROR, "Every stage is bound."),
)
ERROR = Diagnostic(
    "SLA102",
    Severity.ERROR,
    "Lead 'mql' is owned by 'sdr', which is <no> role & 100% wrong.",
    ("stages", "mql", "accountable"),
    Location(AGREEMENT, 12, 5),
    "Define the role, or name one of: vp_sales.",
)
WARNING = Diagnostic(
    "SLA203", Severity.WARNING, "Stage 'sal' says nothing.", ("stages", "sal"), Location(AGREEMENT, 20, 3)
)
NOTE = Diagnostic(
    "SLA103", Severity.INFORMATION, "`a,b:\x1b[31m` is undecided.", (), Location("two words/é.yaml", 1, 1)
)
BOUND = Diagnostic(
    "SLA801", Severity.ERROR, "Stage 'mql' is not bound.", ("stages",), Location("bindings/sf.yaml", 5, 1)
)
FOUND = (ERROR, WARNING, NOTE, BOUND)
FOLDER = Path(__file__).parent

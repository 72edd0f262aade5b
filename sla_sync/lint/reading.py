"""What is found while the documents are read: the rules of the loader, which has its own checks."""

from __future__ import annotations

from sla_sync.diagnostics import Severity
from sla_sync.lint.remarks import Needs, Rule

RULES: tuple[Rule, ...] = (
    Rule(
        "SLA100",
        Severity.ERROR,
        "The file is text that every YAML tool reads in the same way.",
        because="A key that stands twice, a tag or a merge key means one thing here and another thing elsewhere, and the "
        "parties sign only one of them.",
        bad="goal: {target: 1500000}\ngoal: {target: 1800000}",
        good="goal: {target: 1800000}",
        needs=Needs.READING,
    ),
    Rule(
        "SLA101",
        Severity.ERROR,
        "Every key is one that the language knows.",
        because="A key with a slip of the pen would be ignored in silence, and so would what it promises.",
        bad="goal: {owner: vp_sales, targett: 1500000}",
        good="goal: {owner: vp_sales, target: 1500000}",
        needs=Needs.READING,
    ),
    Rule(
        "SLA106",
        Severity.ERROR,
        "Every file that a document names is there; what is included lies in the folder of the agreement, and not in a circle.",
        because="What both parties sign has to stand in one folder that both can read.",
        bad="include: [../elsewhere/scoring.yaml]",
        good="include: [scoring.yaml]",
        needs=Needs.READING,
    ),
    Rule(
        "SLA107",
        Severity.ERROR,
        "Each section stands in one file only.",
        because="Two files that say the same key differently leave open which of them was agreed.",
        bad="include: [scoring.yaml, older-scoring.yaml]   # both have the section `scoring`",
        good="include: [scoring.yaml]",
        needs=Needs.READING,
    ),
    Rule(
        "SLA108",
        Severity.ERROR,
        "A binding or a targets file alters no agreed term.",
        because="A number that one system may overrule is not agreed; each platform would follow its own promise.",
        bad="# in a binding\nmetadata: {name: acme-salesforce, agreement: acme-inbound, connector: salesforce}\n"
        "threshold: 90",
        good="# in a binding\nmetadata: {name: acme-salesforce, agreement: acme-inbound, connector: salesforce}",
        needs=Needs.READING,
    ),
    Rule(
        "SLA109",
        Severity.WARNING,
        "The document is written in the present version of the language.",
        because="The previous version stays readable for one release, and not for ever.",
        bad="apiVersion: sla-sync/v1beta1",
        good="apiVersion: sla-sync/v1",
        needs=Needs.READING,
    ),
    Rule(
        "SLA902",
        Severity.ERROR,
        "No file holds a secret.",
        because="What is committed once is read by everybody who has ever cloned the repository.",
        bad="# in the targets file\ntargets: {production: {connector: hubspot, token: the-token-itself}}",
        good="# in the targets file\ntargets: {production: {connector: hubspot, token: HUBSPOT_TOKEN}}",
        needs=Needs.READING,
    ),
)

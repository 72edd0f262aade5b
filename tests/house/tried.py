"""What every command was tried on, and a test that does it: a table for docs/verified.md."""

from __future__ import annotations

from collections.abc import Mapping

PLATFORMS: Mapping[str, str] = {
    "both": "both simulators",
    "hubspot": "the HubSpot simulator; Salesforce keeps its own time",
    "files": "files only; it speaks to no platform",
    "forge": "a local double of GitHub and GitLab",
    "channels": "a channel on loopback; chats and mail were never sent to",
    "engine": "histories exported from both simulators, and made-up ones, on DuckDB",
    "warehouse": "DuckDB; other warehouses' SQL is compiled and was run nowhere",
}

COMMANDS: Mapping[str, tuple[str, str]] = {
    "accept": ("both", "tests/cli/test_accept.py"),
    "adopt": ("both", "tests/adopting/test_adopt_command.py"),
    "apply": ("both", "tests/cli/test_main_job.py"),
    "remove": ("both", "tests/connectors/salesforce/test_remove.py"),
    "baseline": ("engine", "tests/cli/test_baseline.py"),
    "build": ("files", "tests/connectors/salesforce/test_build.py"),
    "clock": ("hubspot", "tests/cli/test_clock.py"),
    "codeowners": ("files", "tests/cli/test_ownership.py"),
    "comment": ("forge", "tests/forge/test_comments.py"),
    "consistency": ("both", "tests/cli/test_consistency.py"),
    "coverage": ("files", "tests/cli/test_commands.py"),
    "demo": ("both", "tests/cli/test_demo.py"),
    "dispute": ("engine", "tests/pipeline/test_disputes.py"),
    "doctor": ("both", "tests/cli/test_asking.py"),
    "drift": ("both", "tests/cli/test_main_job.py"),
    "explain": ("files", "tests/explain/test_explain_command.py"),
    "export": ("both", "tests/cli/test_export.py"),
    "fmt": ("files", "tests/cli/test_authoring.py"),
    "forecast": ("engine", "tests/cli/test_forecast.py"),
    "init": ("files", "tests/cli/test_authoring.py"),
    "notify": ("channels", "tests/pipeline/test_notices.py"),
    "plan": ("both", "tests/cli/test_main_job.py"),
    "replay": ("engine", "tests/cli/test_replay.py"),
    "report": ("engine", "tests/cli/test_report.py"),
    "review": ("both", "tests/cli/test_review.py"),
    "rules": ("files", "tests/cli/test_commands.py"),
    "schema": ("files", "tests/cli/test_commands.py"),
    "sign": ("files", "tests/cli/test_signing.py"),
    "simulator": ("both", "tests/cli/test_simulator_clock.py"),
    "sql": ("warehouse", "tests/attainment/test_writing.py"),
    "upgrade": ("files", "tests/authoring/test_upgrade.py"),
    "validate": ("files", "tests/cli/test_bad_input.py"),
    "why": ("both", "tests/cli/test_asking.py"),
}

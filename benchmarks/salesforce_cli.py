"""The official CLI of Salesforce beside a served org: where `make official-cli` puts it, and the environment in which it runs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from sla_sync.connector.simulation import Running

SF = Path(__file__).resolve().parents[1] / "build" / "official-cli" / "node_modules" / ".bin" / "sf"


def signed_in(sf: Path, folder: Path, project: Path, running: Running) -> Mapping[str, str]:
    """Sign the CLI in to a served org under the name `org`, and return the environment in which it then runs."""
    home = folder / "home"
    home.mkdir()
    environment = environment_of(sf, home, running)
    asked = ("org", "login", "access-token", "--instance-url", running.url, "--no-prompt", "--alias", "org")
    subprocess.run([str(sf), *asked], cwd=project, env=environment, check=True, capture_output=True)
    return environment


def environment_of(sf: Path, home: Path, running: Running) -> Mapping[str, str]:
    """Return the environment in which the CLI trusts a served org, asks nobody and phones nobody else."""
    return {
        "PATH": os.pathsep.join([str(sf.parent), os.environ["PATH"]]),
        "HOME": str(home),
        "NODE_EXTRA_CA_CERTS": str(running.ca),
        "SF_ACCESS_TOKEN": running.token,
        "SF_DISABLE_TELEMETRY": "true",
        "SF_AUTOUPDATE_DISABLE": "true",
        "SF_SKIP_NEW_VERSION_CHECK": "true",
        "SF_USE_GENERIC_UNIX_KEYCHAIN": "true",
        "SF_USE_PROGRESS_BAR": "false",
        "NO_COLOR": "1",
        "CI": "true",
    }

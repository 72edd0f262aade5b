"""An org in which a translation was deployed: once for the same package, and copied for each test that asks for it."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sla_sync.connector import Desired, Manifest, Translation
from sla_sync_salesforce.build import build_package
from sla_sync_salesforce.package import zipped
from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.organization import Switches
from sla_sync_salesforce.simulator.packages import jobs
from tests.connectors.salesforce.simulator.live import Live, live


def copied(data: Path, made: Callable[..., Live], *asked: Any, **conduct: Any) -> Live:
    """Return an org that nobody else has, as `made` makes it of what is asked and of the conduct of the platform.

    The first caller waits for a deployment, all others for a copy. `made` is a function of a module, and takes the
    folder of the org first.
    """
    organization = pickle.loads(_kept(pickle.dumps((made, asked, conduct))))  # noqa: S301 - written by this process
    return Live(Desk(organization, data, Switches(**conduct)))


@cache
def _kept(wanted: bytes) -> bytes:
    made, asked, conduct = pickle.loads(wanted)  # noqa: S301 - written by this process
    with TemporaryDirectory() as folder:
        return pickle.dumps(made(Path(folder), *asked, **conduct).desk.organization)


def deployed(data: Path, translation: Translation, join: Callable[[Live, Desired], None], **conduct: Any) -> Live:
    """Return an org in which a translation was deployed, and each of its settings that is a record was joined."""
    org = live(data, **conduct)
    tree = build_package(translation, Manifest("digest", {}))
    package = {path.removeprefix("src/"): content for path, content in tree.items() if path.startswith("src/")}
    options = {**jobs.DEFAULTS, "rollbackOnError": True, "singlePackage": True}
    job = jobs.start(org.desk, zipped(package), options, org.admin)
    jobs.finish_all(org.desk)
    report = jobs.report(org.desk, jobs.find(org.desk, job.id), details=True)
    problems = [(each["fullName"], each["problem"]) for each in report["details"]["componentFailures"]]
    assert report["status"] == "Succeeded", problems
    for each in translation.desired:
        join(org, each)
    return org

"""Deployments as jobs: accepted, carried out when polled for or when the next request comes, reported, quick-deployed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sla_sync.connector.simulation import write_atomically
from sla_sync_salesforce.simulator.desk import Desk
from sla_sync_salesforce.simulator.identifiers import normal
from sla_sync_salesforce.simulator.kinds import apex_class
from sla_sync_salesforce.simulator.organization import Deploy, Organization, User
from sla_sync_salesforce.simulator.packages.deployment import carry_out, failure
from sla_sync_salesforce.simulator.packages.package import MANIFEST, Package, UnreadableZipError, read_package, read_zip
from sla_sync_salesforce.simulator.refusals import RefusedError, not_implemented

DEFAULTS = {
    "allowMissingFiles": False,
    "autoUpdatePackage": False,
    "checkOnly": False,
    "ignoreWarnings": False,
    "performRetrieve": False,
    "purgeOnDelete": False,
    "rollbackOnError": False,
    "runTests": [],
    "singlePackage": False,
    "testLevel": None,
}
_OPEN = ("Pending", "InProgress")
_POLLS = {1: "Pending", 2: "InProgress"}
_QUICK_DAYS = 10
_SPECIFIED = "RunSpecifiedTests"
_RAN_TESTS = ("RunLocalTests", "RunAllTestsInOrg", _SPECIFIED)


def start(desk: Desk, content: bytes, options: dict[str, Any], user: User) -> Deploy:
    """Accept a package; nothing of it is looked at yet."""
    allow(user)
    for option in ("autoUpdatePackage", "performRetrieve"):
        if options[option]:
            raise not_implemented(f"The deploy option {option}")
    _require_tests(options)
    organization = desk.organization
    deploy = Deploy(
        organization.new_id("Deploy"), user.id, organization.instant, {**DEFAULTS, **options}, organization.deployments
    )
    organization.deploys[deploy.id] = deploy
    path = desk.zip_of(deploy.id)
    path.parent.mkdir(exist_ok=True)
    write_atomically(path, content, lasting=False)
    desk.keep()
    return deploy


def _require_tests(options: Mapping[str, Any]) -> None:
    """Refuse a request whose level and names of tests do not belong together."""
    named, level = bool(options["runTests"]), options["testLevel"]
    if named != (level == _SPECIFIED):
        text = f"runTests can be used only with a testLevel of {_SPECIFIED}, which needs at least one test"
        raise RefusedError("INVALID_OPERATION", text)


def allow(user: User) -> None:
    """Refuse the Metadata API to those who may not change the org."""
    if not user.administrator:
        raise RefusedError(
            "INSUFFICIENT_ACCESS",
            "use of the Metadata API requires a user with the ModifyAllData or ModifyMetadata permissions",
            status=403,
        )


def find(desk: Desk, identity: str) -> Deploy:
    """Return a deployment by id."""
    deploy = desk.organization.deploys.get(normal(identity))
    if deploy is None:
        raise RefusedError(
            "INVALID_CROSS_REFERENCE_KEY", f"no deploy request with the id {identity} exists", status=404
        )
    return deploy


def poll(desk: Desk, identity: str) -> Deploy:
    """Return a deployment as it stands: Pending, then InProgress, then carried out.

    Documented: an org carries out one deployment at a time, and the others wait in the order in which they came. Time passes
    here when somebody asks, so asking for one that waits moves the one before it.
    """
    deploy = find(desk, identity)
    if deploy.status not in _OPEN:
        return deploy
    first = next(each for each in desk.organization.deploys.values() if each.status in _OPEN)
    first.polls += 1
    if first.polls in _POLLS:
        first.status = _POLLS[first.polls]
    else:
        _run(desk, first)
    return find(desk, identity)


def finish_all(desk: Desk) -> None:
    """Carry out whatever waits: other requests find the org as it is afterwards."""
    waiting = [each for each in desk.organization.deploys.values() if each.status in _OPEN]
    for deploy in waiting:
        _run(desk, deploy)


def cancel(desk: Desk, identity: str, user: User) -> Deploy:
    """Cancel a deployment that has not been carried out."""
    deploy = find(desk, identity)
    if deploy.status not in _OPEN:
        raise RefusedError("INVALID_ID_FIELD", f"Deployment {identity} is already completed.")
    deploy.status, deploy.canceled_by = "Canceled", user.id
    deploy.completed_at = desk.organization.instant
    desk.discard(deploy.id)
    desk.keep()
    return deploy


def fail(desk: Desk, deploy: Deploy, why: str) -> None:
    """End a deployment that has not been carried out, for a reason of the org's own."""
    deploy.status, deploy.error, deploy.completed_at = "Failed", why, desk.organization.instant
    desk.discard(deploy.id)
    desk.keep()


def quick_deploy(desk: Desk, identity: str, user: User) -> Deploy:
    """Deploy what a validation checked.

    Documented: it must have succeeded within ten days, with tests run, and any deployment since voids it
    ("Quick Deployments"). Inferred: in an org without Apex, RunLocalTests counts as tests that ran.
    """
    allow(user)
    validation = desk.organization.deploys.get(normal(identity))
    why = _not_quick(desk, validation)
    if validation is None or why:
        raise RefusedError("INVALID_ID_FIELD", f"The validation {identity} cannot be deployed: {why}", status=404)
    options = {**validation.options, "checkOnly": False, "testLevel": None, "runTests": []}
    return start(desk, desk.zip_of(validation.id).read_bytes(), options, user)


def _not_quick(desk: Desk, validation: Deploy | None) -> str:
    if validation is None:
        return "there is no such validation"
    if not validation.options["checkOnly"]:
        return "it was not a validation"
    if validation.status != "Succeeded":
        return f"its status is {validation.status}"
    if not validation.tests:
        return "no tests ran"
    if validation.sequence != desk.organization.deployments:
        return "something was deployed since"
    # Instants of the state always end in Z, which fromisoformat reads.
    age = desk.organization.now - datetime.fromisoformat(validation.completed_at or "")
    return f"it is older than {_QUICK_DAYS} days" if age > timedelta(days=_QUICK_DAYS) else ""


def _run(desk: Desk, deploy: Deploy) -> Deploy:
    options, path = deploy.options, desk.zip_of(deploy.id)
    try:
        files = read_zip(path.read_bytes())
    except UnreadableZipError as error:
        fail(desk, deploy, str(error))
        return deploy
    package = read_package(
        files, desk.schema, single=options["singlePackage"], allow_missing=options["allowMissingFiles"]
    )
    result = carry_out(
        package, desk.organization, deploy.user, desk.switches, ignore_warnings=options["ignoreWarnings"]
    )
    failures = [] if result.failures else _test_failures(options, package, result.organization)
    result.messages.extend(failures)
    succeeded = any(each["success"] for each in result.messages) and not failures
    if not result.failures:
        status = "Succeeded"
    else:
        status = "SucceededPartial" if succeeded and not options["rollbackOnError"] else "Failed"
    commits = status != "Failed" and not options["checkOnly"]
    if commits:
        desk.organization = result.organization
        if result.changes:
            desk.organization.deployments += 1
        deploy = desk.organization.deploys[deploy.id]
    deploy.status, deploy.messages, deploy.completed_at = status, result.messages, desk.organization.instant
    deploy.tests = options["testLevel"] in _RAN_TESTS
    deploy.sequence = desk.organization.deployments
    if not (options["checkOnly"] and status == "Succeeded"):
        desk.discard(deploy.id)
    if commits and result.changes:
        desk.changed()
    else:
        desk.keep()
    return deploy


def _test_failures(options: Mapping[str, Any], package: Package, organization: Organization) -> list[dict[str, Any]]:
    """Return why the named tests did not pass, as messages about the package.

    Documented: each deployed class must be covered to 75 percent by the named tests. Inferred: the texts. No Apex runs here:
    the tests that come with the known classes cover them wholly and pass.
    """
    if options["testLevel"] != _SPECIFIED:
        return []
    names: list[str] = options["runTests"]
    problems = [
        f"The test class {name} cannot be found, or holds no tests"
        for name in names
        if name not in organization.of("ApexClass") or name not in apex_class.TESTS
    ]
    brought = [each.full_name for each in package.components if each.type == "ApexClass"]
    problems += [
        f"Test coverage of selected Apex Class is 0%, at least 75% test coverage is required: {name}"
        for name in brought
        if name not in apex_class.TESTS and f"{name}Test" not in names
    ]
    return [failure("ApexClass", "", MANIFEST, text, organization) for text in problems]


def report(desk: Desk, deploy: Deploy, *, details: bool) -> dict[str, Any]:
    """Return a deployment as a DeployResult."""
    done = deploy.status not in _OPEN
    ran = len(deploy.options["runTests"]) if done and deploy.tests and not deploy.error else 0
    counted = [each for each in deploy.messages if each["componentType"] or not each["success"]]
    failed = [each for each in counted if not each["success"]]
    answer: dict[str, Any] = {
        "checkOnly": deploy.options["checkOnly"],
        "createdBy": deploy.user[:15],
        "createdByName": desk.organization.user(deploy.user).name,
        "createdDate": deploy.created_at,
        "done": done,
        "id": deploy.id,
        "ignoreWarnings": deploy.options["ignoreWarnings"],
        "lastModifiedDate": deploy.completed_at or deploy.created_at,
        "numberComponentErrors": len(failed),
        "numberComponentsDeployed": len(counted) - len(failed),
        "numberComponentsTotal": len(counted),
        "numberTestErrors": 0,
        "numberTestsCompleted": ran,
        "numberTestsTotal": len(deploy.options["runTests"]),
        "rollbackOnError": deploy.options["rollbackOnError"],
        "runTestsEnabled": deploy.tests,
        "status": deploy.status,
        "success": deploy.status == "Succeeded",
    }
    if deploy.canceled_by:
        answer["canceledBy"] = deploy.canceled_by
        answer["canceledByName"] = desk.organization.user(deploy.canceled_by).name
    if deploy.completed_at:
        answer |= {"startDate": deploy.created_at, "completedDate": deploy.completed_at}
    if deploy.error:
        answer |= {"errorMessage": deploy.error, "errorStatusCode": "UNKNOWN_EXCEPTION"}
    if details:
        # Documented: a warning stands among the failures only where it fails the deployment.
        answer["details"] = {
            "componentFailures": [each for each in deploy.messages if not each["success"]],
            "componentSuccesses": [each for each in deploy.messages if each["success"]],
            "runTestResult": {"numFailures": 0, "numTestsRun": ran, "totalTime": 0.0},
        }
    return answer

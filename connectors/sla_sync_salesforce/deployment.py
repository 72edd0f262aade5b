"""How a deployment ended: what the org says of each component, as outcomes of changes in whole sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from sla_sync.connector import Action, Address, Change, Outcome, RejectedError, Status, Value
from sla_sync_salesforce.containers import RULE
from sla_sync_salesforce.package import manifest_type
from sla_sync_salesforce.problems import explained
from sla_sync_salesforce.types import CONTAINERS

# What refers to others, before what is referred to.
_DELETED_FIRST = (
    "Dashboard",
    "Report",
    "ReportType",
    "ListView",
    "ValidationRule",
    "DashboardFolder",
    "ReportFolder",
    "AssignmentRule",
    "PermissionSet",
    "CustomNotificationType",
    "ApexClass",
    "CustomMetadata",
    "CustomPermission",
    "Queue",
    "CustomField",
    "CustomObject",
    "Group",
)
_RULES_OF = "Lead."
"""A rule is named with its object in a list of what is taken away, and without in the file of all rules.

Inferred: a deployment may take away an assignment rule that is switched on, with all entries in it.
"""


def deletions(changes: Sequence[Change]) -> list[tuple[str, str]]:
    """Return what a deployment takes away, (type, full name) each: nothing before what refers to it."""
    deleted = [each for each in changes if each.action is Action.DELETE and each.address.type in _DELETED_FIRST]
    fields = {each.address: _formula(each) for each in deleted}
    needed_by: TopologicalSorter[Address] = TopologicalSorter()
    for address in fields:
        name = address.key.rpartition(".")[2]
        needed_by.add(address, *(other for other, words in fields.items() if other != address and name in words))
    order = {address: place for place, address in enumerate(needed_by.static_order())}
    return [
        (address.type, _RULES_OF + address.key if address.type == RULE else address.key)
        for address in sorted(fields, key=lambda each: (_DELETED_FIRST.index(each.type), order[each]))
    ]


def _formula(change: Change) -> frozenset[str]:
    text = change.live.values.get("formula") if change.live else None
    return frozenset(re.findall(r"\w+", text)) if isinstance(text, str) else frozenset()


@dataclass(frozen=True)
class Failure:
    """One component that the org refused."""

    type: str
    name: str
    sentence: str


def _messages(result: Mapping[str, Value], member: str) -> Iterator[Mapping[str, Value]]:
    details = result.get("details")
    found = details.get(member) if isinstance(details, Mapping) else None
    yield from (each for each in (found if isinstance(found, list) else ()) if isinstance(each, Mapping))


def created_ids(result: Mapping[str, Value]) -> Mapping[tuple[str, str], str]:
    """Return (type, full name) → id of what a deployment brought."""
    return {
        (str(each.get("componentType")), str(each.get("fullName"))): str(each["id"])
        for each in _messages(result, "componentSuccesses")
        if each.get("id")
    }


def failures_of(result: Mapping[str, Value]) -> Iterator[Failure]:
    """Yield the components that the org refused, each in a sentence with its file and line."""
    for each in _messages(result, "componentFailures"):
        line = each.get("lineNumber")
        where = f" ({each.get('fileName')}, line {line})" if line else f" ({each.get('fileName')})"
        yield Failure(
            str(each.get("componentType") or "file"),
            str(each.get("fullName")),
            explained(str(each.get("problem")), where),
        )
    details = result.get("details")
    tested = details.get("runTestResult") if isinstance(details, Mapping) else None
    if isinstance(tested, Mapping):
        yield from _of_tests(tested)


def _of_tests(tested: Mapping[str, Value]) -> Iterator[Failure]:
    """Yield the Apex tests that failed, and the classes that they run through too little."""
    for member in ("failures", "codeCoverageWarnings", "flowCoverageWarnings"):
        found = tested.get(member)
        for each in found if isinstance(found, list) else ():
            if isinstance(each, Mapping):
                method = f".{each.get('methodName')}" if each.get("methodName") else ""
                name = str(each.get("name") or each.get("flowName") or "")
                yield Failure("ApexClass", name, explained(str(each.get("message")), f" (test {name}{method})"))


def _concerns(failure: Failure, address: Address) -> bool:
    container = CONTAINERS.get(address.type)
    if container is not None:
        return failure.name in {container.key, f"{container.key}.{address.key.partition('/')[0]}"}
    same_type = failure.type in {address.type, manifest_type(address.type), "file", ""}
    return same_type and failure.name in {address.key, address.key.partition(".")[2]}


def refusals(changes: Sequence[Change], result: Mapping[str, Value]) -> Iterator[Outcome]:
    """Yield the outcomes of a deployment that was rolled back: what was refused failed, everything else was skipped.

    Documented: an org saves all or nothing where it is asked to roll back. One that says it saved a part is believed.
    """
    failures = tuple(failures_of(result))
    status = _ending(result)
    partly = result.get("status") == _PARTLY
    named = {failure for failure in failures if any(_concerns(failure, change.address) for change in changes)}
    others = "; ".join(f"{each.type} {each.name}: {each.sentence}" for each in failures if each not in named)
    for change in changes:
        own = [each.sentence for each in failures if _concerns(each, change.address)]
        if own:
            yield Outcome(change, Status.FAILED, f"Salesforce refused {change.address}: {'; '.join(own)}")
        elif partly:
            yield Outcome(
                change, Status.UNKNOWN, "Salesforce saved a part of the deployment only: plan again to see which."
            )
        elif named:
            yield Outcome(
                change, Status.SKIPPED, "Salesforce refused another part of the deployment and saved nothing."
            )
        else:
            yield Outcome(change, Status.FAILED, f"Salesforce did not carry out the deployment: {others or status}")


_PARTLY, _CANCELLED = "SucceededPartial", "Canceled"


def _ending(result: Mapping[str, Value]) -> str:
    """Return why a deployment that names no component ended without success."""
    if result.get("status") == _CANCELLED:
        return f"{result.get('canceledByName') or 'somebody'} cancelled it before it was carried out."
    return str(result.get("errorMessage") or result.get("status"))


def refused_manifest(target: str, result: Mapping[str, Value]) -> RejectedError:
    """Return the error of a deployment that carried only the manifest."""
    why = "; ".join(f"{each.type} {each.name}: {each.sentence}" for each in failures_of(result))
    return RejectedError(
        f"Salesforce ({target}) refused the manifest: {why or _ending(result)}",
        call="deploy of the Metadata API",
        hint="Look at Setup > Deployment Status.",
    )

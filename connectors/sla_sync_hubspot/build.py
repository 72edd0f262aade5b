"""The requests that give a portal what the agreement needs, as files for a team that sends them by its own pipeline."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sla_sync.connector import Address, Desired, Manifest, Ref, Translation, Value
from sla_sync_hubspot.ledger import ledger_property
from sla_sync_hubspot.names import CONTACTS, OBJECT_TYPE_IDS, split_key, split_option
from sla_sync_hubspot.paths import LIFECYCLE_STAGES, OPEN_STAGE, PATHS, Api
from sla_sync_hubspot.types import (
    LIFECYCLE_STAGE,
    OWNER,
    PIPELINE,
    PROPERTY,
    PROPERTY_GROUP,
    PROPERTY_OPTION,
    SEGMENT,
    TEAM,
    USER,
    VALIDATION,
    WORKFLOW,
)

_ORDER = (PROPERTY_GROUP, PROPERTY, PROPERTY_OPTION, VALIDATION, LIFECYCLE_STAGE, PIPELINE, SEGMENT, WORKFLOW)
_LAST = -1
_PROPERTIES, _LISTS, _FLOWS = PATHS[Api.PROPERTIES], PATHS[Api.LISTS], PATHS[Api.FLOWS]


def build_json(translation: Translation, manifest: Manifest) -> Mapping[str, bytes]:
    """Return one file per request, numbered in the order in which they must be sent, and a README."""
    requests = [*_requests(translation), _manifest_request(translation, manifest)]
    width = max(2, len(str(len(requests))))
    files = {
        f"{number:0{width}}-{_file_name(title)}.json": _json(request)
        for number, (title, request) in enumerate(requests, start=1)
    }
    return {**files, "README.md": _readme(translation, requests).encode()}


def _requests(translation: Translation) -> Iterator[tuple[str, dict[str, Any]]]:
    options: dict[str, list[Desired]] = {}
    for type_name in _ORDER:
        for each in translation.desired:
            if each.address.type != type_name:
                continue
            if type_name == PROPERTY_OPTION:
                options.setdefault(split_option(each.address.key)[0], []).append(each)
            elif type_name == VALIDATION:
                yield _validation(each)
            elif type_name == PIPELINE:
                yield _pipeline(each)
            else:
                yield _creation(each)
        if type_name == PROPERTY_OPTION:
            yield from (_options_request(container, group) for container, group in options.items())


def _validation(desired: Desired) -> tuple[str, dict[str, Any]]:
    container, rule = split_option(desired.address.key)
    owner, name = split_key(container)
    path = f"{PATHS[Api.VALIDATIONS]}/{OBJECT_TYPE_IDS[owner]}/{name}/rule-type/{rule}"
    return f"{VALIDATION} {name} {rule}", _request("PUT", path, _plain(desired.values))


def _pipeline(desired: Desired) -> tuple[str, dict[str, Any]]:
    owner, identifier = split_key(desired.address.key)
    said = _plain(desired.values)
    stages = [{**each, "metadata": {}} for each in said["stages"]]
    body = {**said, "pipelineId": identifier, "displayOrder": 1, "stages": stages}
    return f"{PIPELINE} {identifier}", _request("POST", f"{PATHS[Api.PIPELINES]}/{OBJECT_TYPE_IDS[owner]}", body)


def _creation(desired: Desired) -> tuple[str, dict[str, Any]]:
    type_name = desired.address.type
    whole = type_name in {WORKFLOW, LIFECYCLE_STAGE}
    owner, name = ("", desired.address.key) if whole else split_key(desired.address.key)
    path, named = _CREATIONS[type_name]
    parts = {"name": name, "objectTypeId": owner}
    body: dict[str, Any] = {named: parts[named]} if named else {}
    if type_name == LIFECYCLE_STAGE:
        body = {"displayOrder": _LAST, "metadata": dict(OPEN_STAGE)}
    return f"{type_name} {name}", _request("POST", path.format(owner=owner), {**body, **_plain(desired.values)})


_CREATIONS: Mapping[str, tuple[str, str | None]] = {
    PROPERTY_GROUP: (f"{_PROPERTIES}/{{owner}}/groups", "name"),
    PROPERTY: (f"{_PROPERTIES}/{{owner}}", "name"),
    SEGMENT: (_LISTS, "objectTypeId"),
    WORKFLOW: (_FLOWS, None),
    LIFECYCLE_STAGE: (f"{PATHS[Api.PIPELINES]}{LIFECYCLE_STAGES}", None),
}
"""Type → path, and which part of the address the body repeats beside the values."""


def _options_request(container: str, wanted: list[Desired]) -> tuple[str, dict[str, Any]]:
    options = [
        {"value": split_option(each.address.key)[1], "displayOrder": _LAST, **_plain(each.values)} for each in wanted
    ]
    request = _request("PATCH", f"{_PROPERTIES}/{container}", {"options": options})
    note = "This call replaces the whole list: send the options that the portal has now together with these."
    return f"options {split_key(container)[1]}", {"note": note, **request}


def _manifest_request(translation: Translation, manifest: Manifest) -> tuple[str, dict[str, Any]]:
    body = ledger_property(translation.agreement, manifest)
    note = f"If the property exists already, send its options with PATCH to {_PROPERTIES}/{CONTACTS}/{body['name']}."
    return "manifest", {"note": note, **_request("POST", f"{_PROPERTIES}/{CONTACTS}", body)}


def _request(method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    return {"method": method, "path": path, "body": body}


def _plain(value: Value) -> Any:
    """Return a value as JSON can say it; a reference becomes a placeholder that names what to put there."""
    if isinstance(value, Ref):
        return placeholder(value.address)
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value


def placeholder(address: Address) -> str:
    """Return what stands in a file where an id belongs that only the portal knows."""
    noun = _NOUNS.get(address.type, "setting")
    name = split_key(address.key)[1] if address.type == SEGMENT else address.key
    return f"{{{{ {noun} id of {name} }}}}"


_NOUNS: Mapping[str, str] = {
    SEGMENT: "list", WORKFLOW: "workflow", LIFECYCLE_STAGE: "lifecycle stage", OWNER: "owner", USER: "user", TEAM: "team",
}  # fmt: skip
"""What bears an id that a setting may refer to, as its API calls it."""


def _file_name(text: str) -> str:
    return re.sub(r"[^a-z0-9_]+", "-", text.lower()).strip("-")[:80]


def _json(value: Any) -> bytes:
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def _readme(translation: Translation, requests: list[tuple[str, dict[str, Any]]]) -> str:
    steps = "".join(f"{number}. {gap.advice}\n" for number, gap in enumerate(translation.gaps, start=1))
    manual = f"\n## By hand\n\nHubSpot has no API for these.\n\n{steps}" if steps else ""
    return f"""# {translation.agreement} on HubSpot

{len(requests)} requests, in the order of their numbers. Each file holds `method`, `path` and `body`; send the body as
JSON to https://api.hubapi.com with the token of a private app.

- `{{{{ list id of … }}}}` stands for an id that HubSpot answers when the list of that name is created: put it there.
  `{{{{ owner id of … }}}}`, `{{{{ user id of … }}}}` and `{{{{ team id of … }}}}` stand for people of your portal: GET
  {PATHS[Api.OWNERS]} tells `id` and `userId` of each owner, GET {PATHS[Api.USERS]}/teams the teams.
- A request that creates something is answered 409 or 400 where it exists already. Read it then, and change what
  differs; `sla-sync apply` does that by itself.
- A workflow stands here switched on. Create it with `"isEnabled": false`, read it until `crmObjectCreationStatus` is
  `COMPLETE`, then send it with PUT and its `revisionId`.
- The last file is the manifest, by which `sla-sync drift` knows what was applied.
{manual}"""

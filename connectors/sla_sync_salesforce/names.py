"""Names on Salesforce: how an agreed name becomes a developer name, and what the platform allows."""

from __future__ import annotations

import hashlib
import re

NAME_LIMIT = 40
"""Characters of a developer name without its `__c` (Salesforce Object Reference, "Custom Fields")."""
LABEL_LIMIT = 40
HELP_LIMIT = 510
FIELD_DESCRIPTION_LIMIT = 1000
DESCRIPTION_LIMIT = 255
"""Validation rules, permission sets and reports allow less than fields and flows."""
MESSAGE_LIMIT = 255
STATIC_PREFIX = "SLA_"
"""What belongs to the tool itself keeps this prefix whatever the binding says, so that it is always found again."""
LOCK_NAME = f"{STATIC_PREFIX}Sync_Lock"


def developer_name(prefix: str, *names: str) -> str:
    """Return `SLA_Due_At` for `SLA_` and `due_at`; one that is too long is cut and ends with four digits of its digest."""
    agreed = "_".join(names)
    words = re.findall(r"[A-Za-z0-9]+", agreed)
    name = prefix + "_".join(word[:1].upper() + word[1:] for word in words)
    if len(name) <= NAME_LIMIT and words:
        return name
    digest = hashlib.sha256(agreed.encode()).hexdigest()[:4]
    return f"{name[: NAME_LIMIT - 5].rstrip('_')}_{digest}"


def manifest_name(agreement: str) -> str:
    """Return the name of the static resource that keeps the manifest of an agreement."""
    return developer_name(f"{STATIC_PREFIX}Sync_Manifest_", agreement.lower())


def prefix_of(key: str) -> str:
    """Return the prefix of a developer name inside a key: `SLA_` of `Lead.SLA_Due_At__c`."""
    last = re.split(r"[./]", key)[-1]
    head, underscore, _ = last.partition("_")
    return head + underscore


def shorten(text: str, limit: int) -> str:
    """Return a text of at most `limit` characters; what was cut off shows as an ellipsis."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def words(name: str) -> str:
    """Return a name as people read it: `Next step` for `next_step`."""
    text = re.sub(r"[_-]+", " ", name).strip()
    return text[:1].upper() + text[1:]

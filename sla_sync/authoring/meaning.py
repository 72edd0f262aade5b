"""What two texts of one document must share, so that the one may replace the other."""

from __future__ import annotations

import json
from collections.abc import Mapping

import yaml

from sla_sync.agreement.characters import checked
from sla_sync.agreement.compose import compose
from sla_sync.authoring.tokens import comments


def said(text: str) -> Mapping[str, str] | None:
    """Return what each section of a text says, spelled in one way; None where the text cannot be read.

    The order of the sections does not count; inside of them it does.
    """
    if checked(text, "").finding is not None:
        return None
    composed = compose(text, "")
    if composed.findings or composed.root is None or not isinstance(composed.root.value, dict):
        return None
    return {key: json.dumps(value) for key, value in composed.root.value.items()}


def interchangeable(old: str, new: str) -> bool:
    """Return whether both texts say the same and hold the same comments."""
    if old == new:
        return True
    try:
        return said(old) is not None and said(old) == said(new) and comments(old) == comments(new)
    except yaml.YAMLError:
        return False

"""An agreement with renamed words in one platform's words: what was made there keeps the name under which it was made."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.document import Agreement
from sla_sync.connector import SettingType, Translation
from sla_sync.reconcile.moved import keep_names
from sla_sync.review.amendments import Renaming, Revision
from sla_sync.review.renaming import FIELDS, REASONS, STAGES, renamed

Translate = Callable[[Agreement, BindingDocument], Translation]


def translate_moved(
    agreement: Agreement, binding: BindingDocument, translate: Translate, types: Mapping[str, SettingType]
) -> Translation:
    """Return what `translate` says of the agreement, under the platform names of the words before they were moved."""
    today = translate(agreement, binding)
    back = tuple(_back(agreement))
    if not back:
        return today
    name = binding.metadata.connector
    past = renamed(Revision("", agreement, {name: binding}, {}, ""), back)
    return keep_names(today, translate(past.agreement, past.bindings[name]), types)


def _back(agreement: Agreement) -> Iterator[Renaming]:
    """Yield today's words with the first name that each had; a name that is in use again stays where it is."""
    moved = agreement.moved
    if moved is None:
        return
    reasons = {name for each in agreement.reasons.values() for name in each}
    for kind, pairs, used in (
        (STAGES, moved.stages, set(agreement.stages)),
        (REASONS, moved.reasons, reasons),
        (FIELDS, moved.fields, set()),
    ):
        first: dict[str, str] = {}
        for old, new in pairs.items():
            if old not in used:
                first.setdefault(new, old)
        yield from (Renaming(kind, new, old) for new, old in first.items())

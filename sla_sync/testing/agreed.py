"""An agreement's file and its binding in the words of the connector under test, which need not be installed for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.holiday_files import read_holiday_files
from sla_sync.agreement.load import load_agreement, load_binding
from sla_sync.compiler import compile_agreement
from sla_sync.connector import Connector, Resources, Setup, Translation
from sla_sync.diagnostics import errors_in
from sla_sync.errors import DocumentError


@dataclass(frozen=True)
class Agreed:
    """What a connector is given of an agreement, and the translation that it makes of it."""

    resources: Resources
    binding: BindingDocument
    setup: Setup
    connector: Connector = field(repr=False)

    @property
    def translation(self) -> Translation:
        """The agreement in the platform's words, translated anew each time that it is asked for."""
        return self.connector.translate(self.resources, self.binding, self.setup)


def agreed(
    agreement: Path, binding: Path, connector: Connector, people: Mapping[str, tuple[str, ...]] | None = None
) -> Agreed:
    """Return an agreement as a connector is given it. Raises DocumentError where one of the two files is wrong.

    `people` are those behind its roles and teams, as a targets file names them.
    """
    said = load_agreement(agreement, root=agreement.parent)
    bound = load_binding(binding, connector.binding, root=agreement.parent)
    found = (*said.diagnostics, *bound.diagnostics)
    if said.value is None or bound.value is None or errors_in(found):
        raise DocumentError(f"{agreement} and {binding} cannot be used.", found, hint="Run sla-sync validate there.")
    texts = read_holiday_files(said.value, agreement.parent).texts
    resources = compile_agreement(said.value, bound.value.modes, texts)
    return Agreed(resources, bound.value, Setup(said.value.metadata.name, people or {}), connector)

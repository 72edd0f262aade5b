"""Documents from files: read, checked against their model, every finding with its place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from sla_sync.agreement.attestations import Attestations
from sla_sync.agreement.binding import BindingDocument
from sla_sync.agreement.channels import Channels
from sla_sync.agreement.credentials import CHANNEL_KEYS, SECRET_KEYS, shaped_like_secrets, values_of_secret_keys
from sla_sync.agreement.credentials import FOUND as SECRET_FOUND
from sla_sync.agreement.disputes import Disputes
from sla_sync.agreement.document import Agreement
from sla_sync.agreement.exceptions import Exceptions
from sla_sync.agreement.findings import UNKNOWN_KEY, WRONG_FORM, findings, keys_of, nearest
from sla_sync.agreement.holiday_files import read_holiday_files
from sla_sync.agreement.sections.commitments import Commitment
from sla_sync.agreement.signatures import Signatures
from sla_sync.agreement.source import Source, read_source
from sla_sync.agreement.sync import Sync
from sla_sync.agreement.targets import PeopleFile, Target, Targets
from sla_sync.conventions import API_VERSION
from sla_sync.diagnostics import Diagnostic, KeyPath, Location, Severity, errors_in

T = TypeVar("T", bound=BaseModel)
B = TypeVar("B", bound=BindingDocument)

ALTERS_AGREED_TERM = "SLA108"
_SLIP_OF_THE_PEN = 0.8
"""How much an option must be like a key of every target to be taken for it, and not for one of the connector's own."""


_SECRET_KEYS: Mapping[type[BaseModel], re.Pattern[str]] = {Targets: SECRET_KEYS, Channels: CHANNEL_KEYS}
"""The documents that name secrets, and the keys that ask for one."""


@dataclass(frozen=True)
class Loaded(Generic[T]):
    """A document and everything that was found while reading it; `value` is None where it cannot be used."""

    value: T | None
    source: Source
    diagnostics: tuple[Diagnostic, ...]


def load_agreement(path: Path, *, root: Path) -> Loaded[Agreement]:
    """Return the agreement that a file holds; what it includes and its files of holidays stay inside `root`."""
    loaded = _load(path, Agreement, root)
    if loaded.value is None:
        return loaded
    found = [_located(each, loaded.source) for each in read_holiday_files(loaded.value, root).findings]
    value = None if errors_in(found) else loaded.value
    return Loaded(value, loaded.source, (*loaded.diagnostics, *found))


def load_binding(path: Path, model: type[B], *, root: Path) -> Loaded[B]:
    """Return the binding that a file holds, read by the model of its connector."""
    loaded = _load(path, model, root)
    return replace(loaded, diagnostics=tuple(_agreed_elsewhere(each, "a binding") for each in loaded.diagnostics))


def load_sync(path: Path, *, root: Path) -> Loaded[Sync]:
    """Return what a file says of the integration between two platforms."""
    return _load(path, Sync, root)


def load_attestations(path: Path, *, root: Path) -> Loaded[Attestations]:
    """Return what a file says that people vouch for."""
    return _load(path, Attestations, root)


def load_signatures(path: Path, *, root: Path) -> Loaded[Signatures]:
    """Return which role has signed which meaning."""
    return _load(path, Signatures, root)


def load_exceptions(path: Path, *, root: Path) -> Loaded[Exceptions]:
    """Return which differences on targets a file says that people live with."""
    return _load(path, Exceptions, root)


def load_disputes(path: Path, *, root: Path) -> Loaded[Disputes]:
    """Return what a file says is in dispute."""
    return _load(path, Disputes, root)


def load_channels(path: Path, *, root: Path) -> Loaded[Channels]:
    """Return who is told of audits."""
    return _load(path, Channels, root)


def load_targets(path: Path, *, root: Path) -> Loaded[Targets]:
    """Return the targets that a file names, with the people of those whose people stand in a file of their own.

    A file of people that is not there is a warning: it may be kept out of the repository on purpose.
    """
    loaded = _load(path, Targets, root)
    found = [_agreed_elsewhere(each, "a targets file") for each in loaded.diagnostics]
    if loaded.value is None:
        return replace(loaded, diagnostics=tuple(found))
    source = loaded.source
    found += [_located(each, source) for each in _odd_options(loaded.value)]
    targets: dict[str, Target] = {}
    for name, target in loaded.value.targets.items():
        people, findings_of_people = _people(target, name, path.parent, root, source)
        found += findings_of_people
        targets[name] = target if people is None else target.model_copy(update={"people_said": people})
    value = None if errors_in(found) else loaded.value.model_copy(update={"targets": targets})
    return Loaded(value, source, tuple(found))


def _load(path: Path, model: type[T], root: Path) -> Loaded[T]:
    source = read_source(path, root=root)
    found = list(source.diagnostics)
    found += _secrets(source, _SECRET_KEYS.get(model))
    source, older = _in_words_of_today(source)
    found += older
    if source.data is None:
        return Loaded(None, source, tuple(found))
    wrong_header = tuple(_header(source.data, model))
    if wrong_header:
        return Loaded(None, source, (*found, *(_located(each, source) for each in wrong_header)))
    value = None
    try:
        value = model.model_validate(source.data)
    except ValidationError as error:
        found += [_located(each, source, offset) for each, offset in findings(error, model, source.data)]
    return Loaded(None if errors_in(found) else value, source, tuple(found))


def _in_words_of_today(source: Source) -> tuple[Source, tuple[Diagnostic, ...]]:
    """Return a source of the previous version of the language in today's words, and what is to be said of its age."""
    if source.data is None or source.data.get("apiVersion") == API_VERSION:
        return source, ()
    from sla_sync.agreement.versions import deprecated, upgraded  # hardly any document is old

    older = upgraded(source)
    return (source, ()) if older is None else (older.source, (deprecated(source),))


def _header(data: Mapping[str, object], model: type[BaseModel]) -> Iterator[Diagnostic]:
    """Yield what is wrong with the two header lines; where they are, nothing else can be judged."""
    if "kind" not in model.model_fields:
        return
    kind = model.model_fields["kind"].annotation
    expected = {"kind": getattr(kind, "__args__", ("",))[0], "apiVersion": API_VERSION}
    path: KeyPath
    for key, value in expected.items():
        if key not in data:
            sentence, path = f"The document lacks the key `{key}`.", ()
        elif data[key] != value:
            sentence, path = f"The document says `{key}: {data[key]}`, and `{value}` is expected here.", (key,)
        else:
            continue
        yield Diagnostic(WRONG_FORM, Severity.ERROR, sentence, path, hint=f"Write `{key}: {value}`.")


def _located(finding: Diagnostic, source: Source, offset: int = 0) -> Diagnostic:
    if finding.location is not None:
        return finding
    if finding.code in {UNKNOWN_KEY, ALTERS_AGREED_TERM}:
        return replace(finding, location=source.locate_key(finding.path))
    return replace(finding, location=source.locate_character(finding.path, offset))


def _secrets(source: Source, keys: re.Pattern[str] | None) -> Iterator[Diagnostic]:
    """Yield what looks like a secret, and what stands under these keys, which ask for one."""
    seen: set[tuple[str, int]] = set()
    for file in source.texts:
        for line, column, what in shaped_like_secrets(source.text_of(file)):
            seen.add((file, line))
            yield Diagnostic(
                SECRET_FOUND,
                Severity.ERROR,
                f"There is what looks like {what} in the file.",
                location=Location(file, line, column),
                hint="Remove it, make it invalid where it was issued, and give the name of an environment variable.",
            )
    for path in values_of_secret_keys(source.data, keys=keys) if keys else ():
        location = source.locate(path)
        if (location.file, location.line) not in seen:
            yield Diagnostic(
                SECRET_FOUND,
                Severity.ERROR,
                f"`{path[-1]}` holds a value where the name of an environment variable is expected.",
                path,
                location,
                hint="Write the name of the variable that holds the secret, in capitals, such as `SF_TOKEN`.",
            )


def _agreed_elsewhere(finding: Diagnostic, document: str) -> Diagnostic:
    key = str(finding.path[-1]) if finding.path else ""
    if finding.code != UNKNOWN_KEY or key not in _agreed_terms():
        return finding
    return replace(
        finding,
        code=ALTERS_AGREED_TERM,
        message=f"`{key}` is agreed in the agreement; {document} cannot say it or alter it.",
        hint="Remove it here, and change the agreement where the parties want it changed.",
    )


def _agreed_terms() -> frozenset[str]:
    """Return the keys that only an agreement may say."""
    header = {"apiVersion", "kind", "metadata"}
    return frozenset({*keys_of(Agreement), *keys_of(Commitment), "threshold"} - header)


def _odd_options(targets: Targets) -> Iterator[Diagnostic]:
    """Yield what stands among the options of a connector and can be none."""
    for name, target in targets.targets.items():
        for key in target.model_extra or {}:
            finding = Diagnostic(
                UNKNOWN_KEY, Severity.ERROR, f"`{key}` is not a key of a target.", ("targets", name, key)
            )
            agreed = _agreed_elsewhere(finding, "a targets file")
            near = nearest(key, keys_of(Target), likeness=_SLIP_OF_THE_PEN)
            if agreed.code == ALTERS_AGREED_TERM:
                yield agreed
            elif near is not None:
                yield replace(finding, hint=f"Write `{near}`, if that is meant.")


def _people(
    target: Target, name: str, folder: Path, root: Path, source: Source
) -> tuple[Mapping[str, tuple[str, ...]] | None, tuple[Diagnostic, ...]]:
    """Return the people of a target whose people stand in a file, and the findings about that file."""
    if not isinstance(target.people_said, str):
        return None, ()
    path = folder / target.people_said
    if not path.is_file():
        missing = Diagnostic(
            "SLA106",
            Severity.WARNING,
            f"The people of target '{name}' stand in {target.people_said}, which is not there.",
            ("targets", name, "people"),
            hint="Put the file there before this target is planned; nothing else needs it.",
        )
        return None, (_located(missing, source),)
    loaded = _load(path, PeopleFile, root)
    return (loaded.value.people if loaded.value else None), loaded.diagnostics

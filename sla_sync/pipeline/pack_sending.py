"""Handing a pack to channels: a short message with each side's sentence, and the page where the channel takes files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from sla_sync.agreement.channels import Channels
from sla_sync.agreement.load import load_channels
from sla_sync.errors import DocumentError, SlaSyncError
from sla_sync.measures.pack import Pack
from sla_sync.notify.sending import address, room, send
from sla_sync.places import CHANNELS_FILE, Place
from sla_sync.render.pack.notice import notice_of

Post = Callable[[str, str, str, Path], None]
"""Sends a title, a body and a file to an address. Raises SlaSyncError."""


def post(url: str, title: str, body: str, page: Path) -> None:
    """Send a message with a page. Raises SlaSyncError."""
    send(url, title, body, attached=page)


def send_pack(
    place: Place, names: Sequence[str], pack: Pack, page: Path, *, environ: Mapping[str, str], post: Post = post
) -> Iterator[SlaSyncError | str]:
    """Send a pack to channels by their names; yield a sentence for each that was told and an error for each that was not."""
    try:
        channels = _channels(place).channels
    except SlaSyncError as error:
        yield error
        return
    for name in names:
        if name not in channels:
            yield SlaSyncError(
                f"{place.channels} has no channel '{name}'; it has: {', '.join(channels)}.", hint="Correct --send."
            )
            continue
        try:
            url = address(name, channels[name].url, environ)
            post(url, *notice_of(pack, page.name, room=room(url)), page)
        except SlaSyncError as error:
            yield SlaSyncError(f"Channel '{name}' was not told: {error.message}", hint=error.hint)
            continue
        yield f"Sent to {name}."


def _channels(place: Place) -> Channels:
    if place.channels is None:
        raise SlaSyncError(
            f"There is no {CHANNELS_FILE} beside targets.yaml, so the pack can be sent to nobody.",
            hint="Write one; docs/night.md shows one.",
        )
    loaded = load_channels(place.channels, root=place.channels.parent)
    if loaded.value is None:
        raise DocumentError(f"{place.channels} cannot be used, so the pack is sent to nobody.", loaded.diagnostics)
    return loaded.value

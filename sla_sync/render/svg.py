"""A drawing of vl-convert made fit for a page: only shapes and texts are left, its names are its own, and it has a title."""

from __future__ import annotations

import re
from typing import Final

import vl_convert
from lxml import etree

from sla_sync.render.words import visible

_SVG: Final = "{http://www.w3.org/2000/svg}"
_ELEMENTS = frozenset("svg g path text rect line circle clipPath defs tspan linearGradient stop".split())
_ATTRIBUTES = frozenset(
    "width height viewBox class fill fill-opacity stroke stroke-width stroke-dasharray stroke-opacity stroke-linecap"
    " stroke-linejoin stroke-miterlimit opacity d x y x1 x2 y1 y2 dx dy cx cy r transform text-anchor font-size font-weight"
    " clip-path id offset stop-color".split()
)
_CLASS = re.compile(r"[a-z][a-z -]*")
_REFERENCE = re.compile(r"url\(#([\w-]+)\)")
HATCHED: Final = "#cfdde8"
"""The colour that stands for hatching, which the grammar of Vega does not have."""


def drawn(spec: str, prefix: str, alternative: str) -> str:
    """Return a specification of Vega-Lite as SVG for a page; `alternative` says in words what it shows."""
    made = vl_convert.vegalite_to_svg(spec, allowed_base_urls=[])
    root = etree.fromstring(made.encode(), etree.XMLParser(resolve_entities=False, no_network=True))
    _clean(root, prefix)
    root.set("class", "chart")
    root.set("role", "img")
    root.set("aria-labelledby", f"{prefix}title")
    title = etree.Element(f"{_SVG}title")
    title.set("id", f"{prefix}title")
    title.text = visible(alternative)
    root.insert(0, title)
    if any(each.get("fill") == HATCHED for each in root.iter()):
        _hatch(root, prefix)
    etree.cleanup_namespaces(root)
    return etree.tostring(root, encoding="unicode")


def _clean(root: etree._Element, prefix: str) -> None:
    """Take away what a page does not need: elements and attributes that no picture of ours has."""
    for each in list(root.iter()):
        name = str(each.tag).removeprefix(_SVG)
        if name not in _ELEMENTS and each is not root:
            parent = each.getparent()
            if parent is not None:
                parent.remove(each)
            continue
        for key, value in list(each.attrib.items()):
            kept = _attribute(str(key), str(value), prefix)
            del each.attrib[key]
            if kept is not None:
                each.set(str(key), kept)


def _attribute(key: str, value: str, prefix: str) -> str | None:
    if key not in _ATTRIBUTES or (key == "class" and not _CLASS.fullmatch(value)):
        return None
    if key == "id":
        return f"{prefix}{value}"
    if "url(" in value:
        return _REFERENCE.sub(rf"url(#{prefix}\1)", value) if _REFERENCE.fullmatch(value) else None
    return None if value == "transparent" else value


def _hatch(root: etree._Element, prefix: str) -> None:
    """Draw lines where the colour stands for hatching, and a line around it."""
    pattern = etree.fromstring(
        f'<defs xmlns="{_SVG[1:-1]}"><pattern id="{prefix}hatch" width="6" height="6" patternUnits="userSpaceOnUse"'
        f' patternTransform="rotate(45)"><rect width="6" height="6" fill="{HATCHED}"/>'
        '<line x1="0" y1="0" x2="0" y2="6" stroke="#1f5f8b" stroke-width="2.5"/></pattern></defs>'
    )
    for each in root.iter():
        if each.get("fill") == HATCHED:
            each.set("fill", f"url(#{prefix}hatch)")
            each.set("stroke", "#1f5f8b")
    root.insert(1, pattern)

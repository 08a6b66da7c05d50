"""How a Word document makes its text look: what hides it, and how cells and letters are set."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from sdc_airlock.errors import ReadError
from sdc_airlock.readers._package import Package
from sdc_airlock.readers._xml import attribute, tree

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element


_TINY = 4  # half points


def unseen_styles(package: Package, parts: list[tuple[zipfile.ZipInfo, str]]) -> frozenset[str]:
    """Styles that hide their text, directly or by the style they are based on."""
    info = next((info for info, root in parts if root == "styles"), None)
    if info is None:
        return frozenset()
    try:
        root = tree(package.read(info))
    except ReadError:
        return frozenset()
    parents: dict[str, str] = {}
    unseen: set[str] = set()
    for style in root.iter("style"):
        name = attribute(style, "styleId")
        for child in style:
            if child.tag == "basedOn":
                parents[name] = attribute(child, "val")
            elif child.tag == "rPr" and hides(child, shaded=False):
                unseen.add(name)
    for name in parents:
        seen, parent = {name}, parents.get(name, "")
        while parent and parent not in seen:
            if parent in unseen:
                unseen.add(name)
            seen.add(parent)
            parent = parents.get(parent, "")
    return frozenset(unseen)


def hides(properties: Element, *, shaded: bool) -> bool:
    """True where run properties hide the text: hidden, white on white, or too small to see."""
    white, backed, small = False, shaded, False
    for item in properties:
        value = attribute(item, "val")
        if item.tag in ("vanish", "webHidden") and item.tag == "vanish" and value not in ("0", "false"):
            return True
        if item.tag == "color":
            white = value.upper() == "FFFFFF" or (attribute(item, "themeColor") == "background1" and not attribute(item, "themeShade"))
        elif item.tag in ("shd", "highlight"):
            backed = backed or coloured(item)
        elif item.tag == "sz":
            small = value.isdigit() and int(value) <= _TINY
    return small or (white and not backed)


def look_of(properties: Element) -> dict[str, str]:
    """What properties of a cell or of letters say, by name."""
    return {
        item.tag: " ".join([*item.attrib.values(), *(f"{inner.tag} {' '.join(inner.attrib.values())}" for inner in item)])
        for item in properties
    }


def coloured(shading: Element) -> bool:
    fill = attribute(shading, "fill")
    return fill.upper() not in ("", "AUTO", "FFFFFF") or (
        shading.tag == "highlight" and attribute(shading, "val") not in ("", "none", "white")
    )

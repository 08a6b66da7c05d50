"""Which part of an office package leads to which."""

from __future__ import annotations

from sdc_airlock.readers._package import Package
from sdc_airlock.readers._xml import attribute, tree


def relationships(data: bytes) -> list[tuple[str, str, str, bool]]:
    """Id, type (last word), target and whether it is external, of a `.rels` part."""
    return [
        (
            attribute(item, "Id"),
            attribute(item, "Type").rpartition("/")[2],
            attribute(item, "Target"),
            attribute(item, "TargetMode") == "External",
        )
        for item in tree(data)
    ]


def targets(package: Package, part: str) -> dict[str, str]:
    """Relationship id to member name, for the internal relationships of a part."""
    folder, _, name = part.rpartition("/")
    rels = f"{folder}/_rels/{name}.rels" if folder else f"_rels/{name}.rels"
    info = next((info for info in package.members if info.filename == rels), None)
    if info is None:
        return {}
    found = {}
    for key, _, target, external in relationships(package.read(info)):
        if not external:
            found[key] = resolve(folder, target)
    return found


def resolve(folder: str, target: str) -> str:
    if target.startswith("/"):
        return target[1:]
    steps = folder.split("/") if folder else []
    for step in target.split("/"):
        if step == "..":
            steps = steps[:-1]
        elif step not in ("", "."):
            steps.append(step)
    return "/".join(steps)

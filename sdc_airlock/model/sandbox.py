"""What holds a reading process back, and what of it was shown to work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Protection(StrEnum):
    """One protection of the processes that read files; the value is the word used in reports and profiles.

    The first three need no feature of the kernel that a machine could lack.
    """

    SEPARATE_PROCESS = "separate_process"
    CLEAN_ENVIRONMENT = "clean_environment"
    RESOURCE_LIMITS = "resource_limits"
    NO_NEW_PRIVILEGES = "no_new_privileges"
    NO_CAPABILITIES = "no_capabilities"
    LANDLOCK_FILES = "landlock_files"
    LANDLOCK_NETWORK = "landlock_network"
    LANDLOCK_SCOPES = "landlock_scopes"
    SECCOMP = "seccomp"
    NAMESPACES = "namespaces"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sandbox:
    """The protections of all processes that read files of a request.

    Attributes:
        protections: Those that every one of the processes has shown to work by trying what they forbid.
    """

    protections: tuple[Protection, ...] = ()

    @property
    def missing(self) -> tuple[Protection, ...]:
        """Every other protection that this package knows of."""
        return tuple(each for each in Protection if each not in self.protections)

    def lacks(self, wanted: Iterable[str]) -> tuple[Protection, ...]:
        """Those of the wanted ones that are missing."""
        return tuple(Protection(each) for each in wanted if each not in self.protections)

"""sdc-airlock: what may leave a secure data environment, and what a person has to look at first.

    from sdc_airlock import Outcome, scan

    result = scan("tables/")
    for file, assessment, decision in result.rows():
        print(file.path, decision.outcome.word, len(assessment.findings))

Names are imported when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["AirlockError", "Outcome", "PolicyError", "Profile", "RequestResult", "__version__", "load_profile", "profile_names", "scan"]

if TYPE_CHECKING:
    from sdc_airlock.errors import AirlockError, PolicyError
    from sdc_airlock.model.decision import Outcome
    from sdc_airlock.pipeline.run import scan
    from sdc_airlock.policy import Profile, load_profile, profile_names
    from sdc_airlock.reports import RequestResult

_HOMES = {
    "AirlockError": "errors",
    "Outcome": "model.decision",
    "PolicyError": "errors",
    "Profile": "policy",
    "RequestResult": "reports",
    "load_profile": "policy",
    "profile_names": "policy",
    "scan": "pipeline.run",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted(__all__)

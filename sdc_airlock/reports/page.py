"""Self-contained HTML pages: templates, and a Content-Security-Policy that admits the page's own style and script and nothing else."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from sdc_airlock.reports import words
from sdc_airlock.reports.safe import shown

if TYPE_CHECKING:
    from jinja2 import Environment


def render_page(template: str, *, style: tuple[str, ...], script: tuple[str, ...], **values: object) -> str:
    """A page in one file.

    Args:
        template: Name of the template in `templates/`.
        style: Names of the style sheets that go into the page, joined in this order.
        script: Names of the scripts, likewise.
        values: What the template shows. Every text among them is escaped, for HTML and for what does not print.

    Raises:
        jinja2.UndefinedError: the template names a value that is not there.
    """
    from markupsafe import Markup

    css, javascript = _asset(style), _asset(script)
    policy = "; ".join(
        (
            "default-src 'none'",
            f"style-src '{source_hash(css)}'",
            f"script-src '{source_hash(javascript)}'",
            "img-src data:",
            "form-action 'none'",
            "base-uri 'none'",
        )
    )
    page = _environment().get_template(template)
    return page.render(policy=policy, css=Markup(css), javascript=Markup(javascript), words=words, **values) + "\n"  # noqa: S704 - our own files


def source_hash(text: str) -> str:
    """The hash by which a Content-Security-Policy admits an inline style or script."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


@cache
def _asset(names: tuple[str, ...]) -> str:
    """Style sheets or scripts of this package as one text."""
    folder = resources.files(__package__).joinpath("templates")
    return "".join(folder.joinpath(name).read_text("utf-8") for name in names)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("sdc_airlock.reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalize,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _finalize(value: Any) -> Any:
    """Text that is about to be shown: what does not print is written out; our own markup passes."""
    return shown(value) if isinstance(value, str) and not hasattr(value, "__html__") else value

"""The Jinja2 environment of all pages, and what the frame of a page needs."""

from typing import Any

import jinja2
from django.http import HttpRequest


def environment(**options: Any) -> jinja2.Environment:
    """The environment: `ChainableUndefined`, as the design system's macros expect."""
    return jinja2.Environment(
        **{**options, "undefined": jinja2.ChainableUndefined, "autoescape": True}
    )


def frame(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001
    """What the frame of every page needs."""
    return {}

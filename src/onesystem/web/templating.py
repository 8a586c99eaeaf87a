"""The Jinja2 environment of all pages: filters and functions.

In every template: `static(path)`, `url(name, ...)`, `now()`; the filters `local`, `ago`, `clock`,
`day`, `length_of`, `number`, `percent`; and from the frame `district`, `actor`, `nav`, `nonce`.
"""

from functools import lru_cache
from typing import Any

import jinja2
from django.urls import get_script_prefix, reverse

from onesystem.record.tabs import tabs_for
from onesystem.vocabulary import words
from onesystem.vocabulary.said import say
from onesystem.web import words as times
from onesystem.web.assets import static


def url(name: str, **kwargs: Any) -> str:
    """The address of a page by its name: `url("record:timeline", person=7)`."""
    return _address(get_script_prefix(), name, *kwargs.items())


@lru_cache(maxsize=512)  # a page has many links, and many of them about one person
def _address(_prefix: str, name: str, *kwargs: tuple[str, Any]) -> str:
    return reverse(name, kwargs=dict(kwargs) or None)


def environment(**options: Any) -> jinja2.Environment:
    """The environment: what is not there is empty, however deep it is asked for."""
    made = jinja2.Environment(  # noqa: S701  # autoescape is on, below
        **{
            **options,
            "undefined": jinja2.ChainableUndefined,
            "autoescape": True,
            "trim_blocks": True,
            "lstrip_blocks": True,
        }
    )
    made.globals.update(static=static, url=url, now=times.now, person_tabs=tabs_for, say=say)
    made.filters.update(
        local=times.local,
        clock=times.clock,
        day=times.day,
        ago=times.ago,
        age=times.age,
        length_of=words.length_of,
        number=words.number,
        percent=words.percent,
        plural=words.plural,
    )
    return made

"""The Jinja2 environment of all pages: filters and functions.

In every template: `static(path)`, `url(name, ...)`, `now()`; the filters `local`, `ago`, `clock`,
`day`, `length_of`, `number`, `percent`; and from the frame `district`, `actor`, `nav`, `nonce`.
"""

import re
from functools import lru_cache
from typing import Any

import jinja2
from django.urls import get_script_prefix, reverse

from onesystem.record.tabs import tabs_for
from onesystem.vocabulary import words
from onesystem.vocabulary.said import say
from onesystem.web import words as times
from onesystem.web.assets import static

# A line may break between a hyphen and a currency's sign, and between U+2212 and it as well: a word
# joiner holds them. What stands in a field is left as somebody wrote it.
_MINUS, _NEGATIVE = (
    "\u2212\u2060",
    re.compile(r"(<textarea\b.*?</textarea>)|(?<=[\s>(])-(?=[£$€]\d)", re.DOTALL),
)


class Page(jinja2.Template):
    """A template whose negative amounts never break: a true minus sign, joined to its amount."""

    def render(self, *args: Any, **kwargs: Any) -> str:
        """The page, with `-£5` as a person reads it; files and terminals keep the plain hyphen."""
        return joined(super().render(*args, **kwargs))


def joined(html: str) -> str:
    """The negative amounts of a page with a minus sign that a line does not part from them."""
    if not any(sign in html for sign in ("-£", "-$", "-€")):
        return html
    return _NEGATIVE.sub(lambda found: found[1] or _MINUS, html)


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
    made.template_class = Page
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

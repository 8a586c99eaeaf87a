"""Pages in the language of whoever reads them: Django's door to Jinja2, one environment each."""

from contextvars import ContextVar
from typing import Any

import jinja2
from django.template.backends.jinja2 import Jinja2

from onesystem.district import current
from onesystem.vocabulary import BadConfig
from onesystem.web.language.catalogue import file_of
from onesystem.web.language.environment import InLanguage, of_file

# The language of the page that is being made; empty for English.
SPOKEN: ContextVar[str] = ContextVar("spoken", default="")


class Pages(Jinja2):
    """English from the templates as they lie; another language from an environment of its own."""

    def get_template(self, template_name: str) -> Any:
        """The template in the language that is spoken."""
        language = SPOKEN.get()
        env = environment_of(self.env, language) if language else None
        if env is None:
            return super().get_template(template_name)
        found = Jinja2.__new__(type(self))
        found.__dict__ = {**self.__dict__, "env": env}
        return Jinja2.get_template(found, template_name)


def environment_of(env: jinja2.Environment, language: str) -> InLanguage | None:
    """The environment of a language; None where its catalogue is not there or cannot be read."""
    try:
        file = file_of(language, current().path)
        return of_file(env, file, file.stat().st_mtime_ns) if file else None
    except (BadConfig, OSError):
        return None  # the page is shown in English; `onesystem doctor` says why

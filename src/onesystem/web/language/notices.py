"""What a page says once, after something was done: kept until the next page, in its language."""

from typing import Any

from django.contrib.messages.storage.fallback import FallbackStorage
from django.template import engines

from onesystem.web.language.backend import SPOKEN, environment_of
from onesystem.web.language.declared import shown


class Notices(FallbackStorage):
    """Django's store of messages, which keeps text alone: words are said anew before."""

    def add(self, level: int, message: Any, extra_tags: str = "") -> None:
        """Keep a message for the next page."""
        language = SPOKEN.get()
        env = environment_of(engines["jinja2"].env, language) if language else None
        super().add(level, shown(message, env.catalogue) if env else message, extra_tags)

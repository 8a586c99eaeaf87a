"""Write the catalogue that translators begin from: `make messages`.

python tools/messages.py          src/onesystem/web/locale/onesystem.pot, made anew
python tools/messages.py --count  how many messages and words it has
"""

import os
import sys
from pathlib import Path


def made() -> str:
    """The catalogue as it should be."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onesystem.web.settings")
    import django
    from django.template import engines

    django.setup()
    from onesystem.web.language.extracting import messages, written

    return written(messages(engines["jinja2"].env))


if __name__ == "__main__":
    text = made()
    if "--count" in sys.argv:
        import polib

        entries = polib.pofile(text)
        print(len(entries), "messages,", sum(len(e.msgid.split()) for e in entries), "words")  # noqa: T201
    else:
        pot = Path(__file__).resolve().parents[1] / "src/onesystem/web/locale/onesystem.pot"
        pot.parent.mkdir(exist_ok=True)
        pot.write_text(text, encoding="utf-8")

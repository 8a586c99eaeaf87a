"""A page as PDF, made by WeasyPrint in a process of its own.

The library takes as much memory as the whole of a page worker, and a document with a thousand
lines takes seconds: neither is a burden for those who only read. It fetches nothing: styles lie
in the page, and every address is refused.
"""

import subprocess
import sys
from functools import cache
from importlib.util import find_spec

from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say

_SECONDS = 60
_PROGRAM = """
import sys
from weasyprint import HTML

def refuse(url, *args, **kwargs):
    raise ValueError("nothing is fetched")

HTML(string=sys.stdin.buffer.read().decode(), url_fetcher=refuse).write_pdf(sys.stdout.buffer)
"""
_CURE = "Print the page instead: the print form is made for paper and for saving as PDF"


@cache
def can_make() -> bool:
    """Whether the library is there at all; whether Pango is, is found out when it is used."""
    return find_spec("weasyprint") is not None


def made_of(html: str) -> bytes:
    """The PDF of a page. Raises UserError where this machine cannot make one."""
    if not can_make():
        raise UserError("this installation makes no PDF", _CURE)
    try:
        done = subprocess.run(  # noqa: S603 - our own program; the page comes on stdin
            [sys.executable, "-c", _PROGRAM],
            input=html.encode(),
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise UserError(
            say("the PDF was not ready within {seconds} seconds", seconds=_SECONDS), _CURE
        ) from None
    if done.returncode or not done.stdout.startswith(b"%PDF"):
        raise UserError("the PDF could not be made: Pango may be missing on this machine", _CURE)
    return done.stdout

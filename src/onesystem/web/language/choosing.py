"""Which language somebody reads: what they chose, else the first of their browser that is here."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template import engines
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from onesystem.district import current
from onesystem.vocabulary import BadConfig
from onesystem.web.language.backend import SPOKEN, environment_of
from onesystem.web.language.catalogue import OWN_NAME, file_of

COOKIE = "language"
ENGLISH = "en-gb"
_YEAR = 365 * 24 * 3600


def enabled() -> tuple[str, ...]:
    """The languages beside English that the district enables and that have a catalogue."""
    try:
        district = current()
    except (BadConfig, OSError):
        return ()
    return tuple(each for each in district.languages if file_of(each, district.path))


class Languages:
    """Has each page made in the language of whoever asks. Without languages it does nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._respond = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The response, in the language asked for."""
        here = enabled()
        if not here:
            return self._respond(request)
        request.languages = here  # type: ignore[attr-defined]
        language = language_of(request, here)
        before = SPOKEN.set("" if language == ENGLISH else language)
        try:
            with translation.override(language):
                response = self._respond(request)
        finally:
            SPOKEN.reset(before)
        patch_vary_headers(response, ["Accept-Language", "Cookie"])
        return response


def language_of(request: HttpRequest, here: tuple[str, ...]) -> str:
    """What was chosen, else the first that the browser asks for and that is here, else English."""
    chosen = request.COOKIES.get(COOKIE, "")
    if chosen in (*here, "en"):
        return ENGLISH if chosen == "en" else chosen
    for wanted in _wanted(request.headers.get("Accept-Language", "")):
        base = wanted.partition("-")[0]
        if base == "en":
            break
        if found := next((each for each in (wanted, base) if each in here), ""):
            return found
    return ENGLISH


def _wanted(header: str) -> list[str]:
    """The languages of an Accept-Language header, the most wanted first."""
    asked: list[tuple[float, int, str]] = []
    for place, part in enumerate(header[:500].split(",")):
        name, _, weight = part.strip().lower().partition(";q=")
        try:
            asked.append((-float(weight or 1), place, name))
        except ValueError:
            continue
    return [name for weight, _, name in sorted(asked) if weight]


def offered(request: HttpRequest) -> list[tuple[str, str]]:
    """The languages that a page offers, each under its own name; none where there is only one."""
    here = getattr(request, "languages", ())
    return [("en", OWN_NAME), *((each, _own_name(each)) for each in here)] if here else []


def _own_name(language: str) -> str:
    env = environment_of(engines["jinja2"].env, language)
    return (env.catalogue.message(OWN_NAME) if env else None) or language


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Keep the language that somebody chose, and go back to where they were."""
    chosen, back = request.POST.get("language", ""), request.POST.get("to", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    response = HttpResponseRedirect(back if safe else "/")
    if chosen in (*enabled(), "en"):
        response.set_cookie(
            COOKIE, chosen, max_age=_YEAR, httponly=True, samesite="Lax",
            secure=request.is_secure(),
        )  # fmt: skip
    return response

"""Forms of the alliance: a refusal stands on the page with all that was typed; drafts are kept."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from onesystem.alliance.charter.heading import PARTS, TABS
from onesystem.care.drafts import actions as drafts
from onesystem.district import current
from onesystem.vocabulary import NotPermitted, UserError, nearest
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import whole_or

Options = list[tuple[str, str]]
_MOST = 8000
_LABELLED = re.compile(r"\((organisation|service|line|contract) ([\w.:/-]+)\)$")


@dataclass(frozen=True, slots=True)
class Field:
    """A field. `kind`: text, area, choice, check, date, many (a few inputs with one name)."""

    name: str
    label: str
    kind: str = "text"
    hint: str = ""
    options: Options = field(default_factory=list)
    value: str | list[str] = ""
    rows: int = 3
    most: int = 1000
    group: str = ""  # fields of one group stand in two columns under these words


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a page asks: a question, its fields, what the button says, where one goes instead."""

    title: str
    fields: list[Field]
    button: str
    back: str
    draft: str
    about: str = ""
    seen: int | None = None


class Said:
    """What came in: texts by the names of fields, all of them shorter than what is kept."""

    def __init__(self, request: HttpRequest) -> None:
        self._post = request.POST

    def text(self, name: str) -> str:
        """One field; empty where it was not sent."""
        return self._post.get(name, "")[:_MOST].replace("\r\n", "\n").strip()

    def all(self, name: str) -> list[str]:
        """Every field of a name that holds something."""
        return [v[:300].strip() for v in self._post.getlist(name)[:50] if v.strip()]

    def number(self, name: str) -> int:
        """A whole number; 0 where none was written. Raises UserError."""
        said = self.text(name)
        if said and not (said.isascii() and said.isdecimal() and len(said) < 10):
            raise UserError(
                say("{said} is no whole number", said=repr(said)), "Write digits alone, such as 12"
            )
        return int(said or 0)

    @property
    def seen(self) -> int | None:
        """What the page had seen of the alliance."""
        said = self.text("seen")
        return whole_or(said, None)


def ask(
    request: HttpRequest, form: Form, act: Callable[[Said], str], done: str, **context: object
) -> HttpResponse:
    """Show a form, or do what it asks; `act` gives where to go next."""
    said, refused = Said(request), None
    if request.method == "POST":
        try:
            to = act(said)
        except NotPermitted:
            raise
        except UserError as error:
            refused = error
        else:
            drafts.done(request.actor, form.draft)  # type: ignore[attr-defined]
            messages.success(request, done)
            return HttpResponseRedirect(to)
    shown = {f.name: _value(f, said if refused else None) for f in form.fields}
    return render(
        request, "alliance/charter/form.html",
        {**context, "form": form, "value": shown, "refused": refused, "above": _above(form.back),
         "groups": list(dict.fromkeys(f.group for f in form.fields))},
        status=422 if refused else 200,
    )  # fmt: skip


def do(request: HttpRequest, act: Callable[[Said], object], done: str, to: str) -> HttpResponse:
    """A press of a button: done, or why not, and back to where it was pressed."""
    try:
        act(Said(request))
    except NotPermitted:
        raise
    except UserError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return HttpResponseRedirect(to)


# What stands above a form: the lists to which one goes back.
_LISTS = {
    **{f"/alliance/{part}": name for name, part in TABS if part},
    **{href: name for name, href, _, _ in PARTS},
    "/alliance/training/": "Training", "/ideas/": say("Ideas"), "/peers/log/": say("Learning log"),
}  # fmt: skip


def _above(back: str) -> tuple[str, str] | None:
    """The list above a page, by the page to which its form goes back: name and address."""
    found = next((href for href in _LISTS if back.startswith(href)), "")
    return (_LISTS[found], found) if found else None


def _value(each: Field, said: Said | None) -> str | list[str]:
    if said is None:
        return each.value
    return said.all(each.name) if each.kind == "many" else said.text(each.name)


def things(lines: Iterable[tuple[str, str]] = ()) -> list[str]:
    """What an interest can touch, as somebody chooses it from a list."""
    here = current()
    return [
        *(
            say("{name} (organisation {c})", name=o.name, c=c)
            for c, o in here.organisations.items()
            if o.until is None
        ),
        *(say("{name} (service {c})", name=s.name, c=c) for c, s in here.services.items()),
        *(say("{name} (line {code})", name=name, code=code) for code, name in lines),
    ]


def thing(text: str) -> tuple[str, str]:
    """What somebody chose or typed: an entry of the list, a code, or a name. Raises UserError."""
    if found := _LABELLED.search(text):
        return found[1], found[2]
    here = current()
    for kind, every in (("organisation", here.organisations), ("service", here.services)):
        for code, each in every.items():
            if text.casefold() in (code.casefold(), each.name.casefold()):
                return kind, code
    names = [o.name for o in here.organisations.values()] + [s.name for s in here.services.values()]
    raise UserError(say("nothing here is called {text}", text=repr(text)), nearest(text, names))


def back(request: HttpRequest, usual: str) -> str:
    """Where somebody came from, where that is ours."""
    said = request.GET.get("next", "")
    return said if url_has_allowed_host_and_scheme(said, None) else usual

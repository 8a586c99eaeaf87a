"""Writing a plan in versions on a page: what is wrong stands at its field, nothing typed is lost.

One piece for plans whose parts are rows of a form; each says what is its own.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render

from onesystem.budget import drafted
from onesystem.plan.placing import places
from onesystem.plan.versions import Standing, Wrong
from onesystem.vocabulary import UserError
from onesystem.vocabulary.said import say
from onesystem.vocabulary.typed import Problem, Raw, Rows, whole_or

P = TypeVar("P")
_LONGEST = 8000


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk(Generic[P]):
    """Where a kind of plan is written: how it is found, begun, read, kept, and laid out.

    `opens` are parts of the form that begin with an empty row; `more` gives what its template
    needs besides, from what was typed and the rows of each part.
    """

    kind: str
    rows: Rows
    opens: Collection[str]
    maybe: Callable[[str], Standing[P] | None]
    begun: Callable[[HttpRequest, str], P]
    raw_of: Callable[[P], Raw]
    plan_from: Callable[[Raw, P], tuple[P, list[Problem]]]
    keep: Callable[..., object]
    address: Callable[[str], str]
    more: Callable[[Raw, dict[str, list[Raw]]], dict[str, Any]]

    def edit(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Show the form, add a row to it, or keep what was typed as a version."""
        standing = self.maybe(slug)
        onto = standing.plan if standing else self.begun(request, slug)
        number = standing.number if standing else 0
        if request.method != "POST":
            return self._form(request, slug, onto, self.raw_of(onto), number)
        raw: Raw = {name: str(value)[:_LONGEST] for name, value in request.POST.items()}
        seen = whole_or(raw.get("seen"), -1)
        made, wrong = self.plan_from(raw, onto)
        actor = request.actor  # type: ignore[attr-defined]
        if "do" in raw:
            raw = self.rows.after(raw, raw["do"])
            begun = drafted.keep_begun(
                by=actor, key=self._key(slug), raw=raw, path=request.get_full_path()
            )
            return self._form(request, slug, onto, raw, seen, begun=begun)
        if wrong:
            return self._form(request, slug, onto, raw, seen, wrong)
        try:
            self.keep(plan=made, seen=seen, by=actor, why=raw.get("why", ""))
        except Wrong as error:
            return self._form(request, slug, onto, raw, seen, error.problems)
        except UserError as error:
            return self._form(request, slug, onto, raw, number, refused=error)
        drafted.done(actor, self._key(slug))
        messages.success(request, say("Saved as a new version."))
        return HttpResponseRedirect(self.address(slug))

    def _key(self, slug: str) -> str:
        return f"plan-{self.kind}-{slug}"

    def _form(
        self, request: HttpRequest, slug: str, onto: P, raw: Raw, seen: int,
        wrong: Collection[Problem] = (), *, refused: UserError | None = None, begun: int = 0,
    ) -> HttpResponse:  # fmt: skip
        rows = {part: self.rows.of(raw, part) for part in self.rows.parts}
        for part, kept in rows.items():
            opens = not kept and part in self.opens
            least = len(kept) + 1 if raw.get(f"more.{part}") or opens else 0
            if request.method != "POST":
                actor = request.actor  # type: ignore[attr-defined]
                least = max(least, drafted.rows_begun(by=actor, key=self._key(slug), part=part))
            kept += [dict.fromkeys(self.rows.parts[part], "") for _ in range(least - len(kept))]
        context: dict[str, Any] = {
            "p": onto, "raw": raw, "rows": rows, "seen": seen, "wrong": wrong, "refused": refused,
            "at": {each.where: str(each) for each in reversed([*wrong])},
            "draft": self._key(slug), "begun": begun, "areas": places(raw.get("area", "")),
        } | self.more(raw, rows)  # fmt: skip
        status = 422 if wrong or refused else 200
        return render(request, f"plan/{self.kind}/edit.html", context, status=status)

"""The page on which somebody says with whom a decision is to be compared, and why."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from onesystem import access
from onesystem.alliance.charter import heading
from onesystem.alliance.charter.asking import Field, Form, Options, Said, ask
from onesystem.alliance.proof import actions, comparing, presenters, queries
from onesystem.alliance.proof.queries import Drawn, Standing
from onesystem.evidence import queries as asked
from onesystem.evidence.question import Question
from onesystem.flow.measures import library
from onesystem.vocabulary import BadConfig, NotPermitted
from onesystem.vocabulary.said import say


@access.page(right="alliance.see")
def compare(request: HttpRequest, number: int, measure: str) -> HttpResponse:
    """With whom is it compared instead, and why?"""
    standing, simple = _found(number, measure)
    context = heading.head(request, "reviews/")
    if not (context["keeps"] or access.may(request.actor, "measures.sign")):  # type: ignore[attr-defined]
        raise NotPermitted("who keeps the alliance, or signs measures, chooses", "Ask them.")
    question = asked.one(simple.row.evaluation, by=comparing.EYES).question
    tells = [each for each in comparing.KINDS if each in library.measure(measure).dimensions]
    by = request.GET.get("by", "")
    dimension = by if by in tells else tells[0] if tells else ""
    home = reverse("proof:decision", args=[number])
    options = _options(question, dimension)
    mine, theirs = _now(standing, measure, dimension, options)
    form = Form(
        title=say("With whom is it compared?"),
        button=say("Compare with these"),
        back=home,
        draft=f"compare-{standing.row.id}-{measure}-{dimension}",
        about=say(
            "{title_of}, by {dimension}. Choose who takes part, and who went on as before.",
            title_of=presenters.title_of(measure),
            dimension=comparing.KINDS.get(dimension, "nothing"),
        ),
        fields=[
            Field("treated", say("Who takes part"), "many", options=options, value=[*mine, "", ""]),
            Field(
                "control",
                say("With whom to compare"),
                "many",
                options=options,
                value=[*theirs, "", "", ""],
            ),
            Field("reason", say("Why these, and not those that the rule takes"), "area"),
        ],
    )
    codes = {words: code_of(words) for words, _ in options}

    def act(said: Said) -> str:
        actions.compare(
            review=standing.row.id, measure=measure, dimension=dimension,
            treated=[codes.get(each, each) for each in said.all("treated")],
            control=[codes.get(each, each) for each in said.all("control")],
            reason=said.text("reason"), by=request.actor,  # type: ignore[attr-defined]
        )  # fmt: skip
        return home

    return ask(request, form, act, say("It is drawn with these."), **context)


def _found(number: int, measure: str) -> tuple[Standing, Drawn]:
    for standing in queries.of(number)[:1]:
        for each in standing.judged:
            if each.row.measure == measure and not each.row.compares:
                return standing, each
    raise Http404(measure)


def _now(
    standing: Standing, measure: str, dimension: str, options: Options
) -> tuple[list[str], list[str]]:
    """Whom it is compared with now, in the words of the form; nobody where that is another kind."""
    beside = (e.row for e in standing.judged if e.row.compares and e.row.measure == measure)
    row = next(beside, None)
    if row is None or not row.evaluation:
        return [], []
    question = asked.one(row.evaluation, by=comparing.EYES).question
    if question.dimension != dimension:
        return [], []
    words = {code_of(each): each for each, _ in options}
    return ([words.get(code, code) for code in question.treated],
            [words.get(code, code) for code in question.control])  # fmt: skip


def code_of(words: str) -> str:
    """The code at the end of what somebody chose."""
    return words.rpartition(" (")[2].removesuffix(")")


def _options(question: Question, dimension: str) -> Options:
    try:
        there = comparing.groups(question, dimension) if dimension else {}
    except BadConfig:
        there = {}
    return [(f"{g.name} ({g.code})", "") for g in sorted(there.values(), key=lambda g: g.name)]

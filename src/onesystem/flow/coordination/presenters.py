"""People on the list, flags and indices in words."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from onesystem.district import District
from onesystem.flow.coordination.definitions import Definitions, Flag
from onesystem.flow.coordination.indices import WORDS
from onesystem.flow.coordination.queries import Count, Row, Told
from onesystem.flow.coordination.scoring import working
from onesystem.flow.coordination.steps import ASIDE, DONE, TAKEN, Standing, Step, undoable
from onesystem.flow.measures.days import date_of
from onesystem.flow.measures.names import practice_name
from onesystem.people.presenters import name_of
from onesystem.vocabulary import to_local, words
from onesystem.vocabulary.kept import from_micros
from onesystem.vocabulary.said import say
from onesystem.vocabulary.wording import day

HEAD = ("score", "person", "name", say("birth date"), "age", "practice", "area", "flags", "working",
        "state", "by", *WORDS)  # fmt: skip


def line_words(line: Told, flags: Mapping[str, Flag], here: District) -> dict[str, Any]:
    """One line of the working: the flag, what was counted, the points and how they come about."""
    flag = flags.get(line.flag)
    return {
        "flag": line.flag,
        "title": flag.title if flag else line.flag,
        "words": flag.words if flag else "",
        "count": line.count,
        "counted": f"{flag.facts if flag else 'facts'}: {line.count}",
        "points": line.points,
        "how": working(flag, line.count, line.points) if flag else "",
        "facts": [_fact_words(fact, here) for fact in line.facts],
    }


def _fact_words(fact: Any, here: District) -> dict[str, str]:
    said = here.organisations[fact.said].name if fact.said in here.organisations else fact.said
    return {
        "when": day(to_local(from_micros(fact.at), here.zone).date()),
        "service": here.service_name(fact.service) if fact.service else "",
        "said": said,
        "amount": say("{amount} nights", amount=fact.amount) if fact.amount > 1 else "",
    }


def row_words(
    row: Row, who: Any, flags: Mapping[str, Flag], here: District, *, me: str, today: int
) -> dict[str, Any]:
    """Somebody on the list."""
    return {
        "person": row.person,
        "name": called(who),
        "born": who.birth_date if who else "",
        "restricted": bool(who and who.restricted),
        "age": row.age,
        "practice": practice_name(here, row.practice) if row.practice else "",
        "area": "" if who and who.restricted else row.area,
        "score": row.score,
        "lines": [line_words(line, flags, here) for line in row.lines],
        "state": standing_words(row.standing, here, me=me),
        "mine": row.standing.state == TAKEN and row.standing.by == me,
        "taken": row.standing.state == TAKEN,
        "indices": index_words(row.indices),
        "tasks": [task_words(each, today=today) for each in row.tasks],
    }


def called(who: Any) -> str:
    """The name of somebody on the list, or that none is known."""
    return name_of(who.given, who.family) if who else name_of("", "")


def task_words(task: Step, *, today: int) -> dict[str, Any]:
    """A task that is open: what, by whom, until when."""
    return {
        "id": task.id, "text": task.text, "owner": task.owner, "by": task.by,
        "at": from_micros(task.at), "until": day(date_of(task.until)) if task.until else "",
        "late": bool(task.until) and task.until < today,
    }  # fmt: skip


def standing_words(standing: Standing, here: District, *, me: str) -> tuple[str, str, str]:
    """How somebody stands: the words, the kind of tag, a note beside."""
    who = "you" if standing.by == me else standing.by
    when = day(to_local(from_micros(standing.at), here.zone).date()) if standing.at else ""
    if standing.state == TAKEN:
        return say("{who} since {when}", who=who, when=when), "info", ""
    if standing.state == ASIDE:
        until = day(date_of(standing.until))
        return say("put aside until {until}", until=until), "quiet", f"{standing.text} ({who})"
    if standing.state == DONE:
        return say("done by {who}, {when}", who=who, when=when), "good", standing.text
    if standing.back:
        return say("back: {back}", back=standing.back), "warn", f"{who}, {when}"
    return "open", "quiet", ""


def index_words(found: Mapping[str, float | int | None]) -> list[dict[str, str]]:
    """The indices with their definitions; a dash where too little is known."""
    return [
        {"name": name, "title": title, "words": means, "source": source,
         "value": _index(name, found.get(name))}
        for name, (title, means, source) in WORDS.items()
    ]  # fmt: skip


def _index(name: str, value: float | None) -> str:
    if value is None:
        return words.NONE
    return f"{value:.0f}" if name in {"organisations", "home"} else f"{value:.2f}"


def step_words(steps: Sequence[Step], *, me: str) -> list[dict[str, Any]]:
    """What was done, the newest first."""
    gone = {each.undoes for each in steps if each.undoes}
    mine = undoable(steps, me)
    asked = {each.id: each.text for each in steps if each.kind == "asked"}
    return [
        {
            "kind": each.kind,
            "by": each.by,
            "at": from_micros(each.at),
            "text": each.text,
            "until": day(date_of(each.until)) if each.until else "",
            "owner": each.owner,
            "about": asked.get(each.about, ""),
            "undone": each.id in gone,
            "undoable": mine is not None and mine.id == each.id,
        }
        for each in sorted(steps, key=lambda s: -s.id)
        if each.kind != "undone"
    ]


def count_rows(
    counts: Sequence[Count], flags: Sequence[Flag], here: District, by: str
) -> list[dict[str, Any]]:
    """How many people by group: on the list at all, and by flag."""
    groups: dict[str, dict[str, int | None]] = {}
    for each in counts:
        groups.setdefault(each.group, {})[each.flag] = each.people

    def called(group: str) -> str:
        if not by:
            return say("The whole district")
        return (practice_name(here, group) if by == "practice" else group) or say("Not known")

    return [
        {
            "group": called(group),
            "code": group,
            "all": held.get("", 0),
            "flags": [(flag.name, held.get(flag.name, 0)) for flag in flags],
        }
        for group, held in sorted(groups.items(), key=lambda pair: called(pair[0]).casefold())
    ]


def flag_words(said: Definitions, on: date) -> list[dict[str, Any]]:
    """The definitions in force, for the page."""
    return [
        {
            "name": flag.name,
            "title": flag.title,
            "words": flag.words,
            "weight": _weight(flag),
            "alone": flag.alone,
            "source": flag.source,
            "source_date": flag.source_date,
            "since": flag.since,
            "own": flag.own,
            "expects": flag.rest.get("expects", ()),
        }
        for flag in said.on(on)
    ]


def _weight(flag: Flag) -> str:
    if not flag.more:
        return f"{flag.points}"
    return say(
        "{points}, and {more} for each beyond {least}, at most {most}",
        points=flag.points,
        more=flag.more,
        least=flag.least,
        most=flag.most,
    )


def csv_rows(shown: Sequence[dict[str, Any]]) -> list[list[Any]]:
    """The rows of the page for a file."""
    return [
        [
            each["score"], each["person"], each["name"], each["born"], each["age"],
            each["practice"], each["area"],
            "; ".join(line["title"] for line in each["lines"]),
            "; ".join(f"{line['title']}: {line['counted']} = {line['points']}"
                      for line in each["lines"]),
            each["state"][0], each["state"][2],
            *(index["value"] for index in each["indices"]),
        ]
        for each in shown
    ]  # fmt: skip

"""What somebody wrote is text on every page: markup in it never becomes markup of ours.

`make plant` does the same with a whole demo: every word of its store, every page of everybody.
"""

import re
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from attack_routes import routes
from page_data import adt, give_purpose, person_of

from onesystem.access.roles import ROLES
from onesystem.care.requests import inbox_markup
from onesystem.flow.charts import svg
from onesystem.flow.spc import Asked, Series, draw

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src/onesystem"
sys.path.insert(0, str(ROOT / "tools"))

from plant import LINK, MARK, holes_of  # noqa: E402

ROUND = re.compile(
    r"Markup\(|mark_safe|\|\s*safe\b|format_html|autoescape|html_safe|__html__|SafeString"
)
# Who goes round the escaping, and what makes that safe.
KNOWN = {
    "budget/templates/budget/personal/_open.html": "attributes that the same page writes out",
    "budget/templates/budget/policy/policy.html": "an ampersand",
    "care/requests/inbox_markup.py": "made by hand; tried below",
    "care/templates/care/requests/new.html": "ids that the page numbers itself",
    "flow/charts/svg.py": "from templates that escape; tried below",
    "flow/showing/presenters.py": "nothing, or a picture of svg.py",
    "flow/templates/flow/charts/large.svg": "numbers and paths that we work out",
    "flow/templates/flow/charts/small.svg": "the same",
    "flow/templates/flow/journeys/_map.html": "our own style sheet",
    "flow/templates/flow/journeys/_stacks.html": "our own style sheet",
    "plan/case/report.py": "escaping is switched on there",
    "plan/templates/plan/case/case.html": "an ampersand",
    "plan/templates/plan/case/report.html": "our own style sheet",
    "record/summary/keeping.py": "pieces that a template made",
    "record/summary/telling.py": "pieces that a template made",
    "record/templates/record/summary_paper.html": "our own style sheet",
    "web/frame.py": "format_html escapes what it is given",
    "web/language/catalogue.py": "was markup before, and names of days are escaped",
    "web/language/environment.py": "what is said is escaped",
    "web/templating.py": "escaping is switched on there",
    "web/words.py": "Markup.format escapes what it is given",
}


def test_every_way_round_the_escaping_is_known():
    """A new one is looked at by somebody, and put on the list with its reason, or not made."""
    files = [f for kind in ("*.py", "*.html", "*.svg", "*.xml", "*.txt") for f in SRC.rglob(kind)]
    found = {
        file.relative_to(SRC).as_posix()
        for file in files
        if ROUND.search(file.read_text(encoding="utf-8", errors="replace"))
    }
    assert found == KNOWN.keys()


def test_the_planting_would_be_seen():
    assert holes_of(f"<p>{MARK}</p>")[0]
    assert holes_of(f'<input value="{MARK}">')[0]
    assert holes_of(f"<script>let a = '{MARK}'</script>")[0]
    assert holes_of(f'<a href="{LINK}">x</a>')[0]
    assert holes_of(MARK.replace("<", "&lt;").replace('"', "&#34;").replace("'", "&#39;"))[0] == []


def test_what_is_made_by_hand_escapes():
    words = dict.fromkeys(
        ("name", "practice", "kind", "organisation", "what", "urgency_words", "sender", "last",
         "last_by", "state_words"), MARK)  # fmt: skip
    at = datetime(2026, 11, 20, 10, tzinfo=UTC)
    line = SimpleNamespace(
        **words, request=7, value="7.1", due=None, late=False, age=40, died=True, asked=at,
        urgency_sign="bad", state_sign="info", clock="", booked_words="", last_at=at, first=None,
    )  # fmt: skip
    days = [date(2025, 1, 6) + timedelta(weeks=i) for i in range(30)]
    chart = draw(Series.of(days, [10.0, 11.0] * 15), Asked())
    made = [
        str(inbox_markup._row(line, at)),
        inbox_markup.tag("bad", MARK),
        str(svg.large(chart, title=MARK, subtitle=MARK, source=MARK)),
        str(svg.large(chart, title=MARK, subtitle=MARK, source=MARK, alone=True)),
        str(svg.small(chart, title=MARK)),
    ]
    assert [holes_of(each)[0] for each in made] == [[]] * len(made)
    assert all("&lt;plant&gt;" in each for each in made)


@pytest.mark.django_db
@pytest.mark.page
def test_what_is_planted_is_text_on_every_page(district, browser):
    """Somebody of every role reads each page: names of places, of staff and of a person planted."""
    from onesystem import feeds
    from onesystem.access.models import User

    file = district.path / "district.toml"
    text = file.read_text(encoding="utf-8")
    escaped = MARK.replace('"', '\\"')
    file.write_text(
        re.sub(r'^name = "([^"]+)"$', f'name = "\\1{escaped}"', text, flags=re.MULTILINE)
    )
    every = browser(tuple(ROLES), "every")
    User.objects.update(name=MARK)
    written = MARK.replace("&", "\\T\\")
    feeds.take_messages([feeds.Arrival(source="pas", name=f"{MARK}.hl7", data=data) for data in (
        adt(1, name=(f"Family{written}", f"Given{written}"), home=f"1 {written}^^Norwich^^NR1 1AA"),
        adt(2, person=f"P{written}", place=f"ED{written}", visit=f"V{written}"),
        MARK.encode(),
    )])  # fmt: skip
    person = person_of()
    give_purpose(every, person, "direct care")
    holes, read, told = {}, 0, 0
    for route in routes():
        if set(route.takes) - {"person"} or "logout" in route.name:
            continue
        answer = every.get(route.address(person=person))
        if answer.streaming or not answer.get("Content-Type", "").startswith(
            ("text/html", "image")
        ):
            continue
        page = answer.content.decode("utf-8", "replace")
        read, told = read + 1, told + ("&lt;plant&gt;" in page)
        if found := holes_of(page)[0]:
            holes[route.name] = found[:3]
    assert holes == {}
    assert read > 150
    assert told > 50

"""Published series beside each other; publications: small counts gone, sealed, for whom."""

import json
from datetime import date

import pytest
from alliance_made import CHAIR
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from onesystem.access import Actor
from onesystem.alliance.comparing import (
    actions,
    beside,
    gathering,
    here,
    lines,
    nation,
    series,
    shelf,
)
from onesystem.alliance.comparing.publication import (
    DISTRICTS,
    NATION,
    Month,
    Publication,
    Told,
    digest,
    hushed,
    read,
    too_small,
    written,
)
from onesystem.alliance.comparing.rows import Published
from onesystem.vocabulary import BadInput, NotFound, NotPermitted, UserError


def told(*months, **more):
    usual = {"name": "ed-4-hours", "title": "ED within 4 hours", "unit": "percent",
             "direction": "up", "words": "w", "source": "s", "shares": True, "counts": True,
             "over": True}  # fmt: skip
    return Told(**{**usual, **more}, months=tuple(months))


def month(n, above, below):
    return Month(month=date(2026, n, 1).isoformat(), above=above, below=below,
                 value=100 * above / below if below else None)  # fmt: skip


def publication(code="testshire", audience=NATION, *measures, **more):
    usual = {"name": code.title(), "currency": "GBP", "number": 1, "made": "2026-11-23T12:00:00",
             "data_to": "2026-11-22", "threshold": 5, "method": "m"}  # fmt: skip
    usual["measures"] = measures or (told(*(month(n, 60 + n, 90) for n in range(1, 11))),)
    return Publication(code=code, audience=audience, **{**usual, **more})


@pytest.mark.parametrize(
    ("figure", "place", "value"),
    [
        ("ae-over-4h", "E54000022", 0.259),  # NHS England, September 2023 to August 2024
        ("aged-65", "Japan", 0.284),  # UN World Population Prospects 2019: 28.4 % in 2020
        ("aged-65", "New Zealand", 0.164),  # the same: 16.4 %
        ("doctors", "E06000001", 57.33 / 92592),  # Hartlepool, NHS England 2024
    ],
)
def test_published_figures_are_as_published(figure, place, value):
    kind = series.places()[place].kind
    point = series.latest(figure, (kind,))[place]
    assert point.above / point.below == pytest.approx(value, rel=0.005)


def test_every_place_of_every_figure_has_a_name():
    for code in series.indicators():
        for place in series.points(code):
            assert series.places()[place].name
            assert series.places()[place].country


def test_places_stand_by_name_and_ages_have_no_limits():
    indicator = series.indicator("ae-over-4h")
    b = beside.beside(indicator, series.latest("ae-over-4h", ("board",), ("Scotland",)))
    names = [row[0].text for row in beside.listing(b, {}, "").all_rows]
    assert names == sorted(names)
    assert len(names) == 14
    ages = series.indicator("aged-65")
    assert beside.beside(ages, series.latest("aged-65", ("country",))).made is None
    assert beside.chart_of(ages, "Japan") is None
    assert lines.drawn(ages, "Japan").paths


def test_a_figure_that_nobody_knows_is_told_with_the_nearest():
    with pytest.raises(NotFound, match="beds-occupied"):
        series.indicator("beds-ocupied")


def test_the_districts_own_place_is_found_by_its_board(district):
    assert here.mine("ae-over-4h") == ""
    assert here._mine("Somewhere", ("QMM",)) == "E54000022"
    assert here._mine("Canterbury", ()) == "Canterbury"


def test_a_publication_is_the_same_after_it_was_written():
    made = publication()
    assert read(written(made), "x") == made


@given(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), min_size=1, max_size=10),
       st.integers(2, 10))  # fmt: skip
def test_nothing_under_the_threshold_leaves(pairs, threshold):
    """Whatever comes, a count, what it is out of, and the rest of it are 0, hidden, or enough."""
    months = [month(n, min(a, b), b) for n, (a, b) in enumerate(pairs, 1)]
    quiet = hushed(told(*months), threshold)
    made = publication("a", NATION, quiet, threshold=threshold)
    assert list(too_small(made)) == []
    for m in read(written(made), "x").measures[0].months:
        for count in (m.above, m.below, None if m.hidden else m.below - m.above):
            assert count is None or count == 0 or count >= threshold


def test_a_small_count_that_was_not_taken_out_stops_it():
    loud = publication("a", NATION, told(month(1, 3, 90)))
    with pytest.raises(UserError, match="ed-4-hours of 2026-01-01: 3 is under 5"):
        written(loud)


def sealed(**changes):
    plain = {k: v for k, v in json.loads(written(publication())).items() if k != "digest"} | changes
    return json.dumps(plain | {"digest": digest(plain)}).encode()


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"{", "unreadable"),
        (b"[]", "schema"),
        (sealed(schema="other/9"), "schema"),
        (sealed(code="../../etc"), "head"),
        (sealed(audience="everybody"), "head"),
        (sealed(measures=[{"name": "x"}]), "unreadable"),
        (sealed(surprise=1), "unreadable"),
        (written(publication()).replace(b"Testshire", b"Elsewhere"), "digest"),
        (b" " * 2_000_001, "too-long"),
    ],
)
def test_what_is_no_publication_is_refused_with_its_rule(content, rule):
    with pytest.raises(BadInput) as told_:
        read(content, "file.json")
    assert told_.value.rule == f"publication.{rule}"


def test_a_file_with_a_small_count_is_refused_whoever_sealed_it():
    plain = json.loads(written(publication()))
    plain["measures"][0]["months"][0]["above"] = 2
    plain["digest"] = digest(plain)
    with pytest.raises(BadInput, match="small count"):
        read(json.dumps(plain).encode(), "x")


@pytest.fixture
def laid(district, tmp_path, monkeypatch):
    """Three districts on the shelf: ours, one for all, one for the nation alone."""
    monkeypatch.setenv("ONESYSTEM_NATION", str(tmp_path / "nation"))
    shelf.lay(publication("testshire"))
    shelf.lay(publication("open", DISTRICTS))
    shelf.lay(publication("closed", NATION))
    return tmp_path / "nation"


def codes(*, nation):
    return [p.code for p in shelf.every(nation=nation, mine="testshire").publications]


def test_each_sees_only_what_it_may(laid):
    assert codes(nation=True) == ["closed", "open", "testshire"]
    assert codes(nation=False) == ["open", "testshire"]


def test_bad_files_are_named_to_the_nation_and_stop_nothing(laid):
    (laid / "broken.json").write_text("{")
    (laid / "twin.json").write_bytes(written(publication("open", DISTRICTS)))
    there = shelf.every(nation=True, mine="testshire")
    assert len(there.publications) == 3
    assert [r.split(":")[0] for r in there.refused] == ["broken.json", "twin.json"]
    assert shelf.every(nation=False, mine="testshire").refused == ()


def test_districts_stand_beside_each_other_as_a_funnel():
    every = [publication(c, NATION, told(*(month(n, a, 90) for n in range(1, 11))))
             for c, a in (("one", 60), ("two", 62), ("three", 20))]  # fmt: skip
    found = nation.rows(every, "ed-4-hours")
    assert [r.district.code for r in found] == ["one", "two", "three"]
    assert found[0].value == pytest.approx(66.7, abs=0.05)
    assert [row[0] for row in nation.listing(found, {}).all_rows] == ["One", "Two", "Three"]
    assert nation.rows(every, "nothing") == []


@pytest.fixture
def figures(monkeypatch):
    """Measures as they are told to somebody who sees no people."""
    seen = []

    def gathered_(name, start, end, eyes, cache):
        seen.append(eyes)
        return hushed(told(*(month(n, 60, 90) for n in range(1, 11)), name=name), 5)

    monkeypatch.setattr(gathering, "_told", gathered_)
    return seen


@pytest.mark.django_db
def test_publishing_is_kept_laid_there_and_withdrawn(joined, laid, figures):
    made = actions.publish(by=CHAIR, audience=DISTRICTS, note="First")
    assert made.number == 1
    assert all(e.roles == frozenset({"analyst"}) for e in figures)  # never as who sees people
    assert read((laid / "testshire.json").read_bytes(), "x") == made
    again = actions.publish(by=CHAIR)
    assert (again.number, again.audience) == (2, NATION)
    with pytest.raises(UserError, match="reason is missing"):
        actions.withdraw(by=CHAIR, why=" ")
    actions.withdraw(by=CHAIR, why="A wrong definition")
    assert not (laid / "testshire.json").exists()
    assert [p.body == "" for p in Published.objects.order_by("number")] == [False, False, True]
    with pytest.raises(UserError, match="nothing of this district"):
        actions.withdraw(by=CHAIR, why="Again")
    with pytest.raises(DatabaseError), transaction.atomic():
        Published.objects.filter(number=1).update(why="x")


@pytest.mark.django_db
def test_a_folder_that_cannot_be_written_publishes_nothing(joined, tmp_path, monkeypatch, figures):
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("ONESYSTEM_NATION", str(tmp_path / "file"))
    with pytest.raises(UserError, match="cannot be written"):
        actions.publish(by=CHAIR)
    assert not Published.objects.exists()


@pytest.mark.django_db
def test_who_keeps_no_alliance_publishes_nothing(joined, laid, figures):
    with pytest.raises(NotPermitted):
        actions.publish(by=Actor(name="a", roles=frozenset({"analyst"})))
    with pytest.raises(UserError, match="no audience"):
        actions.publish(by=CHAIR, audience="everybody")


@pytest.mark.django_db
def test_a_national_planner_reads_nothing_but_what_was_published(sign_in, laid):
    client = sign_in("national-planner")
    assert client.get("/").url == "/compare/nation/"  # who signs in begins there
    for page in ("/compare/nation/", "/compare/nation/?format=csv", "/compare/"):
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(page)
        assert answer.status_code == 200
        for query in asked.captured_queries:
            for table in ("contacts_", "people_", "record_", "budget_", "alliance_", "flow_cell"):
                assert table not in query["sql"], query["sql"]
    assert b"Closed" in client.get("/compare/nation/").content
    for page in ("/compare/published/", "/compare/published/1/", "/alliance/", "/measures/",
                 "/people/", "/budget/", "/plan/"):  # fmt: skip
        assert client.get(page).status_code in (403, 404), page
    assert client.post("/compare/published/act/", {"do": "publish"}).status_code == 403


@pytest.mark.django_db
def test_a_districts_analyst_sees_no_district_that_publishes_to_the_nation_alone(sign_in, laid):
    page = sign_in("analyst").get("/compare/nation/").content.decode()
    assert "Open" in page
    assert "Closed" not in page
    assert (
        "Closed" not in sign_in("analyst", "b").get("/compare/nation/?format=csv").content.decode()
    )


@pytest.mark.django_db
def test_who_sees_neither_measures_nor_the_nation_sees_no_comparison(sign_in, laid):
    assert sign_in("viewer").get("/compare/nation/").status_code == 403


@pytest.mark.django_db
@pytest.mark.parametrize(
    "page",
    ["/compare/", "/compare/?figure=aged-65&kind=country&place=Japan", "/compare/?figure=nothing",
     "/compare/?figure=doctors&country=Wales", "/compare/?format=csv", "/compare/?format=xlsx",
     "/compare/?place=E54000022", "/compare/nation/?measure=no", "/compare/published/"],
)  # fmt: skip
def test_pages_of_comparing_open(sign_in, laid, figures, page):
    assert sign_in("analyst").get(page).status_code == 200


@pytest.mark.django_db
def test_a_chair_publishes_on_the_page(sign_in, laid, figures):
    client = sign_in("alliance-chair")
    done = client.post(
        "/compare/published/act/", {"do": "publish", "audience": NATION}, follow=True
    )
    assert "Published as number 1." in done.content.decode()
    assert client.get("/compare/published/1/").content == (laid / "testshire.json").read_bytes()
    assert client.get("/compare/published/9/").status_code == 404
    done = client.post("/compare/published/act/", {"do": "publish", "audience": "x"}, follow=True)
    assert "there is no audience" in done.content.decode()

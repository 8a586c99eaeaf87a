"""The pages: ask, see what fits, run, read, sign, export; scoped and audited."""

import io
import re
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

import numpy as np
import pytest
from evidence_cases import months

from onesystem.evidence import actions, measured
from onesystem.evidence.models import Run, Signature, Version

PERIODS = tuple(months(40, date(2022, 1, 1)))


@dataclass(frozen=True)
class Measure:
    """A measure as its library declares it."""

    name: str = "ed-4-hour"
    title: str = "Four hours in ED"
    words: str = "How many stays were longer than four hours."
    unit: str = "count"
    version: int = 2
    complement: bool = False
    standardisation: str = "none"
    direction: str = "down"
    source: str = "The test"


@dataclass(frozen=True)
class Told:
    """Figures of one group."""

    group: dict
    names: dict
    numerator: tuple
    denominator: tuple = ()
    measure: Measure = field(default_factory=Measure)
    periods: tuple = PERIODS
    data_to: date = date(2025, 4, 30)

    @property
    def value(self):
        return tuple(None if n is None else float(n) for n in self.numerator)

    @property
    def hidden(self):
        return tuple(n is None for n in self.numerator)

    @property
    def whole(self):
        return tuple(True for _ in self.numerator)


def figures(name, *, by, where, **asked):
    """Nine services, of which the first two halved in January 2024; or the district."""
    rng = np.random.default_rng(1)
    made = []
    for i in range(9 if by else 1):
        level = np.where((np.arange(40) >= 24) & (i < 2), 50, 100) + 5 * i
        counts = tuple(int(c) for c in rng.poisson(level))
        group = {by[0]: f"s{i}"} if by else {}
        words = {by[0]: f"Service {i}"} if by else {}
        made.append(Told(group, words, counts, tuple(1.0 for _ in counts)))
    wanted = where.get(by[0]) if by and where else None
    return [f for f in made if not wanted or f.group[by[0]] in wanted]


@pytest.fixture
def measures(monkeypatch):
    """Measures whose figures are known."""
    from onesystem.evidence import pages

    monkeypatch.setattr(measured, "FIGURES", figures)
    monkeypatch.setattr(pages, "measures", lambda: [("ed-4-hour", "Four hours in ED")])
    monkeypatch.setattr(
        pages, "_groups", lambda filled, request: [(f"s{i}", f"Service {i}") for i in range(9)]
        if filled.get("dimension") else [],
    )  # fmt: skip


ASKED = {
    "title": "Did the minors stream shorten stays?", "measure": "ed-4-hour", "every": "month",
    "what": "A minors stream", "who": "ED", "at": "2024-01-01", "start": "2022-01-01",
    "end": "2025-05-01", "design": "its", "slope": "0", "date_known": "1", "cost": "200",
    "days": "0.5", "keep": "1",
}  # fmt: skip


def said(response):
    """The text of a page, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def ask(client, **changes):
    answer = client.post("/evidence/new/", {**ASKED, **changes})
    assert answer.status_code == 302, said(answer)
    return answer.headers["Location"]


def run(client, address):
    answer = client.post(f"{address}run/", follow=True)
    while b'id="working"' in answer.content:
        client.post(answer.redirect_chain[-1][0])
        answer = client.get(address)
    return answer


class TestAsking:
    def test_an_empty_list_says_what_to_do(self, sign_in, measures):
        page = sign_in("analyst").get("/evidence/")
        assert "Ask whether a change worked" in said(page)
        assert page.status_code == 200

    def test_the_form_says_which_design_fits_before_anything_is_kept(self, sign_in, measures):
        client = sign_in("analyst")
        page = client.post("/evidence/new/", {**ASKED, "keep": "", "look": "1"})
        assert "recommended" in said(page)
        assert "would be found with a chance of 80%" in said(page)
        assert Version.objects.count() == 0

    def test_the_form_is_filled_from_the_address(self, sign_in, measures):
        page = sign_in("analyst").get("/evidence/new/?title=Did+it&what=Frailty+team")
        assert b"Frailty team" in page.content
        assert b"Did it" in page.content

    def test_mistakes_are_named_field_by_field(self, sign_in, measures):
        page = sign_in("analyst").post(
            "/evidence/new/", {**ASKED, "title": "", "at": "2030-01-01", "cost": "much"}
        )
        text = said(page)
        assert "Give a title" in text
        assert "The change lies between" in text
        assert "The cost is no number" in text
        assert b"A minors stream" in page.content

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"design": "did"}, "choose what they are"),
            ({"design": "did", "dimension": "service"}, "Choose where the change was made"),
            ({"design": "synth", "dimension": "service", "treated": ["s0", "s1"]}, "choose one"),
            ({"design": "did", "dimension": "service", "treated": ["s0"], "control": ["s0"]},
             "on both sides"),
            ({"design": "staggered", "dimension": "service", "treated": ["s0", "s1"]},
             "when each began"),
        ],
    )  # fmt: skip
    def test_a_design_says_what_it_needs(self, sign_in, measures, changes, words):
        page = sign_in("analyst").post("/evidence/new/", {**ASKED, **changes})
        assert words in said(page)

    def test_only_those_who_may_sign_ask(self, sign_in, measures):
        assert sign_in("planner").get("/evidence/new/").status_code == 403
        assert sign_in("administrator").get("/evidence/").status_code == 403


class TestRunning:
    def test_an_interrupted_time_series_from_question_to_signature(self, sign_in, measures):
        client = sign_in("analyst")
        address = ask(client)
        text = said(run(client, address))
        assert "The outcome fell by" in text
        assert "What it cannot say" in text
        assert "£" in text
        assert b"<svg" in client.get(address).content
        number = Run.objects.get().id
        client.post(f"/evidence/run/{number}/sign/", {"statement": "Coding was checked."})
        assert "Coding was checked." in said(client.get(address))
        signature = Signature.objects.get()
        assert signature.digest == actions.digest(Run.objects.get().result)
        twice = client.post(f"/evidence/run/{number}/sign/", {"statement": "Again."}, follow=True)
        assert "you have signed this result" in said(twice)

    @pytest.mark.parametrize(
        ("design", "more"),
        [
            ("controlled", {"treated": ["s0", "s1"], "control": ["s4", "s5"]}),
            ("did", {"treated": ["s0", "s1"]}),
            ("staggered", {"treated": ["s0", "s1"],
                           "starts": "s0 = 2023-10-01\ns1 = 2024-01-01"}),
            ("synth", {"treated": ["s0"]}),
            ("changepoint", {"treated": ["s0", "s1"]}),
        ],
    )  # fmt: skip
    def test_every_design_finds_it(self, sign_in, measures, design, more):
        client = sign_in("analyst")
        address = ask(client, design=design, dimension="service", **more)
        run(client, address)
        result = Run.objects.get().result
        assert result["design"] == design
        assert result["main"]["estimate"] < 0
        page = client.get(address)
        assert b"<svg" in page.content
        assert "Service 0" in said(page)

    def test_a_run_that_cannot_be_done_says_why(self, sign_in, measures):
        client = sign_in("analyst")
        address = ask(client, at="2022-02-01")
        page = run(client, address)
        assert "only 1 period before the change" in said(page)

    def test_hidden_periods_are_not_guessed(self, sign_in, measures, monkeypatch):
        def hiding(name, **asked):
            whole = figures(name, **asked)[0]
            return [Told({}, {}, tuple(n if i % 2 else None for i, n in enumerate(whole.numerator)),
                         whole.denominator)]  # fmt: skip

        monkeypatch.setattr(measured, "FIGURES", hiding)
        client = sign_in("analyst")
        page = run(client, ask(client))
        assert "hidden for small numbers" in said(page)

    def test_a_change_of_the_question_is_a_version_with_a_reason(self, sign_in, measures):
        client = sign_in("analyst")
        address = ask(client)
        run(client, address)
        refused = client.post(f"{address}change/", {**ASKED, "at": "2024-02-01"})
        assert "no reason is given" in said(refused)
        client.post(f"{address}change/", {**ASKED, "at": "2024-02-01", "reason": "It began late"})
        assert Version.objects.count() == 2
        assert "It began late" in said(client.get(address))
        assert "not been run yet" in said(client.get(address))
        assert "The outcome fell" in said(client.get(f"{address}?version=1"))
        assert client.get(f"{address}?version=9").status_code == 404

    def test_files(self, sign_in, measures):
        from openpyxl import load_workbook

        client = sign_in("analyst")
        run(client, ask(client))
        base = f"/evidence/run/{Run.objects.get().id}/result"
        lines = client.get(f"{base}.csv").content.decode("utf-8-sig").splitlines()
        assert lines[0].startswith("period,observed")
        assert len(lines) == 41
        book = load_workbook(io.BytesIO(client.get(f"{base}.xlsx").content))
        assert {"Effects", "Definition"} <= set(book.sheetnames)
        told = {r[0].value: r[1].value for r in book["Definition"].iter_rows()}
        assert told["What was done"] == "A minors stream"
        assert client.get(f"{base}.json").json()["result"]["design"] == "its"
        assert client.get(f"{base}.exe").status_code == 404

    def test_everything_is_in_the_trail(self, sign_in, measures):
        from onesystem.access.models import Audit

        client = sign_in("analyst")
        run(client, ask(client))
        client.get(f"/evidence/run/{Run.objects.get().id}/result.csv")
        acts = set(Audit.objects.values_list("act", flat=True))
        assert {"evaluation.asked", "evaluation.run", "evaluation.exported"} <= acts

    def test_those_who_only_see_see(self, sign_in, measures):
        client = sign_in("analyst")
        address = ask(client)
        run(client, address)
        page = sign_in("planner").get(address)
        assert "The outcome fell" in said(page)
        assert "Run it" not in said(page)


def test_a_run_goes_on_from_where_it_was(sign_in, measures, monkeypatch):
    """A closed page or a stopped worker loses nothing: pieces are kept one by one."""
    monkeypatch.setattr(actions, "SECONDS", 0.0)
    client = sign_in("analyst")
    address = ask(client, design="synth", dimension="service", treated=["s0"])
    page = client.post(f"{address}run/", follow=True)
    assert b"Pretended treatments" in page.content
    row = Run.objects.get()
    assert row.pieces == 10
    monkeypatch.setattr(actions, "SECONDS", 60.0)
    done = client.post(f"/evidence/run/{row.id}/", headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"] == address
    assert Run.objects.get().state == Run.DONE
    assert Run.objects.get().done_at <= datetime.now(UTC)


def test_a_result_as_pdf(sign_in, measures):
    pytest.importorskip("weasyprint")
    client = sign_in("analyst")
    run(client, ask(client))
    answer = client.get(f"/evidence/run/{Run.objects.get().id}/result.pdf")
    if answer.status_code == 302:
        pytest.skip("this machine makes no PDF")
    assert answer.content.startswith(b"%PDF")


def waiting_list(seed=4, many=600):
    """Points, and days in hospital after: eight fewer from fifty points on."""
    rng = np.random.default_rng(seed)
    points = rng.uniform(20, 80, many)
    days = 30 + 0.2 * points - 8 * (points >= 50) + rng.normal(0, 3, many)
    return "points\tdays\n" + "\n".join(
        f"{x:.2f}\t{y:.2f}" for x, y in zip(points, days, strict=True)
    )


RD = {"design": "rd", "measure": "", "threshold": "50", "score": "points on the list",
      "outcome": "days in hospital", "days": "1"}  # fmt: skip


class TestThreshold:
    def test_a_threshold_is_asked_and_run(self, sign_in, measures):
        client = sign_in("analyst")
        address = ask(client, **RD, cases=waiting_list())
        text = said(run(client, address))
        assert "points on the list at or above 50 got it; 600 cases" in text
        assert "Regression discontinuity" in text
        main = Run.objects.get().result["main"]
        assert main["low"] < -8 < main["high"]
        assert main["high"] - main["low"] < 6
        assert b"<svg" in client.get(address).content
        assert client.get(f"{address}").status_code == 200
        number = Run.objects.get().id
        for form in ("csv", "xlsx", "json"):
            assert client.get(f"/evidence/run/{number}/result.{form}").status_code in (200, 404)

    def test_the_question_is_changed_with_its_cases(self, sign_in, measures):
        client = sign_in("analyst")
        address = ask(client, **RD, cases=waiting_list())
        page = client.get(f"{address}change/")
        assert page.status_code == 200
        assert b'name="cases"' in page.content
        assert b"points on the list" in page.content

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"threshold": ""}, "from which score on"),
            ({"cases": "1, 2"}, "Give 20 cases or more"),
            ({"cases": "70, much"}, "line 1 is"),
            ({"cases": "score, days\n70, 3, 4"}, "line 2 is"),
        ],
    )
    def test_it_says_what_it_lacks(self, sign_in, measures, changes, words):
        page = sign_in("analyst").post(
            "/evidence/new/", {**ASKED, **RD, "cases": waiting_list(), **changes}
        )
        assert words in said(page)

    def test_it_is_advised_where_a_threshold_rules(self, sign_in, measures):
        page = sign_in("analyst").post(
            "/evidence/new/", {**ASKED, **RD, "cases": waiting_list(), "keep": "", "look": "1"}
        )
        assert "those around it are alike" in said(page)


def test_all_eight_designs_are_on_the_pages():
    from onesystem.evidence.advice import TITLES
    from onesystem.evidence.question import PAGES

    assert set(PAGES) == set(TITLES)
    assert len(PAGES) == 8

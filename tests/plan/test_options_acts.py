"""Plans as they are kept: steps, gates, runs, reviews, evidence that reproduces; on both stores."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction
from options_tried import FRANKIE, PIA, begun, twin

from onesystem import wiring
from onesystem.flow import answers
from onesystem.plan.options import (
    actions,
    diagnosing,
    doing,
    linking,
    queries,
    reviewing,
    running,
)
from onesystem.plan.options.keeping import Overtaken
from onesystem.plan.options.rows import PlanComment, PlanRow, PlanRun, PlanStep
from onesystem.vocabulary import NotFound, NotPermitted, UserError

THREE = ("acute-demand-home", "ambulance-to-practice", "beds")
SLUG = "winter-without-gridlock"


@pytest.fixture(autouse=True)
def joined(db, district):
    wiring.connect()
    return district


@pytest.fixture
def three(monkeypatch):
    monkeypatch.setattr(queries, "people", lambda: 100_000)
    return begun(*THREE)


def seen(slug=SLUG):
    return queries.plan(slug).number


def ran(slug, sets=None):
    """Run options here and now."""
    made = running.ask(plan=slug, sets=sets or running.alone_and_together(THREE), by=PIA)
    while answers.waits() and answers.work():
        pass
    return queries.run(slug, made.number)


def test_a_plan_begins_in_its_first_stage_with_ten_weeks(three):
    mine = queries.plan(three)
    assert (mine.stage, mine.weeks, mine.horizon) == ("diagnosis", 10, 5)
    assert [each.key for each in mine.options] == list(THREE)
    assert [step.kind for step in queries.steps(three)][::-1] == ["begun", *["taken"] * 3]


def test_two_plans_of_a_name_have_addresses_of_their_own(three):
    assert begun() == "winter-without-gridlock-2"
    assert actions.slug_of("Portfolio") == "portfolio-2"
    assert actions.slug_of("  ") == "plan"


def test_an_area_is_found_by_any_of_its_codes():
    """Three styles of board code lead to the area that there is; a slip names the nearest."""
    for said in ("QMM", "E54000022", "Norfolk and Waveney"):
        assert queries.plan(begun(area=said)).area == "QMM"
    with pytest.raises(UserError, match="QMN"):
        begun(area="QMN")


@pytest.mark.parametrize(
    ("more", "what"),
    [({"name": " "}, "no name"), ({"horizon": 7}, "7 years"), ({"weeks": 0}, "0 weeks")],
)
def test_a_plan_that_cannot_be_is_refused(more, what):
    with pytest.raises(UserError, match=what):
        actions.begin(**{"name": "x", "by": PIA, **more})
    assert not PlanRow.objects.exists()


def test_who_saw_an_old_plan_is_told_who_changed_it(three):
    old = seen()
    actions.drop(plan=three, key="beds", seen=old, by=PIA)
    with pytest.raises(Overtaken, match="pia took an option out"):
        actions.adjust(plan=three, key="beds", seen=old, by=PIA, strength="high",
                       starts=date(2027, 4, 1))  # fmt: skip


def test_an_option_is_taken_once_taken_out_and_brought_back(three):
    with pytest.raises(UserError, match="in this plan already"):
        actions.take(plan=three, key="beds", by=PIA)
    actions.drop(plan=three, key="beds", seen=seen(), by=PIA)
    assert queries.gone(three) == ["beds"]
    actions.restore(plan=three, key="beds", seen=seen(), by=PIA)
    assert len(queries.plan(three).options) == 3
    with pytest.raises(UserError, match="nothing of 'beds'"):
        actions.restore(plan=three, key="beds", seen=seen(), by=PIA)


def test_a_plan_that_departs_from_the_library_says_why(three):
    said = {"plan": three, "key": "beds", "by": PIA, "strength": "central",
            "starts": date(2027, 4, 9), "effects": {"beds": (2, 6, 8)}}  # fmt: skip
    with pytest.raises(UserError, match="why this plan departs"):
        actions.adjust(**said, seen=seen())
    with pytest.raises(UserError, match="6 is not between 7 and 8"):
        actions.adjust(**(said | {"effects": {"beds": (7, 6, 8)}}), seen=seen(), why="x")
    actions.adjust(**said, seen=seen(), why="What the estate has room for", costs={"running": 500})
    mine = queries.plan(three).option("beds")
    effect = mine.option.effect("beds")
    assert (effect.central, effect.assumed) == (6, True)
    assert effect.source == "This plan: What the estate has room for"
    assert (mine.priced.running, mine.starts) == (500, date(2027, 4, 1))


def test_a_gate_holds_until_what_it_asks_for_is_there(three):
    with pytest.raises(actions.NotYet, match="largest avoidable flows") as error:
        actions.move(plan=three, seen=seen(), by=PIA)
    assert len(error.value.missing) == 3
    actions.move(plan=three, seen=seen(), by=PIA, override="The board asked for it by Friday")
    assert queries.plan(three).stage == "solutions"
    step = queries.steps(three)[0]
    assert (step.kind, step.why) == ("overridden", "The board asked for it by Friday")
    with pytest.raises(UserError, match="why the plan goes back"):
        actions.send_back(plan=three, seen=seen(), by=PIA, why=" ")
    actions.send_back(plan=three, seen=seen(), by=PIA, why="Nothing was kept")
    assert queries.plan(three).stage == "diagnosis"


def test_a_plan_goes_through_its_four_stages(three, joined, monkeypatch):
    twin(joined)
    rows = {"title": "t", "rows": [["a", "b"]], "href": "/", "line": ""}
    monkeypatch.setattr(diagnosing, "value_of", lambda *_, **__: rows)
    for kind in ("opportunity", "measure", "case"):
        diagnosing.keep(plan=three, kind=kind, asked={"kind": "x"}, by=PIA)
    actions.move(plan=three, seen=seen(), by=PIA)
    ran(three)
    actions.move(plan=three, seen=seen(), by=PIA)
    actions.choose(plan=three, keys=["beds"], seen=seen(), by=PIA, why="Only these are possible")
    for criterion in queries.plan(three).criteria:
        reviewing.score(plan=three, criterion=criterion, value=3, by=FRANKIE)
    action = doing.assign(plan=three, words="Order beds", owner="Estates", option="beds", by=PIA,
                          begins=date(2027, 1, 1), due=date(2027, 3, 1))  # fmt: skip
    actions.move(plan=three, seen=seen(), by=PIA)
    with pytest.raises(actions.NotYet, match="done or dropped"):
        actions.move(plan=three, seen=seen(), by=PIA)
    doing.settle(plan=three, action=action, state="done", by=PIA)
    actions.move(plan=three, seen=seen(), by=PIA)
    assert queries.plan(three).stage == "closed"
    for act in (
        lambda: actions.move(plan=three, seen=seen(), by=PIA),
        lambda: actions.take(plan=three, key="enablement", by=PIA),
    ):
        with pytest.raises(UserError, match="plan is closed"):
            act()


def test_a_critical_friend_comments_and_scores_and_approves_nothing(three):
    """'A reviewer ("critical friend") who reads, comments and scores but cannot approve.'"""
    asked = reviewing.comment(plan=three, words="How do you know?", by=FRANKIE)
    reviewing.score(plan=three, criterion="money", value=2, by=FRANKIE, words="No sums yet")
    now = seen()
    barred = (
        lambda: actions.move(plan=three, seen=now, by=FRANKIE, override="x"),
        lambda: actions.take(plan=three, key="enablement", by=FRANKIE),
        lambda: actions.choose(plan=three, keys=["beds"], seen=now, by=FRANKIE),
        lambda: running.ask(plan=three, sets=[["beds"]], by=FRANKIE),
        lambda: diagnosing.keep(plan=three, kind="case", asked={}, by=FRANKIE),
        lambda: doing.assign(plan=three, words="x", owner="y", begins=date(2027, 1, 1),
                             due=date(2027, 1, 2), by=FRANKIE),
        lambda: reviewing.comment(plan=three, words="I answer", answers=asked, by=FRANKIE),
        lambda: reviewing.score(plan=three, criterion="money", value=5, by=PIA),
    )  # fmt: skip
    for act in barred:
        with pytest.raises(NotPermitted):
            act()
    assert seen() == now
    assert queries.facts(three).unanswered == 1
    reviewing.comment(plan=three, words="By the log", answers=asked, by=PIA)
    assert queries.facts(three).unanswered == 0


def test_a_score_is_of_the_plan_as_it_was_until_what_it_proposes_changes(
    three, joined, monkeypatch
):
    """Comments, scores, figures kept and runs leave it the same; another option does not."""
    reviewing.score(plan=three, criterion="money", value=2, by=FRANKIE)
    [scored] = queries.scores(three).values()
    reviewing.comment(plan=three, words="How do you know?", by=FRANKIE)
    reviewing.score(plan=three, criterion="people", value=4, by=FRANKIE)
    monkeypatch.setattr(diagnosing, "value_of", lambda *_, **__: {"title": "Bed-days"})
    diagnosing.keep(plan=three, kind="measure", asked={}, by=PIA)
    twin(joined)
    running.ask(plan=three, sets=[["beds"]], by=PIA)
    assert queries.changed(three) <= scored.step
    actions.take(plan=three, key="enablement", by=PIA)
    assert queries.changed(three) > scored.step


@pytest.mark.parametrize("value", [0, 6, -1])
def test_a_score_is_one_to_five(three, value):
    with pytest.raises(UserError, match="is no score"):
        reviewing.score(plan=three, criterion="money", value=value, by=FRANKIE)
    with pytest.raises(NotFound, match="money"):
        reviewing.score(plan=three, criterion="mony", value=3, by=FRANKIE)


def test_the_latest_score_of_each_counts(three):
    for value in (2, 4):
        reviewing.score(plan=three, criterion="staff", value=value, by=FRANKIE)
    assert {each.score for each in queries.scores(three).values()} == {4}


def test_an_action_has_an_owner_and_ends_after_it_begins(three):
    said = {"plan": three, "words": "x", "owner": "y", "begins": date(2027, 2, 1),
            "due": date(2027, 3, 1), "by": PIA}  # fmt: skip
    wrong = {
        "before it begins": {"due": date(2027, 1, 1)}, "owns it": {"owner": ""},
        "what is to do": {"words": ""}, "'nope'": {"option": "nope"},
    }  # fmt: skip
    for what, more in wrong.items():
        with pytest.raises(UserError, match=what):
            doing.assign(**(said | more))
    action = doing.assign(**said)
    with pytest.raises(UserError, match="why it is dropped"):
        doing.settle(plan=three, action=action, state="dropped", by=PIA)


def test_options_run_alone_and_together_in_the_districts_twin(three, joined):
    twin(joined)
    made = ran(three)
    assert [len(each.keys) for each in made.found.sets] == [1, 1, 1, 3]
    alone = made.found.of(["acute-demand-home"])
    assert alone.row("admissions").difference.mean < 0
    assert alone.row("admissions").most <= alone.row("admissions").least <= 0
    assert made.found.of(["ambulance-to-practice"]).row("attendances").difference.mean < 0
    assert made.found.of(["beds"]).row("cost") is not None
    assert queries.run_of(three, THREE).of(THREE) == made.found.sets[-1]
    assert queries.run_of(three, THREE[:2]) is None
    facts = queries.facts(three)
    assert (facts.alone, facts.together) == (3, 1)
    assert ran(three).number == made.number  # the same question is the same run
    actions.adjust(plan=three, key="beds", seen=seen(), by=PIA, strength="high",
                   starts=date(2027, 4, 1))  # fmt: skip
    assert queries.facts(three).alone == 2
    assert queries.run_of(three, THREE) is None


def test_a_district_without_a_twin_is_told_how_to_make_one(three):
    with pytest.raises(UserError, match="no twin yet"):
        running.ask(plan=three, sets=[["beds"]], by=PIA)
    assert not PlanRun.objects.exists()
    with pytest.raises(UserError, match="0 sets"):
        running.ask(plan=three, sets=[], by=PIA)


def test_evidence_says_the_same_again_and_what_it_says_now(three, joined, monkeypatch):
    twin(joined)
    ran(three)
    value = {"title": "Beds", "rows": [["Latest", "12"]], "href": "/measures/x/", "line": ""}
    monkeypatch.setattr(diagnosing, "value_of", lambda *_, **__: value)
    diagnosing.keep(plan=three, kind="measure", asked={"measure": "x"}, by=PIA)
    reviewing.score(plan=three, criterion="money", value=4, by=FRANKIE)
    links = linking.evidence_links(three)
    assert {each.kind for each in links} == {"plan comparison", "measure", "cost", "review"}
    for each in links:
        assert linking.resolve(each.ref, by=PIA) == each
    monkeypatch.setattr(
        diagnosing, "value_of", lambda *_, **__: value | {"rows": [["Latest", "9"]]}
    )
    whole = linking.resolve(f"plan/{three}/run/1/", by=PIA)  # no set is said: all together
    assert whole.title.startswith("Acute demand at home and Ambulance to practice and More beds")
    kept = next(each for each in links if each.kind == "measure")
    now = linking.resolve(kept.ref, by=PIA)
    assert (kept.rows, now.rows) == ((("Latest", "12"),), (("Latest", "9"),))
    assert kept.digest != now.digest
    for ref in ("plan/x", "plan/winter-without-gridlock/what/1", "plan/nope/run/1/a",
                f"plan/{three}/snapshot/x", f"plan/{three}/run/9/beds"):  # fmt: skip
        with pytest.raises(NotFound):
            linking.resolve(ref, by=PIA)


def test_the_case_of_the_area_is_kept_as_it_is(three):
    diagnosing.keep(plan=three, kind="case", asked={"area": "QMM", "year": 2031}, by=PIA)
    value = diagnosing.value_of("case", {"area": "QMM", "year": 2031}, by=PIA)
    assert value["title"] == "Doing nothing: Norfolk and Waveney in 2031"
    assert dict(value["rows"])["Health and social care"].startswith("£3.")  # as the case says it
    assert any(label.startswith("General and acute beds") for label, _ in value["rows"])
    with pytest.raises(UserError, match="no area"):
        diagnosing.value_of("case", {"area": "", "year": 2031}, by=PIA)
    with pytest.raises(NotFound, match="case"):
        diagnosing.value_of("cas", {}, by=PIA)


@pytest.mark.parametrize("table", ["plan_step", "plan_comment"])
def test_the_database_refuses_to_edit_what_was_done(three, table):
    reviewing.comment(plan=three, words="x", by=PIA)
    rows = {"plan_step": PlanStep, "plan_comment": PlanComment}[table]
    with pytest.raises(DatabaseError, match="never changes"), transaction.atomic():
        rows.objects.update(by="somebody else")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE plan_plan SET stage = 'nonsense'")


def test_over_years_options_begin_once_the_last_has_half_grown(three, joined, monkeypatch):
    """Beds from April 2027: twelve months until they work; acute demand six, and half of twelve."""
    twin(joined)
    monkeypatch.setattr(running, "over", lambda model, _years: model)
    monkeypatch.setattr(running, "applied", lambda model, _scenario: model)
    for key in THREE:
        actions.adjust(plan=three, key=key, seen=seen(), by=PIA, strength="central",
                       starts=date(2027, 4, 1))  # fmt: skip
    asked = running.question(queries.plan(three), [["beds"], ["ambulance-to-practice"]], 5)
    dates = [{c["from"] for c in each["plain"]["changes"]} for each in asked["scenarios"]]
    assert dates[0] == {"2028-04-01"}
    assert dates[3] == {"2027-11-01"}
    with pytest.raises(UserError, match="not over 7 years"):
        running.question(queries.plan(three), [["beds"]], 7)


def test_what_is_not_there_is_named_with_the_nearest(three):
    for act, what in (
        (lambda: queries.plan("winter-without-gridlok"), "winter-without-gridlock"),
        (lambda: queries.plan(three).option("bed"), "beds"),
        (lambda: actions.drop(plan="nope", key="beds", seen=1, by=PIA), "nope"),
        (lambda: actions.drop(plan=three, key="bedz", seen=seen(), by=PIA), "beds"),
        (lambda: actions.take(plan=three, key="bedz", by=PIA), "beds"),
        (lambda: doing.settle(plan=three, action=99, state="done", by=PIA), "99"),
        (lambda: reviewing.comment(plan=three, words="x", answers=99, by=PIA), "99"),
    ):
        with pytest.raises(NotFound, match=what):
            act()
    with pytest.raises(UserError, match="nothing is said"):
        reviewing.comment(plan=three, words=" ", by=PIA)
    with pytest.raises(UserError, match="no option goes on"):
        actions.choose(plan=three, keys=[], seen=seen(), by=PIA)
    with pytest.raises(UserError, match="first stage"):
        actions.send_back(plan=three, seen=seen(), by=PIA, why="x")
    with pytest.raises(UserError, match="no strength"):
        actions.take(plan=three, key="enablement", by=PIA, strength="lots")

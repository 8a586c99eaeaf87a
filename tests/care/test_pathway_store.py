"""Pathways in the store: what was signed stays what is in force, whatever writes to it."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from pathway_data import CELLULITIS, DOCTOR, EDITOR, LEAD, SECOND, actor, in_force, other, publish

from onesystem.access.models import Audit, Notice, User
from onesystem.care.pathways import actions, queries, reading, reminding
from onesystem.care.pathways.actions import Overtaken
from onesystem.care.pathways.rows import PathwayText, PathwayVersion
from onesystem.vocabulary import NotFound, NotPermitted, UserError

SLUG = "cellulitis"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _staff(joined):
    reading.pathway_under.cache_clear()
    for by in (EDITOR, SECOND, LEAD, DOCTOR):
        User.objects.create(username=by.name, roles=" ".join(by.roles))


def test_it_goes_from_a_draft_to_being_in_force():
    now = in_force()
    assert (now.number, now.state, now.lead, now.expert) == (1, "published", "lea", "dora")
    assert now.pathway == CELLULITIS
    assert [step.kind for step in queries.steps(SLUG, 1)] == [
        "begun", "sent", "signed as lead", "signed as expert", "published",
    ]  # fmt: skip
    assert queries.search("mate wahine")[0].slug == SLUG


def test_every_act_is_in_the_trail():
    in_force()
    acts = Audit.objects.filter(act__startswith="pathway.").order_by("id")
    assert [(row.actor, row.act.removeprefix("pathway."), row.what) for row in acts] == [
        ("edda", "begun", "cellulitis 1"), ("edda", "sent", "cellulitis 1"),
        ("lea", "signed-as-lead", "cellulitis 1"), ("dora", "signed-as-expert", "cellulitis 1"),
        ("lea", "published", "cellulitis 1"),
    ]  # fmt: skip


def test_those_who_are_asked_are_told():
    in_force()
    told = set(Notice.objects.values_list("topic", "username"))
    assert {("pathway.review", "dora"), ("pathway.review", "lea"),
            ("pathway.signed", "edda")} <= told  # fmt: skip


def test_who_signed_is_not_reminded_of_it():
    in_force()
    waiting = Notice.objects.filter(seen_at__isnull=True).values_list("topic", "username")
    assert list(waiting) == [("pathway.signed", "edda")]


def test_the_next_version_supersedes_it():
    in_force()
    actions.begin(pathway=other("Newer words."), by=EDITOR)
    assert queries.published(SLUG).number == 1
    assert publish(SLUG).number == 2
    assert [v.version.state for v in queries.history(SLUG)] == ["published", "superseded"]
    assert queries.version(SLUG, 1).pathway == CELLULITIS


def test_two_editors_at_once_are_told():
    actions.begin(pathway=CELLULITIS, by=EDITOR)
    actions.save(pathway=other("Eve's words."), seen=1, by=SECOND)
    with pytest.raises(Overtaken, match="saved by eve"):
        actions.save(pathway=other("Edda's words."), seen=1, by=EDITOR)
    assert queries.open_version(SLUG).pathway.summary == "Eve's words."
    with pytest.raises(UserError, match="somebody is writing"):
        actions.begin(pathway=CELLULITIS, by=EDITOR)


def test_saving_the_same_again_is_no_step():
    actions.begin(pathway=CELLULITIS, by=EDITOR)
    assert actions.save(pathway=CELLULITIS, seen=1, by=SECOND) == 1


def test_a_signature_of_what_changed_since_counts_for_nothing():
    actions.begin(pathway=CELLULITIS, by=EDITOR)
    actions.send(slug=SLUG, to="dora", words="", seen=1, by=EDITOR)
    with pytest.raises(UserError, match="changed since you read it"):
        actions.sign(slug=SLUG, part="lead", digest="0" * 64, seen=2, by=LEAD)
    with pytest.raises(UserError, match="not asked to sign"):
        actions.sign(slug=SLUG, part="expert", digest="0" * 64, seen=2, by=LEAD)


def test_it_comes_back_with_a_reason():
    actions.begin(pathway=CELLULITIS, by=EDITOR)
    actions.send(slug=SLUG, to="dora", words="Please", seen=1, by=EDITOR)
    actions.comment(slug=SLUG, words="Which dose?", seen=2, by=DOCTOR)
    actions.send_back(slug=SLUG, words="The dose is missing", seen=3, by=DOCTOR)
    assert queries.open_version(SLUG).state == "draft"
    assert Notice.objects.filter(topic="pathway.returned", username="edda").exists()


def test_others_may_not():
    nurse = actor("nan", "ed-nurse")
    with pytest.raises(NotPermitted):
        actions.begin(pathway=CELLULITIS, by=nurse)
    actions.begin(pathway=CELLULITIS, by=EDITOR)
    with pytest.raises(UserError, match="cannot open pathways"):
        actions.send(slug=SLUG, to="nobody", words="", seen=1, by=EDITOR)
    actions.send(slug=SLUG, to="dora", words="", seen=1, by=EDITOR)
    for act in (actions.publish, actions.take_back):
        with pytest.raises(NotPermitted):
            act(slug=SLUG, seen=2, by=nurse)


def test_what_cannot_be_worked_by_is_not_sent():
    broken = replace(CELLULITIS, whom="hasCondition(")
    actions.begin(pathway=broken, by=EDITOR)
    with pytest.raises(UserError, match="whom"):
        actions.send(slug=SLUG, to="dora", words="", seen=1, by=EDITOR)
    assert queries.open_version(SLUG).state == "draft"


@pytest.mark.parametrize("key", ["", "Cellulitis", "a b", "-a", "a" * 81, "a/b"])
def test_an_address_has_to_be_one(key):
    with pytest.raises(UserError, match="address"):
        actions.begin(pathway=replace(CELLULITIS, key=key), by=EDITOR)


def test_the_store_holds_what_is_in_force_to_what_was_signed():
    in_force()
    body = actions._keep(other("Slipped in."))
    row = PathwayVersion.objects.filter(slug=SLUG)
    for slipped in ({"digest": body}, {"lead": "edda"}, {"expert": "lea"}, {"signed": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**slipped)
    with pytest.raises(IntegrityError), transaction.atomic():
        PathwayVersion.objects.create(
            slug=SLUG, number=2, title="x", state="published", digest=body, author="edda", at=1
        )


def test_a_text_that_was_changed_in_the_store_is_not_shown():
    in_force()
    reading.pathway_under.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE care_pathway_text SET body = body || ' '")
    with pytest.raises(RuntimeError, match="was changed in the store"):
        _ = queries.published(SLUG).pathway
    PathwayText.objects.all().delete()
    with pytest.raises(NotFound):
        _ = queries.published(SLUG).pathway


class TestNotes:
    """An urgent note stands on a version without changing it."""

    def test_it_stands_until_its_day(self):
        now, today = in_force(), actions.today()
        actions.note(slug=SLUG, words="No flucloxacillin until Friday", until=today + 2, by=EDITOR)
        assert [n.words for n in queries.notes_on(SLUG, today + 2)] == [
            "No flucloxacillin until Friday"
        ]
        assert queries.notes_on(SLUG, today + 3) == []
        assert queries.published(SLUG) == now

    def test_it_is_taken_off_once(self):
        in_force()
        note = actions.note(slug=SLUG, words="Ring first", until=0, by=LEAD)
        actions.end_note(slug=SLUG, note=note, by=EDITOR)
        assert queries.notes_on(SLUG, 0) == []
        assert queries.history(SLUG)[0].notes[0].ended_by == "edda"
        with pytest.raises(UserError, match="taken off already"):
            actions.end_note(slug=SLUG, note=note, by=EDITOR)

    @pytest.mark.parametrize(("words", "until"), [("  ", 0), ("Late", 1)])
    def test_an_empty_or_a_late_one_is_refused(self, words, until):
        in_force()
        with pytest.raises(UserError):
            actions.note(slug=SLUG, words=words, until=until, by=EDITOR)


class TestReview:
    """Every version is looked at again after two years."""

    def test_it_falls_due(self):
        now = in_force()
        assert 729 <= now.review - actions.today() <= 731
        assert queries.due(now.review - 1) == []
        assert [v.slug for v in queries.due(now.review)] == [SLUG]

    def test_it_may_stay_as_it_is(self):
        now = in_force()
        PathwayVersion.objects.update(review=1)
        actions.confirm(slug=SLUG, seen=now.seen, by=LEAD)
        assert queries.published(SLUG).review == now.review
        assert queries.steps(SLUG, 1)[-1].kind == "looked at again"

    def test_those_who_sign_are_told_once(self):
        now = in_force()
        assert reminding.remind() == 0
        PathwayVersion.objects.update(review=actions.today() + 20)
        assert reminding.remind() == 1
        told = Notice.objects.filter(topic="pathway.due").values_list("username", flat=True)
        assert sorted(told) == ["edda", "lea"]
        assert reminding.remind() == 0
        actions.confirm(slug=SLUG, seen=now.seen, by=LEAD)
        PathwayVersion.objects.update(review=actions.today() + 20)
        assert reminding.remind() == 1

    def test_it_is_withdrawn_with_a_reason(self):
        now = in_force()
        with pytest.raises(UserError, match="no reason"):
            actions.withdraw(slug=SLUG, words=" ", seen=now.seen, by=LEAD)
        actions.withdraw(slug=SLUG, words="Unsafe", seen=now.seen, by=LEAD)
        with pytest.raises(NotFound):
            queries.published(SLUG)
        assert queries.search("cellulitis") == []


def test_lists_say_what_is_written_and_what_waits():
    in_force()
    actions.begin(pathway=other("Newer."), by=EDITOR)
    actions.send(slug=SLUG, to="dora", words="", seen=1, by=EDITOR)
    [row] = queries.listed()
    assert (row.in_force.number, row.open.number) == (1, 2)
    assert [v.number for v in queries.waiting_for("dora", lead=False)] == [2]
    assert [v.number for v in queries.waiting_for("lea", lead=True)] == [2]
    assert queries.waiting_for("max", lead=False) == []


def test_a_draft_may_be_given_up():
    actions.begin(pathway=CELLULITIS, by=EDITOR)
    actions.drop(slug=SLUG, seen=1, by=EDITOR)
    assert queries.open_version(SLUG) is None
    assert actions.begin(pathway=CELLULITIS, by=SECOND) == 2


def test_opens_are_counted_by_organisation():
    today = actions.today()
    for by in (DOCTOR, DOCTOR, actor("gp", "general-practitioner", organisation="practice")):
        actions.opened(slug=SLUG, number=1, by=by)
    assert queries.opens(today, today) == {(SLUG, "hospital"): 2, (SLUG, "practice"): 1}
    assert queries.opens(today + 1, today + 9) == {}

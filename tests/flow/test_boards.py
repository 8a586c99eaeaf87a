"""Alerts as a loop, gridlock with its days, and the district call."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.access import Actor
from onesystem.flow.boards import actions, alerts, pressure, queries, watching
from onesystem.flow.boards.config import config
from onesystem.flow.boards.gridlock import Limits, pressures
from onesystem.flow.boards.rows import Alert, AlertStep, Call, PressureHour
from onesystem.flow.boards.rules import EVERYWHERE, MOST, Figure, Rule, Standing, judge
from onesystem.flow.now import ServiceNow
from onesystem.flow.queries import read_board
from onesystem.vocabulary import BadConfig, UserError

AT = 1_800_000_000 * 1_000_000
MINUTE = 60_000_000
LONG = Rule(
    name="long", title="Long waits", figure=Figure.WAITING, at_least=10, clear_below=8,
    escalate_minutes=30, setting="ED",
)  # fmt: skip


def ed(code, waiting, **more):
    return ServiceNow(service=code, setting="ED", at=AT, waiting=waiting, **more)


def judged(waiting, *standing, rule=LONG, at=AT):
    services = {code: ed(code, count) for code, count in waiting.items()}
    return [(c.kind, c.service) for c in judge([rule], services, standing, at=at)]


def stands(service="a", *, level=0, acknowledged=False, opened_at=AT, heard_at=0):
    return Standing(
        rule="long", service=service, opened_at=opened_at, level=level, acknowledged=acknowledged,
        heard_at=heard_at,
    )  # fmt: skip


class TestRules:
    def test_it_is_raised_at_the_limit_and_once(self):
        assert judged({"a": 9}) == []
        assert judged({"a": 10}) == [("raised", "a")]
        assert judged({"a": 10}, stands()) == []

    def test_it_closes_below_the_second_limit_alone(self):
        assert judged({"a": 8}, stands()) == []
        assert judged({"a": 7}, stands()) == [("closed", "a")]

    def test_what_nobody_has_asks_louder_each_half_hour(self):
        later = AT + 31 * MINUTE
        assert judged({"a": 10}, stands(), at=later) == [("escalated", "a")]
        assert judged({"a": 10}, stands(level=1), at=later) == []
        assert judged({"a": 10}, stands(acknowledged=True), at=later) == []
        assert judged({"a": 10}, stands(level=1), at=AT + 61 * MINUTE) == [("escalated", "a")]

    def test_who_has_it_and_says_nothing_is_heard_of_again(self):
        """A name on an alert is not an act: two hours after the last word it asks the next one."""
        held = stands(acknowledged=True, level=1, heard_at=AT + 10 * MINUTE)
        assert judged({"a": 10}, held, at=AT + 129 * MINUTE) == []
        assert judged({"a": 10}, held, at=AT + 130 * MINUTE) == [("escalated", "a")]
        told = stands(acknowledged=True, level=2, heard_at=AT + 130 * MINUTE)
        assert judged({"a": 10}, told, at=AT + 140 * MINUTE) == []

    def test_a_storm_is_one_alert(self):
        storm = {f"s{i}": 20 for i in range(MOST + 1)}
        assert judged(storm) == [("raised", EVERYWHERE)]
        assert judged(storm, stands(EVERYWHERE)) == []
        calm = dict.fromkeys(storm, 0)
        assert judged(calm, stands(EVERYWHERE)) == [("closed", EVERYWHERE)]

    def test_a_service_that_is_gone_closes_its_alert(self):
        assert judged({}, stands("gone")) == [("closed", "gone")]

    def test_a_rule_that_is_gone_closes_its_alerts(self):
        gone = Standing(rule="old", service="a", opened_at=AT)
        assert [c.kind for c in judge([LONG], {}, [gone], at=AT)] == ["closed"]

    def test_other_settings_are_not_looked_at(self):
        ward = {"w": ServiceNow(service="w", setting="ward", at=AT, waiting=99)}
        assert judge([LONG], ward, [], at=AT) == []

    def test_a_figure_that_is_not_known_raises_nothing(self):
        full = Rule(name="full", title="", figure=Figure.OCCUPANCY, at_least=0, clear_below=0)
        assert judge([full], {"a": ed("a", 0)}, [], at=AT) == []

    @given(
        st.lists(
            st.dictionaries(st.sampled_from([f"s{i}" for i in range(14)]), st.integers(0, 20))
        ),
    )
    def test_judging_again_at_once_changes_nothing(self, looks):
        standing: dict[str, Standing] = {}
        for waiting in looks:
            services = {code: ed(code, count) for code, count in waiting.items()}
            for change in judge([LONG], services, standing.values(), at=AT):
                if change.kind == "raised":
                    assert change.service not in standing
                    standing[change.service] = stands(change.service)
                else:
                    del standing[change.service]
            assert judge([LONG], services, standing.values(), at=AT) == []
            assert sum(count >= 10 for count in waiting.values()) <= MOST or EVERYWHERE in standing


class TestGridlock:
    LIMITS = Limits(occupancy=0.95, waiting=1)

    def of(self, here, waiting, *, ready=0, capacity=100):
        services = [
            ServiceNow(
                service="w", setting="ward", at=AT, here=here, capacity=capacity, waiting=waiting
            ),
            ServiceNow(service="e", setting="ED", at=AT, ready=ready, over_limit=3),
        ]  # fmt: skip
        return pressures(services, {"w": "hospital", "e": "hospital"}, self.LIMITS, at=AT)[0]

    def test_it_is_over_the_limit_with_somebody_waiting(self):
        assert self.of(96, 1).gridlock
        assert not self.of(95, 1).gridlock  # at the limit, not over it
        assert not self.of(96, 0).gridlock

    def test_those_ready_in_the_ed_wait_for_a_bed(self):
        found = self.of(96, 0, ready=2)
        assert (found.gridlock, found.waiting, found.over_limit) == (True, 2, 3)

    def test_beds_that_nobody_counted_make_no_gridlock(self):
        found = self.of(96, 4, capacity=None)
        assert (found.gridlock, found.occupancy) == (False, None)


class TestConfig:
    def test_ours_hold(self, tmp_path):
        found = config(tmp_path)
        assert {"ed-over-four-hours", "ready-not-gone"} <= {rule.name for rule in found.rules}
        assert found.gridlock.occupancy == 0.95

    def test_whom_an_alert_asks_is_said_for_all_or_for_one(self, tmp_path):
        (tmp_path / "alerts.toml").write_text(
            'asks = ["Site manager"]\n[[alert]]\nname = "ready-not-gone"\nasks = ["A", "B"]\n'
        )
        found = config(tmp_path)
        assert found.rule("ed-over-four-hours").asked_at(7) == "Site manager"
        assert [found.rule("ready-not-gone").asked_at(n) for n in range(3)] == ["A", "B", "B"]

    def test_a_district_changes_one_key_or_turns_one_off(self, tmp_path):
        (tmp_path / "alerts.toml").write_text(
            '[gridlock]\noccupancy = 0.9\n[[alert]]\nname = "ed-over-four-hours"\nat_least = 3\n'
            'clear_below = 2\n[[alert]]\nname = "ready-not-gone"\noff = true\n'
        )
        found = config(tmp_path)
        assert found.gridlock.occupancy == 0.9
        assert found.rule("ed-over-four-hours").at_least == 3
        assert found.rule("ready-not-gone") is None

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("[[alarm]]\n", "'alert'"),
            ("[[alert]]\ntitle='x'", "no name"),
            ("[[alert]]\nname='x'\ntitle='x'\nfigure='wait'\nat_least=1", "'waiting'"),
            ("[[alert]]\nname='ready-not-gone'\nclear_below=99", "clear_below"),
            ("[gridlock", "Mend the line"),
            ("asks = 'Duty manager'", "Write a list"),
        ],
    )
    def test_a_mistake_names_the_key_and_the_cure(self, tmp_path, text, said):
        (tmp_path / "alerts.toml").write_text(text)
        with pytest.raises(BadConfig) as caught:
            config(tmp_path)
        assert said in str(caught.value)


KIRI = Actor(name="kiri", roles=frozenset({"ed-nurse"}), kind="person")


@pytest.fixture
def watched(busy):
    """The busy district after one look: ward B is over its twenty beds."""
    watching.watch(datetime.now(UTC))
    return busy


def shown_alert(number, *, exact=True):
    """An alert as it is shown now."""
    board = read_board(at=datetime.now(UTC))
    every = alerts.open_alerts(board if exact else board.without_small(), exact=exact)
    return next(each for each in every if each.id == number)


class TestTheLoop:
    def test_a_look_raises_and_keeps_the_pressure(self, watched):
        row = Alert.objects.get(rule="ward-over-capacity")
        assert row.service == "ward-b"
        assert PressureHour.objects.count() >= 1
        watching.watch(datetime.now(UTC))
        assert Alert.objects.filter(rule="ward-over-capacity").count() == 1

    def test_somebody_has_it_and_says_what_was_done(self, watched):
        alert = Alert.objects.get(rule="ward-over-capacity").pk
        actions.acknowledge(alert=alert, by=KIRI)
        actions.act(alert=alert, text="Two moved to ward A", by=KIRI)
        shown = shown_alert(alert)
        assert shown.owner == "kiri"
        assert [s.kind for s in shown.steps] == ["raised", "acknowledged", "acted"]
        watching.watch(datetime.now(UTC) + timedelta(hours=3))
        assert Alert.objects.get(pk=alert).level == 0

    def test_who_has_it_and_says_nothing_is_passed_over(self, watched):
        alert = Alert.objects.get(rule="ward-over-capacity").pk
        actions.acknowledge(alert=alert, by=KIRI)
        watching.watch(datetime.now(UTC) + timedelta(hours=5))
        assert Alert.objects.get(pk=alert).level == 1
        assert "kiri has it and said nothing" in shown_alert(alert).steps[-1].text
        watching.watch(datetime.now(UTC) + timedelta(hours=6))
        assert Alert.objects.get(pk=alert).level == 1

    def test_what_nobody_has_is_escalated_by_itself(self, watched):
        alert = Alert.objects.get(rule="ward-over-capacity").pk
        assert shown_alert(alert).asks == "Nurse in charge"
        watching.watch(datetime.now(UTC) + timedelta(hours=3))
        assert Alert.objects.get(pk=alert).level == 1
        assert AlertStep.objects.filter(alert=alert, kind="escalated").count() == 1
        assert shown_alert(alert).asks == "Duty manager"

    def test_what_is_handed_back_asks_again(self, watched):
        alert = Alert.objects.get(rule="ward-over-capacity").pk
        actions.acknowledge(alert=alert, by=KIRI)
        with pytest.raises(UserError, match="do not have"):
            actions.hand_back(alert=alert, by=Actor(name="ana", roles=KIRI.roles, kind="person"))
        actions.hand_back(alert=alert, by=KIRI)
        assert shown_alert(alert).state == ("Nobody has it", "warn")
        watching.watch(datetime.now(UTC) + timedelta(hours=3))
        assert Alert.objects.get(pk=alert).level == 1

    def test_it_says_how_the_figure_stands_now_and_from_where(self, watched):
        shown = shown_alert(Alert.objects.get(rule="ward-over-capacity").pk)
        assert (shown.limit, shown.said) == ("101%", "105%")
        assert [(o.name, o.now) for o in shown.over] == [("Ward B", "105%")]

    def test_a_storm_names_the_places_that_are_over_now(self, watched):
        Alert.objects.create(rule="ward-over-capacity", service=EVERYWHERE, value=9, opened_at=1)
        row = Alert.objects.get(service=EVERYWHERE)
        assert [o.name for o in shown_alert(row.pk).over] == ["Ward B"]
        assert shown_alert(row.pk).where == "9 places"

    def test_a_length_of_few_is_not_told_to_those_who_see_no_people(self, watched):
        """One waits for the ED: for how long is that person's affair."""
        row = Alert.objects.create(rule="ed-longest-wait", service="ed", value=130, opened_at=1)
        assert shown_alert(row.pk).said == "2 h 10 min"
        told = shown_alert(row.pk, exact=False)
        assert (told.said, told.over[0].now) == ("", "")

    def test_to_say_nothing_is_no_act(self, watched):
        alert = Alert.objects.get(rule="ward-over-capacity").pk
        with pytest.raises(UserError, match="nothing was said"):
            actions.act(alert=alert, text="  ", by=KIRI)
        assert not Alert.objects.get(pk=alert).owner


class TestTheCall:
    def test_one_call_at_a_time(self, busy):
        first = actions.open_call(by=KIRI)
        assert actions.open_call(by=KIRI) == first
        actions.close_call(call=first, seen=[], by=KIRI)
        assert actions.open_call(by=KIRI) != first

    def test_minutes_stay_and_a_closed_call_is_not_written(self, busy):
        call = actions.open_call(by=KIRI)
        actions.keep_minutes(call=call, text="Ward B opens two beds", by=KIRI)
        actions.promise(call=call, text="Call the porters", owner="Ana", due_at=0, by=KIRI)
        actions.close_call(call=call, seen=[{"organisation": "x"}], by=KIRI)
        with pytest.raises(UserError, match="closed"):
            actions.keep_minutes(call=call, text="", by=KIRI)
        kept = queries.call(call)
        assert kept.minutes == "Ward B opens two beds"
        assert kept.actions[0].owner == "Ana"
        assert [a.text for a in queries.open_actions()] == ["Call the porters"]

    def test_done_can_be_taken_back(self, busy):
        call = actions.open_call(by=KIRI)
        actions.promise(call=call, text="Call", owner="Ana", due_at=0, by=KIRI)
        action = queries.open_actions()[0].pk
        actions.done(action=action, by=KIRI)
        assert queries.open_actions() == []
        actions.done(action=action, by=KIRI, undo=True)
        assert len(queries.open_actions()) == 1


class TestPressure:
    ROW = {"here": 23, "capacity": 30, "occupancy": 23 / 30, "waiting": 3, "ready": 7,
           "over_limit": 0, "crews": 12}  # fmt: skip

    def test_a_sum_gives_no_hidden_ward_away(self):
        """Wards of 12 and 8 show, one of 3 is hidden: 23 would say so."""
        [told] = pressure.without_small([self.ROW], below=5)
        assert {k: told[k] for k in pressure.COUNTS} == {
            "here": 25, "waiting": None, "ready": 5, "over_limit": 0, "crews": 10,
        }  # fmt: skip
        assert told["occupancy"] == 25 / 30

    def test_beds_that_nobody_counted_have_no_share(self):
        [told] = pressure.without_small([{**self.ROW, "capacity": None}], below=5)
        assert told["occupancy"] is None

    def test_what_care_outside_hospital_can_take(self, busy):
        board = read_board(at=datetime.now(UTC))
        assert pressure.outside(board) == []  # nobody says how many it can take
        nursing = ServiceNow(service="nursing", setting="community", at=AT, here=7, capacity=9,
                             waiting=2)  # fmt: skip
        [told] = pressure.outside(replace(board, services={"nursing": nursing}))
        assert (told.name, told.capacity, told.free, told.waiting) == ("Community", 9, "2", "2")


class TestPages:
    def test_the_loop_on_the_page(self, signed_in, watched):
        client = signed_in("ed-nurse")
        page = client.get("/alerts/").content.decode()
        assert "A ward holds more people than it can" in page
        assert "Nobody has it" in page
        alert = Alert.objects.get(rule="ward-over-capacity").pk
        client.post(f"/alerts/{alert}/take/")
        assert "kiri has it" in client.get("/alerts/").content.decode()
        client.post(f"/alerts/{alert}/act/", {"text": "Two moved"})
        assert "Two moved" in client.get("/alerts/").content.decode()
        client.post(f"/alerts/{alert}/back/")
        alone = client.get("/alerts/", headers={"HX-Request": "true"}).content.decode()
        assert "Nobody has it" in alone
        assert "<html" not in alone

    def test_a_board_says_what_asks_of_its_places(self, signed_in, watched):
        client = signed_in("ed-nurse")
        assert "alert here, 1 with nobody" in client.get("/now/board/beds/").content.decode()
        assert "No alerts here" in client.get("/now/board/community/").content.decode()

    def test_the_board_says_how_many(self, signed_in, watched):
        assert "with nobody" in signed_in("ed-nurse").get("/").content.decode()

    def test_a_call_from_beginning_to_end(self, signed_in, watched):
        client = signed_in("coordinator")
        assert "No call is open" in client.get("/call/").content.decode()
        client.post("/call/begin/")
        call = Call.objects.get().pk
        client.post(
            f"/call/{call}/promise/",
            {"text": "Open two beds", "owner": "Ward B", "due": "2026-11-22T14:00"},
        )
        client.post(f"/call/{call}/minutes/", {"minutes": "We agreed"}, headers={"HX-Request": "1"})
        page = client.get("/call/").content.decode()
        assert "Open two beds" in page
        assert "We agreed" in page
        assert "Pressure by organisation" in page
        client.post(f"/call/{call}/minutes/", {"minutes": "We agreed", "close": "1"})
        past = client.get(f"/call/{call}/").content.decode()
        assert "We agreed" in past
        assert "Pressure by organisation" in past

    def test_a_time_that_is_none_is_told(self, signed_in, busy):
        client = signed_in("coordinator")
        client.post("/call/begin/")
        call = Call.objects.get().pk
        given = {"text": "a", "owner": "b", "due": "soon"}
        answer = client.post(f"/call/{call}/promise/", given, follow=True)
        assert "cannot be read" in answer.content.decode()

    def test_those_who_only_look_have_no_buttons(self, signed_in, watched):
        client = signed_in("planner")
        assert "I have it" not in client.get("/alerts/").content.decode()
        assert client.post("/call/begin/").status_code == 403

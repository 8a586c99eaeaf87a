"""The commissioner's pages: compared, taken apart, seen, saved, taken along; and what is hidden."""

import io
import json
import re
from datetime import date

import pytest
import year_told
from click.testing import CliRunner
from contract_made import direct
from openpyxl import load_workbook

from onesystem import access
from onesystem.access.models import Audit, User
from onesystem.budget.comparing import actions, queries
from onesystem.budget.contracts import actions as contracts
from onesystem.budget.contracts import agreement as of
from onesystem.budget.contracts import queries as known
from onesystem.cli.compare import compare as command
from onesystem.vocabulary import NotFound, NotPermitted, UserError

HERE = "/contracts/compare/"


def text(answer, status=200):
    assert answer.status_code == status, answer.content.decode()[:2000]
    return re.sub(r"\s+", " ", answer.content.decode())


class TestComparing:
    def test_asks_for_a_provider_first(self, commissioner):
        page = text(commissioner.get(HERE))
        assert "Choose a provider" in page
        assert "Testshire Hospital" in page

    def test_shows_each_form_and_which_way_it_pulls(self, commissioner):
        page = text(commissioner.get(HERE + "?provider=hospital"))
        assert page.count("towards fewer contacts") >= 3
        assert "towards more contacts" in page
        assert "Target cost, gain and loss shared" in page
        assert "as set" in page  # the chart

    def test_shows_the_working_of_a_form(self, commissioner):
        page = text(commissioner.get(HERE + "?provider=hospital&form=marginal-rate"))
        assert "up to the plan: 100% of" in page
        assert "above the plan: 70% of" in page

    def test_one_service_in_other_months(self, commissioner):
        page = text(commissioner.get(HERE + "?provider=hospital&service=ward-a&from=2025-01"))
        assert "twelve months from January 2025" in page
        assert "Ward A" in page

    def test_months_that_are_not_costed_to_their_end_are_refused(self, commissioner):
        page = text(commissioner.get(HERE + "?provider=hospital&from=2026-01"))
        assert "Costs do not reach to the end of December 2026" in page

    def test_settings_that_cannot_be_are_said(self, commissioner):
        page = text(commissioner.get(HERE + "?provider=hospital&gain=300"))
        assert "is not between 0 and 100" in page

    @pytest.mark.parametrize("form", ["csv", "xlsx"])
    def test_leaves_as_a_file_with_what_was_set(self, commissioner, form):
        answer = commissioner.get(HERE + f"?provider=hospital&gain=40&format={form}")
        if form == "csv":
            assert "Shared savings" in answer.content.decode()
            return
        book = load_workbook(io.BytesIO(answer.content))
        said = dict(list(book["Definitions"].values)[1:])
        assert said["gain"] == "40%"
        assert "Price of a contact" in said
        assert Audit.objects.filter(act="budget.exported").exists()

    def test_too_few_contacts_are_not_shown_to_who_sees_no_people(self, told, monkeypatch, sign_in):
        few = [c._replace(begun=0, portions=0) for c in year_told.cells() if c.service == "ward-b"]
        few[-2:] = [few[-2]._replace(begun=1, portions=1), few[-1]]
        late = [c for c in few if c.month >= few[-1].month]
        year_told.tell(monkeypatch, [c for c in year_told.cells() if c.service != "ward-b"] + late)
        page = text(sign_in("commissioner").get(HERE + "?provider=hospital&service=ward-b"))
        assert "There are too few contacts in these months" in page

    def test_nothing_is_costed_yet(self, told, monkeypatch, sign_in):
        year_told.tell(monkeypatch, [])
        client = sign_in("commissioner")
        for page in ("compare", "decompose", "spend"):
            assert "Nothing is costed yet" in text(client.get(f"/contracts/{page}/"))


class TestSaving:
    SAID = {"name": "A busy year", "why": "To see", "set-provider": "hospital", "set-change": "10"}

    def test_saves_shares_takes_away_and_brings_back(self, commissioner):
        page = text(commissioner.post(f"{HERE}save/", self.SAID, follow=True))
        assert "Saved. Others who see budgets" in page
        assert "is there already" in text(commissioner.post(f"{HERE}save/", self.SAID), 422)
        (kept,) = queries.saved()
        assert commissioner.get(f"{HERE}{kept.pk}/").url == f"{HERE}?provider=hospital&change=10"
        assert "Bring it back" in text(commissioner.post(f"{HERE}{kept.pk}/remove/", follow=True))
        assert commissioner.get(f"{HERE}{kept.pk}/").status_code == 404
        assert "It is back" in text(commissioner.post(f"{HERE}{kept.pk}/restore/", follow=True))

    @pytest.mark.parametrize(
        ("changes", "says"),
        [({"name": " "}, "It has no name"), ({"set-provider": ""}, "No provider is chosen"),
         ({"set-gain": "999"}, "is not between")],
    )  # fmt: skip
    def test_what_cannot_be_saved_says_why_and_keeps_what_was_typed(
        self, commissioner, changes, says
    ):
        page = text(commissioner.post(f"{HERE}save/", {**self.SAID, **changes}), 422)
        assert says in page
        assert "To see" in page or not changes.get("set-provider", "x")

    def test_who_saved_it_takes_it_away(self, told):
        one, other = (
            access.Actor(name=name, roles=frozenset({"commissioner"})) for name in ("ann", "bob")
        )
        number = actions.save(name="x", settings={"provider": "hospital"}, by=one)
        with pytest.raises(NotPermitted, match="Ask ann"):
            actions.remove(comparison=number, by=other)
        actions.remove(comparison=number, by=one)
        with pytest.raises(NotFound):
            actions.remove(comparison=number, by=one)
        with pytest.raises(NotFound):
            actions.restore(comparison=number, by=other)
        actions.save(name="x", settings={"provider": "hospital"}, by=other)
        with pytest.raises(UserError, match="is there already"):
            actions.restore(comparison=number, by=one)


@pytest.fixture
def block(told, monkeypatch):
    """A block for Ward A, in force."""
    text_ = told.path / "district.toml"
    board = '\n[organisations.icb]\nname = "The board"\n'
    text_.write_text(text_.read_text(encoding="utf-8") + board, encoding="utf-8")
    from onesystem.budget.funds import actions as funds
    from onesystem.budget.funds.shape import Line

    job = access.Actor.job("test")
    funds.set_goal(code="home", words="Well at home", by=job)
    funds.open_fund(code="one", name="One budget", since=year_told.FIRST, by=job)
    funds.open_line(line=Line(code="urgent", name="Urgent care", fund="one", goal="home"), by=job)
    by = access.Actor(name="connor", roles=frozenset({"contract-manager"}), organisation="icb")
    made = direct(
        name="Ward A as a block", since=date(2025, 10, 1),
        until=date(2027, 10, 1),
        payments=(of.Payment(organisation="hospital", way=of.BLOCK, services=("ward-a",),
                             amount=600_000_00, goal="home"),),
    )  # fmt: skip
    slug = contracts.begin(agreement=made, by=by)
    for party in made.parties:
        contracts.sign(slug=slug, party=party.organisation, signatory="A Director", by=by,
                       seen=known.contract(slug).steps)  # fmt: skip
    contracts.publish(slug=slug, seen=known.contract(slug).steps, by=by)
    return slug


class TestTakingApart:
    def test_a_sum_for_a_provider(self, commissioner):
        page = text(commissioner.get("/contracts/decompose/?provider=hospital&amount=1,000,000"))
        assert "£1,000,000" in page
        assert "Emergency department" in page
        assert "What it bought, by month" in page

    def test_a_contract_that_pays_a_block(self, block, sign_in):
        """Twelve months of 33 stays at 2,000.00 cost 792,000, and the block pays 600,000."""
        client = sign_in("commissioner")
        assert "Ward A as a block" in text(client.get("/contracts/decompose/"))
        page = text(client.get(f"/contracts/decompose/?contract={block}:0"))
        assert "£600,000" in page
        assert "£792,000" in page
        assert "£1,515.15" in page  # paid for a stay that costs 2,000.00
        assert "Emergency department" not in page

    @pytest.mark.parametrize(
        ("query", "says"),
        [("contract=none:0", "No block &#39;none:0&#39; is in force"),
         ("provider=hospital&amount=much", "is no amount of money"),
         ("provider=hospital&from=2026-09&to=2026-01", "The months end before they begin")],
    )  # fmt: skip
    def test_faults_say_what_to_do(self, commissioner, query, says):
        assert says in text(commissioner.get(f"/contracts/decompose/?{query}"))

    def test_leaves_as_a_file(self, commissioner):
        answer = commissioner.get("/contracts/decompose/?provider=hospital&amount=100&format=csv")
        assert "Emergency department" in answer.content.decode()


class TestSpend:
    def test_by_provider_then_service_then_line(self, block, sign_in):
        client = sign_in("commissioner")
        page = text(client.get("/contracts/spend/"))
        assert "Testshire Hospital" in page
        assert "by service: in a block" in page
        page = text(client.get("/contracts/spend/?provider=hospital"))
        assert "in a block: Ward A as a block" in page
        page = text(client.get("/contracts/spend/?provider=hospital&service=ed"))
        assert "staff: staff" in page
        assert "ed rule" in page

    def test_is_searched_and_narrowed(self, commissioner):
        page = text(commissioner.get("/contracts/spend/?q=community"))
        assert "Testshire Community Care" in page
        assert "Testshire Hospital" not in page
        page = text(commissioner.get("/contracts/spend/?setting=ward&provider=hospital"))
        assert "Ward A" in page
        assert "Emergency department" not in page
        assert "Nothing was spent" in text(commissioner.get("/contracts/spend/?q=nowhere"))

    def test_few_contacts_are_hidden(self, commissioner):
        """Ward B had three stays in September: in that month alone it is hidden, and one more."""
        page = text(commissioner.get("/contracts/spend/?provider=hospital&from=2026-09&to=2026-09"))
        assert page.count(">few<") == 2
        assert "£12,000" not in page

    def test_leaves_as_a_file(self, commissioner):
        answer = commissioner.get("/contracts/spend/?format=csv")
        assert "Testshire Community Care" in answer.content.decode()


class TestRights:
    @pytest.mark.parametrize("page", ["compare", "decompose", "spend"])
    def test_who_sees_no_budgets_is_refused(self, told, sign_in, page):
        assert sign_in("ed-nurse").get(f"/contracts/{page}/").status_code == 403

    def test_saving_needs_the_right(self, told):
        nurse = access.Actor(name="n", roles=frozenset({"ed-nurse"}))
        with pytest.raises(NotPermitted):
            actions.save(name="x", settings={"provider": "hospital"}, by=nurse)


class TestTheCommand:
    CASE = {
        "currency": "GBP", "months": ["2026-04", "2026-05"], "contacts": [100, 110],
        "cost": [1_000_000, 1_100_000], "elective": [40, 44], "before": 200, "people": 3000,
    }  # fmt: skip

    def run(self, *said):
        return CliRunner().invoke(command, said, catch_exceptions=False)

    @pytest.fixture
    def case(self, tmp_path):
        file = tmp_path / "year.json"
        file.write_text(json.dumps(self.CASE), encoding="utf-8")
        return str(file)

    def test_a_case_from_a_file(self, case):
        made = json.loads(self.run("--case", case, "--json").output)
        forms = {each["form"]: each for each in made["forms"]}
        assert forms["Fee for service"]["paid"] == 2_100_000
        assert forms["Block"]["paid"] == 2_000_000
        assert forms["Block"]["settlement"]["lines"]
        assert "towards fewer" in self.run("--case", case, "--set", "change=5").output
        assert self.run("--case", case, "--csv").output.startswith("form,paid")

    @pytest.mark.parametrize(
        ("said", "says"),
        [(["--set", "change"], "NAME=VALUE"), (["--set", "gian=3"], "gain"),
         (["--set", "gain=999"], "is not between"), ([], "no provider is named")],
    )  # fmt: skip
    def test_faults(self, said, says):
        with pytest.raises(UserError, match=says):
            self.run(*said)

    @pytest.mark.parametrize("change", [{"cost": [1]}, {"months": ["soon"]}, {"currency": None}])
    def test_a_case_that_is_no_year(self, tmp_path, change):
        said = {k: v for k, v in {**self.CASE, **change}.items() if v is not None}
        (tmp_path / "bad.json").write_text(json.dumps(said), encoding="utf-8")
        with pytest.raises(UserError, match=r"bad\.json"):
            self.run("--case", str(tmp_path / "bad.json"))

    def test_schema(self, case):
        import jsonschema_rs

        jsonschema_rs.validate(json.loads(self.run("--schema").output), self.CASE)


class TestWhatIsHiddenStaysHidden:
    """Ward B has three stays in September. Ward A is hidden with it: the total would tell."""

    SEPTEMBER = "from=2026-09&to=2026-09"

    @pytest.mark.parametrize("more", ["&service=ward-b", "&service=ward-a", "&q=ward+b"])
    def test_however_it_is_asked_for(self, commissioner, more):
        page = text(commissioner.get(f"/contracts/spend/?provider=hospital&{self.SEPTEMBER}{more}"))
        assert "There are too few contacts here to show" in page
        assert "£12,000" not in page
        assert "£66,000" not in page

    def test_who_may_open_people_sees_it(self, told, sign_in):
        client = sign_in("commissioner")
        User.objects.filter(username="commissioner").update(roles="commissioner hospital-doctor")
        page = text(client.get(f"/contracts/spend/?provider=hospital&{self.SEPTEMBER}"))
        assert "£12,000" in page

    def test_in_a_block(self, block, sign_in):
        page = text(sign_in("commissioner").get(
            f"/contracts/decompose/?contract={block}:0&{self.SEPTEMBER}"
        ))  # fmt: skip
        assert "There are too few contacts in these months to show" in page
        assert "£66,000" not in page

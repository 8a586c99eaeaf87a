"""Terms, facts and settlements as files: JSON, TOML, their schemas, and the command."""

import json
from datetime import date
from fractions import Fraction
from pathlib import Path

import jsonschema_rs
import pytest
from click.testing import CliRunner
from terms_made import M, by_form, facts, rate, terms_of

import onesystem.budget
from onesystem.budget.terms import (
    Measured,
    Pot,
    Weight,
    facts_json,
    facts_of,
    problems,
    read,
    settle,
    terms_json,
    terms_toml,
)  # fmt: skip
from onesystem.budget.terms import (
    terms_of as terms_from,
)
from onesystem.budget.terms.forms import form, forms
from onesystem.budget.terms.schemas import SCHEMAS
from onesystem.cli import main
from onesystem.cli.settle import settle as command
from onesystem.vocabulary import BadInput, UserError

SHIPPED = Path(onesystem.budget.__file__).parent / "schemas"
KEPT = Path(__file__).parent / "data"


def alliance():
    """An alliance with a block, a gain share by quality, and thirds that do not go up."""
    thirds = tuple(
        Weight(party=each, share=Fraction(1, 3)) for each in ("hospital", "community", "practice")
    )
    return terms_of(
        form("block").element("fees", "hospital", plan=Measured(rate="fees", per="year")),
        form("gain-and-loss-share").element(
            "gain", "pot", plan=Measured(rate="target", per="month"), outturn=Measured(fact="cost"),
            scope="pot",
        ),
        form("mssp-enhanced").element(
            "savings", "community", plan=Measured(rate="target", per="month"),
            outturn=Measured(fact="cost"),
        ),
        code="alliance", name="Alliance", pots=(Pot(code="pot", weights=thirds),),
        rates=(rate("fees", 100_001), rate("target", 50 * M, source="agreed on 1 April 2026")),
    )  # fmt: skip


GIVEN = facts(
    (date(2026, 4, 1), date(2026, 5, 1)), monthly={"cost": (47 * M, 49 * M + 1)},
    quality=Fraction(4, 5), minimum=Fraction(1, 50),
)  # fmt: skip


@pytest.mark.parametrize("each", forms(), ids=lambda each: f"{each.name} {each.since or ''}")
def test_every_form_goes_through_both_files(each):
    terms = by_form(each.name, each.since)
    assert terms_from(terms_json(terms)) == terms
    assert terms_from(read(terms_toml(terms), suffix=".toml")) == terms
    assert terms_from(read(json.dumps(terms_json(terms)))) == terms
    jsonschema_rs.validate(SCHEMAS["settle-terms"](), terms_json(terms))


def test_facts_go_through_a_file():
    said = facts_json(GIVEN)
    assert said["values"] == {
        "cost": [47 * M, 49 * M + 1], "quality": "4/5", "minimum": "1/50",
    }  # fmt: skip
    assert facts_of(read(json.dumps(said))) == GIVEN
    jsonschema_rs.validate(SCHEMAS["settle-facts"](), said)


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_shipped_schemas_say_what_the_words_say(name):
    shipped = json.loads((SHIPPED / f"{name}.schema.json").read_text(encoding="utf-8"))
    assert shipped == SCHEMAS[name]()


def test_a_settlement_years_later_has_the_same_lines():
    """`data/alliance_*.json` were written in November 2026; engine 1 gives them for ever."""
    terms = terms_from(read((KEPT / "alliance_terms.json").read_bytes()))
    given = facts_of(read((KEPT / "alliance_facts.json").read_bytes()))
    kept = read((KEPT / "alliance_settled.json").read_bytes())
    assert (terms, given) == (alliance(), GIVEN)
    assert settle(terms, given).as_dict() == kept
    jsonschema_rs.validate(SCHEMAS["settle-result"](), kept)


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        ({"colour": "red"}, "/", "there is no 'colour' here"),
        ({"code": None}, "/", "'code' is missing"),
        ({"version": "2"}, "/version", "this is '2'"),
        ({"version": True}, "/version", "this is True"),
        ({"since": "soon"}, "/since", "this is 'soon'"),
        ({"elements": {}}, "/elements", "this is {}"),
        ({"elements": [3]}, "/elements/0", "this is 3"),
        ({"pots": [{"code": "p", "weights": [{"party": "a", "share": "half"}]}]},
         "/pots/0/weights/0/share", "this is 'half'"),
    ],
)  # fmt: skip
def test_a_fault_in_a_file_names_its_place(change, where, what):
    said = {k: v for k, v in {**terms_json(by_form("block")), **change}.items() if v is not None}
    with pytest.raises(BadInput) as error:
        terms_from(said)
    assert (error.value.where, error.value.what) == (where, what)
    assert error.value.cure


@pytest.mark.parametrize("suffix", [".json", ".toml"])
def test_a_file_that_is_none(suffix):
    with pytest.raises(BadInput, match="Look at the place named"):
        read("{", suffix=suffix)


ODD = [None, 0, -1, 1.5, "", "x", "75%", "1/0", [], {}, [1], {"a": 1}, True, 10**30, "2026-04",
       float("nan"), float("inf"), "1e400", "-3/4"]  # fmt: skip


def places(said, path=()):
    """Every place of plain data."""
    yield path
    inner = (
        said.items()
        if isinstance(said, dict)
        else enumerate(said if isinstance(said, list) else ())
    )
    for name, value in inner:
        yield from places(value, (*path, name))


def put(said, path, value):
    """The data with something else in a place."""
    if not path:
        return value
    made = dict(said) if isinstance(said, dict) else list(said)
    made[path[0]] = put(made[path[0]], path[1:], value)
    return made


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_whatever_stands_anywhere_is_settled_or_refused(odd):
    """Never a crash: each place of terms and of facts with each odd thing in it."""
    for said, others in ((terms_json(alliance()), None), (facts_json(GIVEN), alliance())):
        for path in places(said):
            try:
                made = put(said, path, odd)
                terms = others or terms_from(made)
                if not problems(terms):
                    assert not sum(
                        settle(terms, facts_of(made) if others else GIVEN).by_party.values()
                    )
            except (BadInput, UserError):
                continue


class TestTheCommand:
    @pytest.fixture
    def files(self, tmp_path):
        (tmp_path / "terms.toml").write_text(terms_toml(alliance()), encoding="utf-8")
        (tmp_path / "facts.json").write_text(json.dumps(facts_json(GIVEN)), encoding="utf-8")
        return [str(tmp_path / "terms.toml"), str(tmp_path / "facts.json")]

    def run(self, *said):
        return CliRunner().invoke(command, said, catch_exceptions=False)

    def test_json(self, files):
        assert json.loads(self.run(*files, "--json").output) == settle(alliance(), GIVEN).as_dict()

    def test_lines_for_people(self, files):
        shown = self.run(*files).output
        assert "50% of 3,999,999.99" in shown
        assert "what rounding left" in shown

    def test_check(self, files):
        assert self.run("--check", files[0]).output == "Nothing is wrong with these terms.\n"

    @pytest.mark.parametrize("name", ["terms", "facts", "result"])
    def test_schema(self, name):
        assert json.loads(self.run("--schema", name).output) == SCHEMAS[f"settle-{name}"]()

    @pytest.mark.parametrize(
        ("text", "code", "says"),
        [
            ("{", 10, "Look at the place named"),
            ('{"code": "x"}', 10, "'name' is missing"),
            (None, 9, "terms: nothing is paid"),
        ],
    )
    def test_faults_end_in_a_line_and_a_code(self, tmp_path, capsys, text, code, says):
        bad = tmp_path / "bad.json"
        bad.write_text(text or json.dumps(terms_json(terms_of())), encoding="utf-8")
        with pytest.raises(SystemExit) as ended:
            main(["settle", str(bad)])
        assert ended.value.code == code
        assert says in capsys.readouterr().err

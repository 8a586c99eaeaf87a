"""`onesystem pathway`: list, show, check, export and import, as an editor at a terminal does."""

import json

import pytest
from click.testing import CliRunner

from onesystem.care.pathways import queries
from onesystem.care.pathways.codec import to_json, to_toml
from onesystem.care.pathways.library import library
from onesystem.cli import root
from onesystem.vocabulary import UserError

FALLS = library()["falls"]


def run(*args):
    done = CliRunner().invoke(root, ["pathway", *map(str, args)], catch_exceptions=False)
    return done.stdout, done.stderr


@pytest.fixture
def files(tmp_path):
    def put(name, text):
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return put


def test_the_starter_set_is_listed():
    told, _ = run("list", "--starters")
    assert len(told.splitlines()) == 12
    rows = json.loads(run("list", "--starters", "--json")[0])
    assert {"key", "steps", "mark", "title"} == rows[0].keys()


@pytest.mark.django_db
class TestInADistrict:
    @pytest.fixture(autouse=True)
    def _joined(self, joined):
        """The small district."""

    def test_what_it_says(self):
        told, _ = run("show", "falls")
        assert told.startswith("Falls in older people\n===")
        assert "  1. First: hurt, head, hip" in told
        assert "soon: Falls team" in told

    def test_nothing_was_begun_yet(self):
        told, said = run("list")
        assert told == ""
        assert "list --starters" in said

    @pytest.mark.parametrize("form", ["toml", "json", "fhir"])
    def test_there_and_back(self, form, files):
        told, _ = run("export", "falls", "--as", form)
        path = files(f"falls.{'toml' if form == 'toml' else 'json'}", told)
        assert "no mistake" in run("check", path)[1]
        assert "version 1 is a draft" in run("import", path)[1]
        assert queries.open_version("falls").pathway == FALLS
        assert json.loads(run("list", "--json")[0]) == [
            {"key": "falls", "in force": "", "open": "1 draft", "title": "Falls in older people"}
        ]

    def test_mistakes_are_told_with_place_and_cure(self, files):
        path = files("falls.toml", to_toml(FALLS).replace("hasMedicine", "hasMedicin"))
        done = CliRunner().invoke(root, ["pathway", "check", str(path)])
        assert "assessment.medicines.when: there is no function hasMedicin()" in done.stdout
        assert isinstance(done.exception, UserError)

    def test_a_file_that_is_none(self, files):
        for name, text in [("a.toml", "key"), ("a.json", "{"), ("b.json", to_json(FALLS)[:-1])]:
            done = CliRunner().invoke(root, ["pathway", "check", str(files(name, text))])
            assert isinstance(done.exception, UserError), name

    def test_a_misspelt_key(self):
        done = CliRunner().invoke(root, ["pathway", "show", "fals"])
        assert "Did you mean 'falls'" in done.exception.cure

    def test_what_was_not_understood_is_named(self, files):
        sent = {"resourceType": "PlanDefinition", "title": "Ankle", "status": "draft",
                "goal": [{"description": {"text": "Walks"}}]}  # fmt: skip
        said = run("import", files("ankle.json", json.dumps(sent)))[1]
        assert "not understood: PlanDefinition.goal" in said

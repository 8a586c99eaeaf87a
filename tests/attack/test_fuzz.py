"""Nonsense through every door but the FHIR API, which tests/record/test_fhir_fuzz.py tries.

`make fuzz` tries more: ONESYSTEM_FUZZ_INPUTS for each door, ONESYSTEM_FUZZ_SEED. Each test says how
many inputs it tried and how many faults it found.
"""

import json
import logging
import os
import random
from urllib.parse import quote

import click
import pytest
from attack_routes import routes
from click.testing import CliRunner
from page_data import adt

from onesystem.access.roles import ROLES
from onesystem.cli import root
from onesystem.feeds import Arrival, take_messages
from onesystem.feeds.models import Message
from onesystem.vocabulary import UserError

pytestmark = [pytest.mark.django_db, pytest.mark.page]
INPUTS = int(os.environ.get("ONESYSTEM_FUZZ_INPUTS", "60"))
SEED = int(os.environ.get("ONESYSTEM_FUZZ_SEED", "1"))
ODD = ["", " ", "-1", "0", "99999999999999999999", "1e309", "NaN", "2026-13-45", "null", "[]", "{}",
       "\u0661\u0662", "\u202e", "\x00", "a" * 5000, "'; DROP TABLE x; --", "../../etc/passwd",
       "%s%s%n", "{{7*7}}", "<x>", "=1+1", "\N{PILE OF POO}", "2026-02-30", "25:61", "--",
       "\r\n", "\u00b2", "9" * 5000, "9223372036854775807", "1e999999999", "1/0"]  # fmt: skip
# Commands that serve, measure for long, make a whole demo, or write where they are told to.
NOT_HERE = {"serve", "listen", "bench", "demo", "new", "move", "restore", "backup", "replay"}
PATIENT = {"resourceType": "Patient", "id": "p", "name": [{"family": "Aroha"}],
           "birthDate": "1950-03-04"}  # fmt: skip


@pytest.fixture(autouse=True)
def _quiet():
    """Hundreds of refusals are no news."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def tell(capsys, door, tried, faults):
    """What was tried and found, whatever else is shown."""
    with capsys.disabled():
        click.echo(f"\nfuzz {door}: {tried} inputs tried, {len(faults)} faults (seed {SEED})")
    assert not faults, "\n".join(map(str, faults[:20]))


def spoilt(data, chance):
    """A message with something done to it."""
    for _ in range(chance.randint(1, 4)):
        at, length = chance.randrange(len(data) + 1), chance.randint(0, 40)
        do = chance.randrange(5)
        if do == 0:
            data = data[:at] + data[at + length :]
        elif do == 1:
            data = data[:at] + chance.randbytes(length) + data[at:]
        elif do == 2:
            data = data[:at] + chance.choice(ODD).encode() + data[at + length :]
        elif do == 3:
            data = data[:at] + data[at : at + length] * chance.randint(2, 30) + data[at:]
        else:
            data = data[:at]
        data = data or b"x"
    return data


def test_no_message_is_a_fault(joined, capsys):
    """Each is landed and read, or set aside for a rule that is not a fault of ours."""
    chance = random.Random(SEED)
    good = [(adt(n, visit=f"V{n}"), "pas", "hl7v2") for n in range(3)]
    good.append((json.dumps(PATIENT).encode(), "practice", "fhir"))
    good.append(
        (b"id,who,place,in,out\n1,p1,nursing,2021-03-01 09:00,2021-03-01 10:00\n", "pas", "")
    )
    arrivals = []
    for number in range(INPUTS):
        data, source, form = chance.choice(good)
        arrivals.append(Arrival(source=source, data=spoilt(data, chance) + b"%d" % number,
                                name=f"fuzz-{number}", format=form))  # fmt: skip
    told = [each for at in range(0, INPUTS, 50) for each in take_messages(arrivals[at : at + 50])]
    faults = list(Message.objects.filter(rule="feeds.fault").values_list("name", "reason"))
    aside = Message.objects.filter(state="quarantined")
    faults += [(m.name, "no cure") for m in aside if not (m.reason and m.cure)]
    assert len(told) == INPUTS
    tell(capsys, "feeds", INPUTS, faults)


def test_no_question_of_a_page_is_a_fault(browser, capsys):
    """Every address, those that answer JSON too, with questions that make no sense."""
    chance, client = random.Random(SEED), browser(tuple(ROLES), "every")
    names = ["q", "page", "sort", "from", "to", "since", "until", "year", "month", "service",
             "format", "person", "state", "every", "name", "by", "at", "code"]  # fmt: skip
    every = [each for each in routes() if "logout" not in each.name]
    faults = []
    for _ in range(INPUTS):
        route = chance.choice(every)
        texts = [name for name, kind in route.takes.items() if kind == "str"]
        words = {name: quote(chance.choice(ODD).replace("/", "") or "x", safe="") for name in texts}
        address = route.address(**words)
        asked = "&".join(f"{chance.choice(names)}={quote(chance.choice(ODD))}" for _ in range(4))
        answer = client.get(f"{address}?{asked}", headers={"HX-Request": "true"})
        if answer.status_code >= 500 and answer.status_code != 503:
            faults.append((route.name, address[:200], asked[:300]))
    tell(capsys, "pages", INPUTS, faults)


def commands(group, before=()):
    """Every command with its way there."""
    context = click.Context(group)
    for name in group.list_commands(context):
        made = group.get_command(context, name)
        if (before or (name,))[0] in NOT_HERE:
            continue
        if isinstance(made, click.Group):
            yield from commands(made, (*before, name))
        else:
            yield (*before, name), made


def arguments(command, chance, folder):
    """What somebody might type by mistake."""
    given = []
    for each in command.params:
        if isinstance(each, click.Option):
            if chance.random() < 0.5 and not each.is_flag:
                given += [each.opts[0], chance.choice(ODD).replace("\0", "")]
        elif chance.random() < 0.8:
            given.append(str(folder / "junk") if chance.random() < 0.4 else
                         chance.choice(ODD).replace("\0", ""))  # fmt: skip
    return given


# click leaves a file open where what stands beside it is refused; the end of a command closes it.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_no_command_is_a_fault(joined, tmp_path, capsys, monkeypatch):
    """A mistake ends in a line and an exit code, never in a traceback."""
    chance = random.Random(SEED)
    (tmp_path / "junk").write_bytes(chance.randbytes(300))
    monkeypatch.chdir(tmp_path)
    every, faults, tried = list(commands(root)), [], max(40, INPUTS // 2)
    assert len(every) > 80
    for _ in range(tried):
        way, command = chance.choice(every)
        given = [*way, *arguments(command, chance, tmp_path)]
        found = CliRunner().invoke(root, ["-d", str(joined.path), *given]).exception
        if found and not isinstance(found, (SystemExit, UserError)):
            faults.append((given, repr(found)[:300]))
    tell(capsys, "command line", tried, faults)


def test_a_file_that_is_no_text_is_named(joined, tmp_path):
    """Whichever command reads it."""
    (tmp_path / "junk").write_bytes(b"\xb4\xe6R\xe4")
    for way in (["ledger", "post"], ["triage", "check"], ["budget", "load"]):
        given = ["-d", str(joined.path), *way, str(tmp_path / "junk")]
        found = CliRunner().invoke(root, given).exception
        assert isinstance(found, UserError), (way, found)
        assert "no text in UTF-8" in str(found)

"""Where the operational store is: what an address says, and what it is refused for."""

from pathlib import Path

import pytest

from onesystem.vocabulary import BadConfig
from onesystem.web.database import database_from

HERE = Path("district")


def settings_of(url):
    """Host, port and options that the driver is given."""
    made = database_from(url, HERE)
    return made["HOST"], made["PORT"], made["OPTIONS"]


def test_without_an_address_it_is_a_file_of_the_district():
    assert database_from("", HERE)["NAME"] == HERE / "store.sqlite3"


def test_one_server():
    made = database_from("postgresql://o%40x:p%2Fw@db.example:5433/one", HERE)
    assert (made["USER"], made["PASSWORD"], made["NAME"]) == ("o@x", "p/w", "one")
    assert settings_of("postgresql://o@[::1]:5433/one")[:2] == ("::1", "5433")
    assert settings_of("postgresql://o@db.example/one")[:2] == ("db.example", "")
    assert settings_of("postgresql:///one?host=/run/pg") == ("/run/pg", "", {"pool": False})


def test_a_primary_and_its_standby_are_tried_in_turn():
    url = "postgresql://o@a:1,b:2/one?target_session_attrs=read-write&sslmode=verify-full"
    told = {"pool": False, "target_session_attrs": "read-write", "sslmode": "verify-full"}
    assert settings_of(url) == ("a,b", "1,2", told)


@pytest.mark.parametrize("url", ["mysql://o@a/one", "postgresql://o@a:port/one"])
def test_what_cannot_be_read_is_told(url):
    with pytest.raises(BadConfig, match="DATABASE_URL"):
        database_from(url, HERE)

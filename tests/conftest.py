"""What every test stands on: a small district, a closed network, shared data where it is."""

import os
import shutil
import socket
import sys
from pathlib import Path

import hypothesis
import pytest
from browsing import CHROMIUM, FLAGS

# No test may fail because the machine is busy. ONESYSTEM_EXAMPLES tries as many as it says.
hypothesis.settings.register_profile(
    "patient",
    parent=hypothesis.settings(),
    max_examples=int(os.environ.get("ONESYSTEM_EXAMPLES", "100")),
    deadline=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("patient")

# Without one of these, pytest-django keeps a test away from the store.
STORE = {"db", "transactional_db", "live_server", "django_db_setup"}

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(__file__).resolve().parent / "data"

DISTRICT = """
[district]
code = "testshire"
name = "Testshire"
zone = "Europe/London"
currency = "GBP"

[organisations.hospital]
name = "Testshire Hospital"
kind = "acute trust"

[organisations.practice]
name = "Mill Road Surgery"
kind = "general practice"

[organisations.community]
name = "Testshire Community Care"

[places.site]
name = "Hospital site"
organisation = "hospital"

[services.ed]
name = "Emergency department"
setting = "ED"
organisation = "hospital"
place = "site"
capacity = 30

[services.ward-a]
name = "Ward A"
setting = "ward"
organisation = "hospital"
place = "site"
capacity = 24

[services.ward-b]
name = "Ward B"
setting = "ward"
organisation = "hospital"
place = "site"
capacity = 20

[services.gp]
name = "Mill Road Surgery"
setting = "general practice"
organisation = "practice"

[services.nursing]
name = "District nursing"
setting = "community"
organisation = "community"

[sources.pas]
name = "Hospital patient administration"
organisation = "hospital"
format = "hl7v2"
[sources.pas.services]
"ED" = "ed"
"WARDA" = "ward-a"
"WARDB" = "ward-b"

[sources.practice]
name = "Practice system"
organisation = "practice"
format = "fhir"
"""


def pytest_configure():
    """Passwords of tests are hashed in no time: the slow way is a third of a second each."""
    from django.conf import settings

    cheap = "django.contrib.auth.hashers.MD5PasswordHasher"
    settings.PASSWORD_HASHERS = [cheap, *settings.PASSWORD_HASHERS]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what stands on the store: these alone can differ between SQLite and PostgreSQL.

    And what looks at pages: they say what queries and acts told them, whatever those stand on.
    """
    for item in items:
        if item.get_closest_marker("django_db") or STORE & set(item.fixturenames):
            item.add_marker("store")
        if item.path.stem.endswith("pages") or item.path.parent.name in ("pages", "docs", "web"):
            item.add_marker("page")


def make_district(folder: Path) -> Path:
    """A district folder that tests may change."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "district.toml").write_text(DISTRICT, encoding="utf-8")
    return folder


@pytest.fixture
def district(tmp_path, monkeypatch):
    """The small district as this process's own."""
    from onesystem.district import current

    monkeypatch.setenv("ONESYSTEM_DISTRICT", str(make_district(tmp_path / "testshire")))
    return current()


@pytest.fixture
def stop_clock(district):
    """Let the district's present stand still at a moment, for every room alike.

    Whoever patches `now` instead freezes for good each module that is first imported meanwhile.
    """
    from onesystem.district import clock

    def stops(at):
        clock.write(clock.folder(), clock.Clock(0, at.timestamp(), paused=True))

    return stops


@pytest.fixture
def sign_in(db, district):
    """A browser in which somebody with this role, and `more`, has signed in; `name` for two."""
    from django.test import Client

    from onesystem import wiring
    from onesystem.access import Actor
    from onesystem.access import actions as people
    from onesystem.access.models import User

    wiring.connect()

    def signs_in(role, name="", more=()):
        name = name or role
        people.add_user(username=name, password="three blind mice run", roles=(role, *more),
                        organisation="hospital", by=Actor.job("command line"))  # fmt: skip
        client = Client()
        client.force_login(
            User.objects.get(username=name), "django.contrib.auth.backends.ModelBackend"
        )
        return client

    return signs_in


@pytest.fixture(scope="session")
def shared_data():
    """The folder of openly licensed real data, for checks over the whole of it."""
    named = os.environ.get("ONESYSTEM_SHARED_DATA")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the whole shared data is not here; set ONESYSTEM_SHARED_DATA to its folder")
    return folder


@pytest.fixture
def data():
    """The folder of small real files that the tests carry."""
    return DATA


@pytest.fixture(autouse=True)
def _closed_network(monkeypatch):
    """Nothing that runs in a test may leave this machine."""
    connect = socket.socket.connect

    def guarded(self, address):
        host = address[0] if isinstance(address, tuple) else "local"
        if host not in {"local", "localhost", "127.0.0.1", "::1"}:
            raise PermissionError(f"a test tried to reach {host}")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests that need one; each opens contexts of its own."""
    if not Path(CHROMIUM).exists():
        pytest.skip(f"there is no Chromium at {CHROMIUM}; set CHROMIUM to where it is")
    playwright = pytest.importorskip("playwright.sync_api")
    with pytest.MonkeyPatch.context() as patch, playwright.sync_playwright() as p:
        # Playwright runs a loop in this thread, which Django would take for asynchronous code.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = p.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def live_server(chromium, django_db_setup, live_server):
    """The served district, begun when both the browser and the tests' store are there.

    The server's threads share the connection that this thread has as the server begins. While
    the browser's loop runs, Django gives this thread another one; and on SQLite in memory two
    connections lock each other out.
    """
    return live_server


@pytest.fixture(scope="session")
def spark():
    """A small Spark cluster on this machine: a driver, and an executor with a core of its own.

    One for all tests: what a session begins with, such as Splink's jar, cannot be added later.
    """
    sql = pytest.importorskip("pyspark.sql", reason="the spark extra is not installed")
    pytest.importorskip("pandas", reason="the spark extra is not installed")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    from splink.backends.spark import similarity_jar_location

    os.environ["PYSPARK_PYTHON"] = sys.executable  # what runs on workers is ours
    made = (
        sql.SparkSession.builder.master("local-cluster[1,1,1024]")
        .config("spark.jars", similarity_jar_location())
        .config("spark.ui.enabled", "false")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .getOrCreate()
    )
    yield made
    made.stop()

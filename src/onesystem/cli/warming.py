"""What the processes of a served district share: loaded once, before the fork."""

import gc
import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

from onesystem.cli import lean
from onesystem.district import District

_SHARED = (
    "numpy",
    "pyarrow.compute",
    "pyarrow.parquet",
    "gunicorn.app.base",
    "gunicorn.arbiter",
    "gunicorn.workers.sync",
    "uvicorn",
    "uvicorn.lifespan.on",
    "uvicorn.protocols.http.auto",
    "uvicorn.protocols.websockets.auto",
    "onesystem.cli.feeding",
    "onesystem.cli.jobs",
    "onesystem.contacts.log.read",
    "onesystem.contacts.queries",
    "onesystem.contacts.taking",
    "onesystem.feeds.folders",
    "onesystem.feeds.mllp",
    "onesystem.flow.answers",
    "onesystem.flow.measures.refreshing",
    "onesystem.people.meeting",
    "onesystem.people.queries",
    "onesystem.record.fhir.bulk.working",
    "onesystem.record.fhir.hooks.working",
    "onesystem.web.figures",
    "onesystem.web.stream",
    "onesystem.web.watching",
)


def prepare() -> None:
    """Set what has to be set before any library is loaded."""
    # Arrow's own allocators keep what they once had; the system's gives it back.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a thread would not come over a fork
    os.environ.setdefault("ONESYSTEM_LEAN", "1")  # see web.database
    lean.give_back()
    with _without("pandas"):  # which Arrow loads at its first array otherwise, and looks for once
        import pyarrow as pa

        pa.array([0])
    with _without("rich"):  # which would colour tracebacks: ours show files and lines alone
        import structlog.dev  # noqa: F401


@contextmanager
def _without(library: str) -> Iterator[None]:
    """Let what is loaded meanwhile not find a library that it would load for nothing.

    Whoever needs that library itself (an evaluation needs pandas) still loads it then.
    """
    if library in sys.modules:
        yield
        return
    finder = _Without(library)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)


class _Without:
    """Finds one library nowhere."""

    def __init__(self, library: str) -> None:
        self._library = library

    def find_spec(self, name: str, *_: object) -> None:
        """As if it were not installed."""
        if name == self._library:
            raise ModuleNotFoundError(name)


def warm(district: District) -> None:
    """Load what pages, stream and feeds need, and answer one request."""
    for module in _SHARED:
        if find_spec(module.partition(".")[0]):
            import_module(module)
    from django.db import connections

    from onesystem.contacts.log import read
    from onesystem.web import counting

    with suppress(OSError):  # a log that cannot be read is told by the page that needs it
        read.ready()
    _keep_templates(district.path / "cache" / "templates")
    _first_page()
    _first_looks()
    counting.share()  # from here on: nobody asked for that page
    connections.close_all()  # a connection never crosses a fork
    gc.collect()
    lean.trim()


def _keep_templates(kept: Path) -> None:
    """Keep each page's template in its compiled form, for whoever opens that page and next time."""
    from django.template import engines
    from jinja2 import FileSystemBytecodeCache

    try:
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        kept.mkdir(mode=0o700, exist_ok=True)
    except OSError:
        return  # a folder that cannot be written to: each process compiles for itself
    engines["jinja2"].env.bytecode_cache = FileSystemBytecodeCache(str(kept))


def compile_templates() -> None:
    """Compile every page's template whose compiled form is not kept yet.

    All of them take ten megabytes, of which a process that answers pages needs a tenth: to be
    done by a process that ends with it.
    """
    from django.template import engines
    from jinja2 import TemplateError

    env = engines["jinja2"].env
    if env.bytecode_cache is None:
        return  # it would be compiled for nobody
    for name in env.list_templates(extensions=["html"]):
        with suppress(TemplateError):  # whoever opens that page is told
            env.get_template(name)


def _first_page() -> None:
    """Ask for the sign-in page, as the first visitor will, so that all it needs is there."""
    from onesystem.web.wsgi import application

    host = os.environ.get("ONESYSTEM_HOSTS", "localhost").split(",")[0]
    asked = {
        "REQUEST_METHOD": "GET",
        "PATH_INFO": "/account/login/",
        "SERVER_NAME": host,
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_HOST": host,
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": False,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    answer = application(asked, lambda *_: None)
    for _ in answer:
        pass
    answer.close()


def _first_looks() -> None:
    """Look at the board and at the measures, as pages, stream and jobs each will.

    What they keep from then on (definitions, statements, calendars) is kept once for all.
    """
    from django.db import DatabaseError

    from onesystem.district import now
    from onesystem.flow import measures, queries

    with suppress(DatabaseError, OSError):  # whoever looks next is told
        queries.read_board(at=now())
        measures.pending()

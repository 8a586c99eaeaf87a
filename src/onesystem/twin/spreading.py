"""Replications over the machines of a Spark cluster: the same, for the same seed, as on one.

Each replication is a job of one task, so what a task gives back is a whole replication or nothing:
Spark runs the task of a lost worker again on another, and the numbers that it draws are the same
there. Contacts come back with their replication, squeezed; a driver needs room for as many
replications as are under way.
"""

import os
import pickle
import sys
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import replace
from hashlib import blake2b
from importlib.resources import files
from threading import Event
from typing import Any, Protocol, Self
from uuid import uuid4

from onesystem.twin.network.checks import checked
from onesystem.twin.network.model import Model
from onesystem.twin.network.running import Cancelled, Replication, Sink, replications
from onesystem.vocabulary import BadConfig, UserError

_LOOK = 0.2  # seconds between two looks at whether somebody cancelled


class Engine(Protocol):
    """Who runs replications: `running.replications`, or a cluster."""

    def __call__(
        self,
        model: Model,
        *,
        contacts: bool | Sink = False,
        workers: int | None = None,
        stop: Event | None = None,
        first: int = 0,
        step: float | None = None,
    ) -> Iterator[Replication]:
        """The replications of a model in order, as `running.replications` gives them."""
        ...  # fmt: skip


def session() -> Any:
    """The Spark session that there is, or one by Spark's own settings; else of this machine."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    try:
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise BadConfig(
            "Spark is not installed", "Install it with: pip install 'onesystem[spark]'"
        ) from error
    builder = SparkSession.builder.appName("onesystem").config("spark.ui.enabled", "false")
    return builder.getOrCreate()


def on_spark(spark: Any) -> Engine:
    """An engine that runs replications on the workers of a Spark session.

    Raises BadConfig where a worker has another version of onesystem, and what the run itself would.
    """

    def run(
        model: Model, *, contacts: bool | Sink = False, workers: int | None = None,
        stop: Event | None = None, first: int = 0, step: float | None = None,
    ) -> Iterator[Replication]:  # fmt: skip
        context, stop = spark.sparkContext, stop or Event()
        asked = (replace(checked(model), replications=1), bool(contacts), step, _version())
        with _Crew(context, workers or context.defaultParallelism, stop) as crew:
            numbers = range(first, first + model.replications)
            for each in crew.each(numbers, lambda number: _task(number, *asked)):
                if callable(contacts):
                    contacts(each.number, each.rows)
                    each = replace(each, rows=None)  # noqa: PLW2901 - they are handed over
                yield each

    return run


class _Crew:
    """Threads that each wait for one job; what is under way is stopped when they go."""

    def __init__(self, context: Any, size: int, stop: Event) -> None:
        self._context, self._size, self._stop = context, size, stop
        self._group = f"onesystem-{uuid4().hex}"
        self._waiting: deque[Future[Replication]] = deque()

    def __enter__(self) -> Self:
        self._threads = ThreadPoolExecutor(self._size, initializer=self._enlist)
        return self

    def _enlist(self) -> None:
        what = "replications of a model"
        self._context.setJobGroup(self._group, what, interruptOnCancel=True)

    def each(self, numbers: range, task: Callable[[int], bytes]) -> Iterator[Replication]:
        """What each task gives, in order; one more than there are threads is asked for."""
        for number in numbers:
            self._waiting.append(self._threads.submit(self._job, task, number))
            if len(self._waiting) > self._size:
                yield self._next()
        while self._waiting:
            yield self._next()

    def _next(self) -> Replication:
        while not wait([self._waiting[0]], _LOOK).done:
            self._halted()
        return self._waiting.popleft().result()

    def _job(self, task: Callable[[int], bytes], number: int) -> Replication:
        self._halted()
        try:
            (told,) = self._context.parallelize([number], 1).map(task).collect()
        except Exception as error:
            self._halted()
            raise _lost(error) from error
        found = _unpacked(told)
        if isinstance(found, Replication):
            return found
        raise found

    def _halted(self) -> None:
        if self._stop.is_set():
            raise Cancelled("The run was cancelled", "Nothing of it is kept; run it again.")

    def __exit__(self, *_: object) -> None:
        if self._waiting:
            self._stop.set()
        while self._waiting:
            self._waiting[-1].cancel()
            self._context.cancelJobGroup(self._group)
            if wait([self._waiting[-1]], _LOOK).done:
                self._waiting.pop()
        self._threads.shutdown()


def _task(number: int, model: Model, contacts: bool, step: float | None, version: str) -> bytes:
    """One replication, on a worker. What is wrong with the model is told, not tried again."""
    if version != _version():
        return _packed(
            BadConfig(
                "a worker of the cluster has another version of onesystem",
                "Install the same version on every machine.",
            )
        )
    try:
        (found,) = replications(model, contacts=contacts, workers=1, first=number, step=step)
    except UserError as error:
        return _packed(error)
    return _packed(found)


def _packed(found: Replication | UserError) -> bytes:
    from zstandard import compress

    said = found if isinstance(found, Replication) else (type(found), found.what, found.cure)
    return compress(pickle.dumps(said, pickle.HIGHEST_PROTOCOL), 3)


def _unpacked(told: bytes) -> Replication | UserError:
    from zstandard import decompress

    found = pickle.loads(decompress(told))  # noqa: S301 - our own workers wrote it
    if isinstance(found, Replication):
        return found
    kind, what, cure = found
    error: UserError = kind(what, cure)
    return error


def _lost(error: Exception) -> UserError:
    """What became of a job that Spark gave up."""
    first = str(error).strip().splitlines()
    return UserError(
        f"Spark could not run a replication: {first[0] if first else type(error).__name__}",
        "Nothing of the run is kept. See the logs of its workers.",
    )


def _version() -> str:
    """The kernel and all that it is told by, as they are on this machine."""
    digest = blake2b(digest_size=16)
    sources = files("onesystem.twin.network").iterdir()
    for each in sorted(sources, key=lambda each: each.name):
        if each.name.endswith(".py"):
            digest.update(each.read_bytes())
    return digest.hexdigest()

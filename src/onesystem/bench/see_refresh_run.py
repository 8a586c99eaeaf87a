"""Cells of a district worked out and kept up, for `bench see`, in a process of its own.

python -m onesystem.bench.see_refresh_run PEOPLE ROWS

Makes a throw-away district of so many people with so many contacts over six years, works every
measure out, has contacts corrected and added as messages would, and works the touched out again.
Prints what it measured as a line of JSON.
"""

import json
import resource
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from secrets import token_hex
from typing import Any

from onesystem.bench.scratch import HOSPITAL, scratch

_YEARS = 6
_LAST = 2025
_NOW = datetime(2026, 1, 2, 9, tzinfo=UTC)
_PAGES = {
    "grid": "/measures/", "chart": "/measures/ed-4-hours/?every=week",
    "groups": "/measures/ed-4-hours/?by=service", "board": "/",
}  # fmt: skip
_TABLES = ("flow_cell", "flow_living", "flow_who")


def main(people: int, rows: int) -> dict[str, float]:
    """Fill a district and measure it: CPU seconds, megabytes, counts."""
    with scratch(HOSPITAL + "".join(_services())):
        from onesystem.wiring import connect

        connect()
        ids = _fill(people, rows)
        return _measured(ids)


def _services() -> list[str]:
    """A service of each kind that events are about."""
    kinds = {"gp-1": "general practice", "ed-1": "ED", "ward-1": "ward", "nurses-1": "community"}
    return [
        f'\n[services.{code}]\nname = "{code}"\nsetting = "{kind}"\norganisation = "hospital"\n'
        for code, kind in kinds.items()
    ]


def _fill(people: int, rows: int) -> list[int]:
    import numpy as np
    import pyarrow as pa

    from onesystem import contacts
    from onesystem.bench.district_year import extract
    from onesystem.people import meet_table

    known_at = datetime(2026, 1, 1, tzinfo=UTC)
    draw = np.random.default_rng(3)
    born = [date(2020, 1, 1) - timedelta(days=int(d)) for d in draw.integers(0, 34_000, people)]
    told = pa.table({
        "subject": [f"S{i}" for i in range(people)], "birth_date": pa.array(born, pa.date32()),
        "sex": ["female" if i % 2 else "male" for i in range(people)],
        "practice": [f"P{i % 20}" for i in range(people)],
        "postcode": [f"AB{i % 30} 1AA" for i in range(people)],
    })  # fmt: skip
    met = meet_table(told, source="pas", message=1, known_at=known_at, link=False)
    ids = np.sort(met["identity"].to_numpy())
    for year in range(_YEARS):
        table = extract(rows // _YEARS, people=people, year=_LAST - year, seed=year + 1)
        whose = ids[table["identity"].to_numpy() - 1]
        table = table.set_column(
            table.schema.get_field_index("identity"), "identity", pa.array(whose)
        )
        contacts.append(table, source=f"pas-{year}", message=year + 2, known_at=known_at)
    return [int(each) for each in ids]


def _measured(ids: list[int]) -> dict[str, float]:
    import numpy as np

    from onesystem import contacts
    from onesystem.flow import measures
    from onesystem.flow.measures import library

    found: dict[str, float] = {"contacts": contacts.count()["contacts"]}
    before = _cpu()
    counts = measures.compute(at=_NOW)
    found |= {"compute": _cpu() - before, "cells": sum(counts.values()),
              "measures": len(library.library()), "mb": _mb()}  # fmt: skip
    _change(ids, 1, 0)  # what is loaded once
    _worked()
    one = []
    for number in range(1, 10):
        _change(ids, 1, number)
        one.append(_worked())
    found["one"] = sorted(one)[len(one) // 2]
    _change(ids, 1_000, 100)
    found["thousand"] = _worked()
    kept = _kept()
    measures.compute(at=_NOW)
    found["differing"] = len(np.setxor1d(kept, _kept(), assume_unique=True))
    return found | _pages()


def _pages() -> dict[str, float]:
    """CPU seconds of a page that was opened before, and of the first page of all."""
    import django
    from django.test import Client
    from django.test.utils import setup_test_environment

    from onesystem.access import Actor
    from onesystem.access.actions import add_user
    from onesystem.access.models import User

    django.setup()
    setup_test_environment()
    job = Actor(name="bench", roles=frozenset({"administrator"}), kind="job")
    add_user(username="analyst", password=token_hex(12), roles=["analyst"], by=job)
    client = Client()
    client.force_login(
        User.objects.get(username="analyst"), backend="django.contrib.auth.backends.ModelBackend"
    )
    found = {"first": _opened(client, _PAGES["grid"])}
    for name, address in _PAGES.items():
        times = sorted(_opened(client, address) for _ in range(7))
        found[name] = times[len(times) // 2]
    return found


def _opened(client: Any, address: str) -> float:
    before = _cpu()
    answer = client.get(address)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return _cpu() - before


def _change(ids: list[int], count: int, seed: int) -> None:
    """So many contacts: new ones of the last days, and corrections of those that came before."""
    import random

    from django.db import transaction

    from onesystem import contacts
    from onesystem.vocabulary import Act, ContactEvent

    draw = random.Random(seed)  # noqa: S311 - a made-up load
    told: list[Any] = []
    for number in range(count):
        start = _NOW - timedelta(minutes=draw.randrange(60, 40_000))
        kind = draw.choice(("gp-1", "gp-1", "gp-1", "ed-1", "ward-1", "nurses-1"))
        event = ContactEvent(
            visit=f"V{seed}-{number}", subject="", act=Act.STATE, at=start, recorded=_NOW,
            service=kind, requested=start - timedelta(days=draw.randrange(9)), started=start,
            ended=start + timedelta(minutes=draw.randrange(5, 600)),
            mode="from ED" if kind == "ward-1" else "",
        )  # fmt: skip
        told.append(("pas", draw.choice(ids), 1, event))
    with transaction.atomic():
        contacts.take(told, known_at=_NOW)


def _worked() -> float:
    """CPU seconds of bringing the cells up."""
    from onesystem.flow import measures

    before = _cpu()
    while measures.refresh(at=_NOW).left:
        pass
    return _cpu() - before


def _kept() -> Any:
    """Every cell, told by a number of its own: tens of millions take 8 bytes each."""
    import numpy as np
    from django.db import connection

    def told() -> Iterator[int]:
        for table in _TABLES:
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT * FROM {table}")
                while some := cursor.fetchmany(10_000):
                    yield from (hash((table, *row)) for row in some)

    return np.unique(np.fromiter(told(), np.int64))


def _cpu() -> float:
    """CPU seconds of all threads."""
    return time.process_time()


def _mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))) + "\n")

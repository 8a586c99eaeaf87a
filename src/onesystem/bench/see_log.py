"""A large log for `bench see`: contacts drawn in columns, written by the log's own writer.

People are drawn a block after the other. A block's copy by person is written at once; for the copy
by month its rows are put aside month by month, and written when everybody has told theirs. So the
files lie as appends and merges of years leave them, and memory is that of one block.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from onesystem.bench.district_year import KINDS

DAYS = 2_450  # 6.7 years, from 1 January 2020
FIRST_DAY = 18_262
_BLOCK = 4_000_000  # contacts
_RUN_BY = 40  # organisations
_STAFF = 9  # clinicians of a service
_DAY_MS = 86_400_000
_SPREAD = 0.7  # shape of how often people come: some hardly ever, some daily
_OUTCOMES = {
    "ED": (("discharged home", 0.72), ("admitted", 0.26), ("left before seen", 0.02)),
    "ward": (("discharged home", 0.83), ("discharged home with care", 0.14), ("died", 0.03)),
    "ambulance": (("taken to hospital", 0.55), ("seen and treated", 0.45)),
}
_MODES = {
    "ED": (("walk-in", 0.7), ("ambulance", 0.3)),
    "ward": (("from ED", 0.55), ("direct admission", 0.1), ("elective", 0.35)),
    "rehabilitation": (("from hospital", 0.8), ("", 0.2)),
    "home care": (("from hospital", 0.05), ("", 0.95)),
    "general practice": (("face to face", 0.65), ("telephone", 0.35)),
}
_URGENCIES = {
    "ambulance": (("category 2", 0.6), ("category 3", 0.4)),
    "outpatient": (("follow-up", 0.6), ("routine", 0.3), ("urgent", 0.1)),
}
# Days, on average.
_WAITS = {"outpatient": 45.0, "diagnostics": 14.0, "community": 5.0, "general practice": 4.0}
_ALWAYS_ASKED = ("outpatient", "diagnostics")


def write(rows: int, people: int) -> None:
    """Write about so many contacts of so many people (1 on) to this process's district."""
    from onesystem.contacts.log import manifest
    from onesystem.contacts.log import write as log

    aside = manifest.place() / "aside"
    aside.mkdir(parents=True)
    blocks = max(1, -(-rows // _BLOCK))
    months, runs = [], []
    for block in range(blocks):
        ids = range(1 + people * block // blocks, 1 + people * (block + 1) // blocks)
        table = drawn(rows // blocks, ids, seed=block)
        runs += log.write_runs(table, f"drawn-{block}")
        _put_aside(table, aside, block)
        del table
    for month in sorted(aside.iterdir()):
        months += log.write_months(_taken_back(month))
        shutil.rmtree(month)
    aside.rmdir()
    manifest.commit("drawn", months=months, runs=runs)


def drawn(rows: int, ids: range, *, seed: int) -> Any:
    """So many contacts of these people, in the log's own columns."""
    import numpy as np
    import pyarrow as pa

    from onesystem.contacts.log import shape

    draw = np.random.default_rng((11, seed))
    often = np.cumsum(draw.gamma(_SPREAD, 1, len(ids)))
    identity = np.searchsorted(often / often[-1], draw.random(rows)) + ids.start
    share = np.array([kind.share for kind in KINDS])
    kind = draw.choice(len(KINDS), rows, p=share / share.sum())
    per = np.array([k.services for k in KINDS])
    service = (np.cumsum(per) - per)[kind] + identity * 7919 % per[kind]  # those of one's own patch
    minute = np.clip(draw.normal(780, 200, rows), 0, 1439).astype(np.int64)
    started = ((FIRST_DAY + draw.integers(0, DAYS, rows)) * 1440 + minute) * 60_000
    shortest, longest = (np.array([getattr(k, n) for k in KINDS]) for n in ("shortest", "longest"))
    wide = (longest - shortest)[kind]
    ended = started + (shortest[kind] + draw.random(rows) * wide).astype(np.int64) * 60_000
    requested, asked = _asked(draw, kind, started)
    stays = np.isin(kind, [_place("ED"), _place("ward"), _place("ambulance")])
    staff = (service * _STAFF + draw.integers(0, _STAFF, rows)).astype(np.int32)
    columns = {
        "contact": _digests(seed, rows),
        "identity": identity,
        "source": _coded(np.zeros(rows, np.int32), ["pas"]),
        "service": _coded(service, services()),
        "setting": _coded(kind, [k.setting for k in KINDS]),
        "requested": _times(requested, asked),
        "started": _times(started),
        "ready": _times(ended - 30 * 60_000, stays),
        "ended": _times(ended),
        "planned": pa.nulls(rows, pa.timestamp("ms", tz="UTC")),
        "bed": _coded(np.zeros(rows, np.int32), [""]),
        "mode": _of_kind(draw, kind, _MODES),
        "urgency": _of_kind(draw, kind, _URGENCIES),
        "reason": _reasons(draw, kind),
        "outcome": _of_kind(draw, kind, _OUTCOMES),
        "by": _coded(staff, [f"C{1_000_000 + i}" for i in range(int(per.sum()) * _STAFF)]),
        "cause": pa.nulls(rows, pa.int64()),
        "cancelled": pa.array(draw.random(rows) < 0.01),
        "version": pa.array(np.ones(rows, np.int32)),
        # Told by the extract of the night after.
        "known_at": pa.array((ended // _DAY_MS + 1) * _DAY_MS * 1000, pa.timestamp("us", tz="UTC")),
        "message": pa.array(ended // _DAY_MS),
    }  # fmt: skip
    return pa.table([columns[name] for name in shape.COLUMNS], schema=shape.schema())


def somebody(people: int) -> Any:
    """What measures know of people 1 on, each with one identity: an Arrow table."""
    import numpy as np
    import pyarrow as pa

    from onesystem.flow.measures.frames import SOMEBODY

    draw = np.random.default_rng(5)
    ids = np.arange(1, people + 1)
    born = FIRST_DAY - draw.integers(0, 32_000, people)
    told = {
        "identity": ids, "person": ids, "born": born, "died": pa.nulls(people, pa.int64()),
        "sex": pa.array(["female", "male"]).take(pa.array(ids % 2)),
        "practice": pa.array([f"P{i}" for i in range(80)]).take(pa.array(ids % 80)),
        "area": pa.array([f"AB{i}" for i in range(60)]).take(pa.array(ids * 31 % 60)),
        "deprivation": pa.array(list("12345")).take(pa.array(ids * 31 % 5)),
    }  # fmt: skip
    return pa.table({name: told[name] for name in SOMEBODY})


def services() -> list[str]:
    """The codes of all services, those of a setting together."""
    return [f"{k.setting.replace(' ', '-')}-{i}" for k in KINDS for i in range(k.services)]


def organisations() -> dict[str, str]:
    """Who runs each service."""
    return {code: f"organisation {at % _RUN_BY}" for at, code in enumerate(services())}


def _place(setting: str) -> int:
    return [kind.setting for kind in KINDS].index(setting)


def _asked(draw: Any, kind: Any, started: Any) -> tuple[Any, Any]:
    """When contacts were asked for, and whether that is known."""
    import numpy as np

    mean = np.array([_WAITS.get(k.setting, 0.5) for k in KINDS]) * _DAY_MS
    wait = (draw.exponential(1, len(kind)) * mean[kind]).astype(np.int64) // 60_000 * 60_000
    always = np.array([k.setting in _ALWAYS_ASKED for k in KINDS])
    return started - wait, always[kind] | (draw.random(len(kind)) < 0.35)


def _of_kind(draw: Any, kind: Any, told: dict[str, Any]) -> Any:
    """A word for each contact, drawn by the shares of its setting; empty where it has none."""
    import numpy as np

    words = list(dict.fromkeys(["", *(word for each in told.values() for word, _ in each)]))
    codes = np.zeros(len(kind), np.int32)
    for setting, shares in told.items():
        at = np.flatnonzero(kind == _place(setting))
        places = np.array([words.index(word) for word, _ in shares], np.int32)
        codes[at] = places[draw.choice(len(shares), len(at), p=[share for _, share in shares])]
    return _coded(codes, words)


def _reasons(draw: Any, kind: Any) -> Any:
    """ICD-10 categories, of some much more than of others: known of stays, of others at times."""
    import numpy as np

    categories = [f"{a}{i:02}" for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for i in range(100)]
    draw_once = np.random.default_rng(2)  # which are common is the same for all blocks
    order = draw_once.permutation(len(categories))
    codes = 1 + order[np.minimum(draw.zipf(1.2, len(kind)), len(categories)) - 1]
    stays = np.isin(kind, [_place("ED"), _place("ward")])
    known = stays | (draw.random(len(kind)) < 0.3)
    return _coded(np.where(known, codes, 0), ["", *categories])


def _digests(seed: int, rows: int) -> Any:
    """Ids that look like digests and are all different: one whole number shuffled to another."""
    import numpy as np

    x = (np.arange(rows, dtype=np.uint64) + (np.uint64(seed + 1) << np.uint64(32))) * np.uint64(
        0x9E3779B97F4A7C15
    )
    x ^= x >> np.uint64(31)
    x *= np.uint64(0xBF58476D1CE4E5B9)
    return (x >> np.uint64(1)).astype(np.int64)


def _coded(codes: Any, words: list[str]) -> Any:
    import numpy as np
    import pyarrow as pa

    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int32)), pa.array(words))


def _times(moments: Any, known: Any = None) -> Any:
    import pyarrow as pa

    mask = None if known is None else ~known
    return pa.array(moments, pa.int64(), mask=mask).cast(pa.timestamp("ms", tz="UTC"))


def _put_aside(table: Any, aside: Path, block: int) -> None:
    """The rows of a block, a file for each month in which some of them started."""
    import numpy as np
    import pyarrow as pa

    from onesystem.contacts.log.write import moments

    month = moments(table).astype("datetime64[ms]").astype("datetime64[M]").astype(np.int64)
    order = np.argsort(month, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(month[order])) + 1):
        folder = aside / f"{month[rows[0]]:06}"
        folder.mkdir(exist_ok=True)
        with pa.OSFile(str(folder / f"{block:04}.arrow"), "wb") as out:
            taken = table.take(pa.array(rows))
            with pa.ipc.new_file(out, table.schema) as file:
                file.write_table(taken)


def _taken_back(folder: Path) -> Any:
    import pyarrow as pa

    tables: Iterator[Any] = (pa.ipc.open_file(pa.memory_map(str(p))).read_all()
                             for p in sorted(folder.iterdir()))  # fmt: skip
    return pa.concat_tables(tables)

"""A district's year of contacts as one extract, made up quickly: for benchmarks of the log.

Shares of settings, lengths of stay and how often people come are roughly those of an English
district; nothing is fitted to anything. A person keeps to the services of their own patch.
"""

from typing import Any, NamedTuple


class Kind(NamedTuple):
    """A setting: its share of contacts, its services, the shortest and longest stay in minutes."""

    setting: str
    share: float
    services: int
    shortest: int
    longest: int


KINDS = (
    Kind("general practice", 0.42, 105, 5, 25),
    Kind("out of hours", 0.02, 2, 5, 40),
    Kind("ambulance", 0.01, 6, 30, 120),
    Kind("ED", 0.012, 6, 30, 600),
    Kind("ward", 0.012, 120, 600, 9000),
    Kind("outpatient", 0.08, 60, 10, 45),
    Kind("diagnostics", 0.09, 20, 5, 60),
    Kind("community", 0.13, 30, 10, 60),
    Kind("rehabilitation", 0.003, 8, 1440, 30000),
    Kind("home care", 0.15, 60, 15, 60),
    Kind("care home", 0.003, 150, 1440, 90000),
    Kind("pharmacy", 0.07, 120, 2, 15),
)


def extract(rows: int, *, people: int = 560_000, year: int = 2025, seed: int = 1) -> Any:
    """A table as `contacts.append` takes it."""
    import numpy as np
    import pyarrow as pa

    draw = np.random.default_rng(seed)
    visits = np.cumsum(draw.gamma(0.7, 1, people))
    identity = np.searchsorted(visits / visits[-1], draw.random(rows)).astype(np.int64) + 1
    share = np.array([kind.share for kind in KINDS])
    kind = draw.choice(len(KINDS), rows, p=share / share.sum())
    per = np.array([k.services for k in KINDS])
    service = (np.cumsum(per) - per)[kind] + identity * 7919 % per[kind]
    day = draw.integers(0, 365, rows) * 1440
    minute = np.clip(draw.normal(780, 200, rows), 0, 1439).astype(np.int64)
    started = np.datetime64(f"{year}-01-01T00:00", "m") + (day + minute)
    shortest = np.array([k.shortest for k in KINDS])[kind]
    longest = np.array([k.longest for k in KINDS])[kind]
    ended = started + (shortest + draw.random(rows) * (longest - shortest)).astype(np.int64)
    requested = started - draw.exponential(3 * 1440, rows).astype(np.int64)
    keys = _numbers(year % 100 * 10**8, rows)
    codes = ["", *(f"{a}{i:02}" for a in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" for i in range(60))]
    coded = 1 + np.minimum(draw.zipf(1.3, rows), len(codes) - 2)
    staff = service * 9 + draw.integers(0, 9, rows)
    cause = draw.integers(0, rows, rows)
    return pa.table(
        {
            "key": keys,
            "identity": identity,
            "service": _words(
                service,
                [f"{k.setting.replace(' ', '-')}-{i}" for k in KINDS for i in range(k.services)],
            ),
            "setting": _words(kind, [k.setting for k in KINDS]),
            "requested": _times(requested, known=draw.random(rows) < 0.35),
            "started": _times(started),
            "ready": _times(ended - 30, known=np.isin(kind, [3, 4])),
            "ended": _times(ended),
            "bed": _words(
                np.where(kind == 4, 1 + draw.integers(0, 28, rows), 0),
                ["", *(f"B{i}" for i in range(28))],
            ),
            "mode": _words(
                draw.choice(4, rows, p=[0.6, 0.3, 0.08, 0.02]),
                ["face to face", "telephone", "home visit", "ambulance"],
            ),
            "urgency": _words(
                draw.choice(3, rows, p=[0.8, 0.15, 0.05]), ["", "urgent", "emergency"]
            ),
            "reason": _words(np.where(draw.random(rows) < 0.4, coded, 0), codes),
            "outcome": _words(
                draw.choice(5, rows, p=[0.7, 0.1, 0.1, 0.05, 0.05]),
                ["", "home", "referred", "admitted", "did not attend"],
            ),
            "by": _words(staff, [f"C{1_000_000 + i}" for i in range(int(staff.max()) + 1)]),
            "cause_key": keys.take(pa.array(cause, mask=draw.random(rows) > 0.06)).fill_null(""),
            "cancelled": pa.array(draw.random(rows) < 0.01),
        }
    )


def _numbers(first: int, rows: int) -> Any:
    """That many numbers of ten digits, one after the other, as texts."""
    import numpy as np
    import pyarrow as pa

    number = first + np.arange(rows)
    digits = np.empty((rows, 10), np.uint8)
    for place in range(10):
        digits[:, place] = number // 10 ** (9 - place) % 10 + ord("0")
    ends = np.arange(0, 10 * (rows + 1), 10, dtype=np.int32)
    return pa.StringArray.from_buffers(rows, pa.py_buffer(ends), pa.py_buffer(digits))


def _words(indices: Any, words: list[str]) -> Any:
    import numpy as np
    import pyarrow as pa

    coded = pa.DictionaryArray.from_arrays(pa.array(indices.astype(np.int32)), pa.array(words))
    return coded.cast(pa.string())


def _times(minutes: Any, *, known: Any = None) -> Any:
    import pyarrow as pa

    plain = pa.array(
        minutes.astype("datetime64[us]"),
        pa.timestamp("us"),
        mask=None if known is None else ~known,
    )
    return plain.cast(pa.timestamp("us", tz="UTC"))

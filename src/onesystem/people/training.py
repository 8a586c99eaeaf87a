"""Training: how telling each level of each field is, learnt from records without any labels.

u comes from random pairs, m from expectation maximisation over blocks (Splink), each block leaving
out what it joins on. How often a field is the same by chance is worked out from its own values,
because a random sample of pairs sees too few of the rare agreements that matter most.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from onesystem.people import splinking
from onesystem.people.compare import COMPARISONS
from onesystem.people.scorer import Field, Weights

# Blocks for expectation maximisation, the purest first. A field is learnt from the blocks that do
# not join on it; the loose blocks serve only fields that the others could not teach.
_TIGHT = (("number",), ("birth", "family"), ("birth", "given"))
_LOOSE = (
    ("family", "given", "phone"), ("email",), ("family", "given", "postcode"), ("family", "given"),
    ("birth",), ("given", "postcode"),
)  # fmt: skip
_SURE = (("number", "birth"), ("number", "given"), ("family", "given", "birth"))
_COUNTED_MOST = 4000
_LEAST = 1e-5
_FEW = 1000  # records: fewer tell the less of what is alike by chance


def train(con: Any, table: str, start: Weights, *, engine: str = splinking.DUCKDB) -> Weights:
    """Weights learnt from a table made by `splinking.prepare`; thresholds stay as they start."""
    counted = {name: _with_frequencies(con, table, name, f) for name, f in start.fields.items()}
    weights = Weights(prior=start.prior, link=start.link, ask=start.ask, fields=counted)
    model = splinking.settings(weights, ["l.birth = r.birth"], engine=engine)
    for comparison in model["comparisons"]:
        for level in comparison["comparison_levels"]:
            level.pop("tf_adjustment_column", None)  # learnt without, applied with
    made, _ = splinking.linker(con, table, model, engine=engine)
    prior = _prior(con, table, start)
    made.training.estimate_u_using_random_sampling(
        max_pairs=200_000, seed=1, min_count_per_level=None, num_chunks=1
    )
    _maximise(con, made, table, set(start.fields))
    learnt = made.misc.save_model_to_json()
    fields = {
        name: _learnt(con, table, name, counted[name], levels, prior)
        for name, levels in _levels(learnt).items()
    }
    share = min(1.0, con.execute(f"SELECT count(*) FROM {table}").fetchone()[0] / _FEW)
    if share < 1:
        fields = {n: _between(start.fields[n], field, share) for n, field in fields.items()}
    return Weights(prior=prior, link=start.link, ask=start.ask, fields=fields)


def _between(start: Field, learnt: Field, share: float) -> Field:
    """What a short list has to say for its share, and for the rest what was known before it.

    Of five records every name is common and every birth date too, which would link nobody.
    """

    def mixed(before: float, now: float) -> float:
        return before + (now - before) * share

    often = None
    if learnt.frequencies is not None:
        known = start.frequencies or {}
        often = {v: mixed(known.get(v, start.rare), n) for v, n in learnt.frequencies.items()}
    return Field(
        m=tuple(map(mixed, start.m, learnt.m)), u=tuple(map(mixed, start.u, learnt.u)),
        frequencies=often, rare=mixed(start.rare, learnt.rare),
    )  # fmt: skip


def _maximise(con: Any, made: Any, table: str, fields: set[str]) -> None:
    taught: set[str] = set()
    for block in (*_TIGHT, *_LOOSE):
        if not set(block) <= fields or (block in _LOOSE and taught == fields):
            continue
        rule = " AND ".join(f"l.{name} = r.{name}" for name in block)
        if _pairs(con, table, rule) < 200:
            continue
        made.training.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True, max_pairs=100_000
        )
        taught |= fields - set(block)


def _pairs(con: Any, table: str, rule: str) -> int:
    sql = f"SELECT count(*) FROM {table} l JOIN {table} r ON {rule} AND l.unique_id < r.unique_id"
    return int(con.execute(sql).fetchone()[0])


def _prior(con: Any, table: str, start: Weights) -> float:
    rules = [
        " AND ".join(f"l.{n} = r.{n}" for n in r) for r in _SURE if set(r) <= set(start.fields)
    ]
    if not rules:
        return start.prior
    sql = " UNION ".join(
        f"SELECT l.unique_id AS a, r.unique_id AS b FROM {table} l JOIN {table} r"
        f" ON {rule} AND l.unique_id < r.unique_id"
        for rule in rules
    )
    sure = con.execute(f"SELECT count(*) FROM ({sql})").fetchone()[0]
    count = con.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    return min(0.1, max(sure / 0.85, 1.0) / max(count * (count - 1) / 2, 1.0))


def _with_frequencies(con: Any, table: str, name: str, field: Field) -> Field:
    if not COMPARISONS[name].counted:
        return field
    sql = (
        f"SELECT {name}, count(*) FROM {table} WHERE {name} IS NOT NULL"
        " GROUP BY 1 ORDER BY 2 DESC, 1"
    )
    counts: Sequence[tuple[str, int]] = con.execute(sql).fetchall()
    total = sum(n for _, n in counts) or 1
    often = {value: n / total for value, n in counts[:_COUNTED_MOST] if n >= 3}
    rest = counts[len(often) :]
    rare = sum(n for _, n in rest) / total / len(rest) if rest else 1 / total
    return Field(m=field.m, u=field.u, frequencies=often, rare=rare)


def _levels(model: Mapping[str, Any]) -> dict[str, list[Mapping[str, Any]]]:
    return {
        comparison["output_column_name"]: [
            level for level in comparison["comparison_levels"] if not level.get("is_null_level")
        ]
        for comparison in model["comparisons"]
    }


def _learnt(
    con: Any, table: str, name: str, start: Field, levels: Sequence[Mapping[str, Any]], prior: float
) -> Field:
    m = [_of(level, "m_probability", start.m[i]) for i, level in enumerate(levels)]
    u = [_of(level, "u_probability", start.u[i]) for i, level in enumerate(levels)]
    u[0] = _same_by_chance(con, table, name, prior * m[0])
    m, u = [each / sum(m) for each in m], [each / sum(u) for each in u]
    return Field(m=tuple(m), u=tuple(u), frequencies=start.frequencies, rare=start.rare)


def _of(level: Mapping[str, Any], name: str, otherwise: float) -> float:
    value = level.get(name)
    return max(float(value) if isinstance(value, int | float) else otherwise, _LEAST)


def _same_by_chance(con: Any, table: str, name: str, matches: float) -> float:
    """How often two records of two people have the same value."""
    sql = f"SELECT count(*) FROM {table} WHERE {name} IS NOT NULL GROUP BY {name}"
    counts = [row[0] for row in con.execute(sql).fetchall()]
    total = sum(counts)
    same = sum(n * (n - 1) for n in counts) / max(total * (total - 1), 1)
    return max(same - matches, 0.2 / max(len(counts), 1) / max(len(counts), 1) ** 0.5, 1e-9)

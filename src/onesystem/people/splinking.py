"""Training with Splink, and linkage of lists and at will of a district, on DuckDB or on Spark.

Splink compares with the same levels and the same weights as `scorer`, so that it finds the pairs
that `sweep` and the live path find: the tests hold them against it. It has no ids of persons: those
are ours (`pending`, `linking`).
"""

import atexit
import logging
import shutil
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from onesystem.people import blocking
from onesystem.people.compare import COMPARISONS, CONTRADICTED_SQL, DOUBTFUL_SQL
from onesystem.people.scorer import Weights
from onesystem.vocabulary import BadConfig
from onesystem.vocabulary.said import say

DUCKDB, SPARK = "duckdb", "spark"


def connect(*, temp: Path | None = None, memory: str = "2GB") -> Any:
    """A DuckDB of its own in memory, which may spill, but not without bound."""
    import duckdb

    con = duckdb.connect(config={"memory_limit": memory})
    con.execute(f"SET temp_directory = '{temp or tempfile.gettempdir()}'")
    con.execute("SET max_temp_directory_size = '20GB'")
    con.execute("SET preserve_insertion_order = false")
    return con


def prepare(
    con: Any, name: str, records: Any, weights: Weights, *, keep: Sequence[str] = ()
) -> None:
    """A table of records as Splink reads them: empty is NULL, counted values say how frequent.

    `records` is an Arrow table with `id` and the fields of the weights, all text; `keep` names
    columns to carry along. How frequent a value is comes from the weights, never from what this
    batch happens to hold.
    """
    con.register(f"{name}_given", records)
    joins, columns = "", ["g.id AS unique_id", *keep]
    for field, each in weights.fields.items():
        columns.append(f"nullif(g.{field}, '') AS {field}")
        if each.frequencies is not None:
            _frequencies(con, field, each.frequencies)
            joins += f" LEFT JOIN often_{field} o_{field} ON g.{field} = o_{field}.{field}"
            columns.append(f"coalesce(o_{field}.tf_{field}, {each.rare!r}) AS tf_{field}")
    con.execute(
        f"CREATE OR REPLACE TABLE {name} AS SELECT {', '.join(columns)} FROM {name}_given g{joins}"
    )
    con.unregister(f"{name}_given")


def _frequencies(con: Any, field: str, frequencies: Mapping[str, float]) -> None:
    import pyarrow as pa

    table = pa.table(
        {
            field: pa.array(list(frequencies), pa.string()),
            f"tf_{field}": pa.array(list(frequencies.values()), pa.float64()),
        }
    )
    con.register("often_given", table)
    con.execute(f"CREATE OR REPLACE TABLE often_{field} AS SELECT * FROM often_given")
    con.unregister("often_given")


def settings(
    weights: Weights, rules: Iterable[str], *, link_type: str = "dedupe_only", engine: str = DUCKDB
) -> dict[str, Any]:
    """The model as Splink's settings."""
    return {
        "link_type": link_type,
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": weights.prior,
        "retain_matching_columns": True,
        "retain_intermediate_calculation_columns": False,
        "em_convergence": 0.001,
        "max_iterations": 15,
        "blocking_rules_to_generate_predictions": [
            {"blocking_rule": rule, "sql_dialect": engine} for rule in rules
        ],
        "comparisons": [
            {
                "output_column_name": name,
                "comparison_levels": _levels(name, weights, engine),
            }
            for name in weights.fields
        ],
    }


def _levels(name: str, weights: Weights, engine: str) -> list[dict[str, Any]]:
    comparison, field = COMPARISONS[name], weights.fields[name]
    levels: list[dict[str, Any]] = [
        {
            "sql_condition": f"{name}_l IS NULL OR {name}_r IS NULL",
            "label_for_charts": "nothing to compare",
            "is_null_level": True,
        }
    ]
    conditions = [*comparison.levels, ("differs", "ELSE")]
    for i, (label, sql) in enumerate(conditions):
        level: dict[str, Any] = {
            "sql_condition": _dialect(sql, engine),
            "label_for_charts": label,
            "m_probability": field.m[i],
            "u_probability": field.u[i],
        }
        if i == 0 and field.frequencies is not None:
            level["tf_adjustment_column"] = name
        levels.append(level)
    return levels


def _dialect(sql: str, engine: str) -> str:
    # The Jaro of Splink's jar is not to the letter that of rapidfuzz and DuckDB: where letters are
    # doubled it can find less alike.
    return sql.replace("jaro_winkler_similarity", "jaro_winkler") if engine == SPARK else sql


def linker(
    con: Any, table: str, model: Mapping[str, Any], *, engine: str = DUCKDB
) -> tuple[Any, Any]:
    """A Splink linker over a table of `con`, and its engine; Spark gets the table carried over."""
    from splink import Linker

    logging.getLogger("splink").setLevel(logging.ERROR)
    api = _api(con, engine)
    if engine == DUCKDB:
        given = api.register(table, dataset_display_name="records")
    else:  # a session of Spark keeps the names it was told, and will not hear one again
        records = _to_spark(con, _without_often(con, table), api)
        given = api.register(records, dataset_display_name=f"records_{uuid4().hex}")
    return Linker(given, dict(model), log_level=None, validate_settings=False), api


def _without_often(con: Any, table: str) -> str:
    """The records without how frequent their values are: Spark is told so beside them."""
    names = [row[0] for row in con.execute(f"DESCRIBE {table}").fetchall()]
    return f"SELECT {', '.join(n for n in names if not n.startswith('tf_'))} FROM {table}"


def _api(con: Any, engine: str) -> Any:
    if engine == DUCKDB:
        from splink.backends.duckdb import DuckDBAPI

        return DuckDBAPI(con)
    if engine != SPARK:
        raise BadConfig(
            say("there is no linkage engine {engine}", engine=repr(engine)), "Use duckdb or spark."
        )
    try:
        from splink.backends.spark import SparkAPI

        session = _spark()
    except ImportError as error:
        raise BadConfig(
            "Spark is not installed", "Install it with: pip install 'onesystem[spark]'"
        ) from error
    return SparkAPI(spark_session=session)


def _spark() -> Any:
    """The Spark session there is, or one on this machine with what Splink needs of it."""
    from pyspark.sql import SparkSession
    from splink.backends.spark import similarity_jar_location

    session = (
        SparkSession.builder.appName("onesystem")
        .config("spark.jars", similarity_jar_location())  # the likeness of names is in there
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    context = session.sparkContext
    if context.master.startswith("local"):
        # Spark's own 200 parts are for a cluster; here each would cost more than what is in it.
        session.conf.set("spark.sql.shuffle.partitions", str(context.defaultParallelism * 2))
    if context.getCheckpointDir() is None:
        context.setCheckpointDir(_scratch())
    return session


def _to_spark(con: Any, sql: str, api: Any) -> Any:
    path = f"{_scratch()}/{uuid4().hex}.parquet"
    con.execute(f"COPY ({sql}) TO '{path}' (FORMAT parquet)")
    return api.spark.read.parquet(path)


@cache
def _scratch() -> str:
    """A folder for what Spark reads and writes; it reads lazily, so it stays to the end."""
    path = tempfile.mkdtemp(prefix="onesystem-spark-")
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    return path


def pair_rules(fields: Iterable[str]) -> list[str]:
    """The joins of the bulk run: the same blocking as the live path, and the shared number."""
    has = set(fields)
    rules = ["l.number = r.number"] if "number" in has else []
    rules += [
        blocking.join_sql(rule)
        for rule in blocking.RULES
        if {"birth" if f == "year" else f for f in rule} <= has
    ]
    return rules


def pairs(
    con: Any,
    table: str,
    weights: Weights,
    *,
    rules: Sequence[str] = (),
    new: str = "",
    engine: str = DUCKDB,
) -> Any:
    """The pairs within a table that are to be linked or asked about.

    `new` is a condition on l and r that a pair has to meet, such as one of them being new.
    Gives an Arrow table a, b (a < b), state, rule, weight.
    """
    found = _predict(con, table, weights, rules or pair_rules(weights.fields), new, engine)
    return _verdicts(con, found, weights, engine)


def scored(
    con: Any,
    table: str,
    weights: Weights,
    *,
    rules: Sequence[str],
    new: str = "",
    engine: str = DUCKDB,
) -> Any:
    """The pairs at `ask` and above by weight alone: an Arrow table a, b (a < b), weight."""
    found = _predict(con, table, weights, rules, new, engine)
    sql = (
        "SELECT least(unique_id_l, unique_id_r) AS a, greatest(unique_id_l, unique_id_r) AS b,"
        f" match_weight AS weight FROM {_table(con, found, engine)}"
        f" WHERE match_weight >= {weights.ask!r} ORDER BY weight DESC, a, b"
    )
    return _collected(con, found, sql)


def _predict(
    con: Any, table: str, weights: Weights, rules: Sequence[str], new: str, engine: str
) -> Any:
    made, api = linker(con, table, settings(weights, rules, engine=engine), engine=engine)
    if engine == DUCKDB:
        _register_pairs(con, made, api, table, rules, new)
        for field, each in weights.fields.items():
            if each.frequencies is not None:  # the records carry them: spare Splink the counting
                lookup = api.register(f"often_{field}")
                made.table_management.register_term_frequency_lookup(lookup, field)
    else:
        for field, each in weights.fields.items():
            if each.frequencies is not None:
                often = f"SELECT DISTINCT {field}, tf_{field} FROM {table} WHERE {field} <> ''"
                lookup = api.register(_to_spark(con, often, api))
                made.table_management.register_term_frequency_lookup(lookup, field)
    return made.inference.predict(warning_mode="never")


def _register_pairs(
    con: Any, made: Any, api: Any, table: str, rules: Sequence[str], new: str
) -> None:
    """Join the pairs ourselves: Splink's own joins know no `new`, and spill without bound."""
    where = f" AND ({new})" if new else ""
    joins = " UNION ".join(
        f"SELECT l.unique_id AS join_key_l, r.unique_id AS join_key_r"
        f" FROM {table} l JOIN {table} r ON {rule} AND l.unique_id < r.unique_id{where}"
        for rule in rules
    )
    con.execute(f"CREATE OR REPLACE TABLE blocked AS SELECT *, '0' AS match_key FROM ({joins})")
    made.table_management.register_blocked_pairs_for_predict(api.register("blocked"))


def _verdicts(con: Any, found: Any, weights: Weights, engine: str) -> Any:
    """What `decide` says of each scored pair, in SQL."""
    sql = f"""
        SELECT least(unique_id_l, unique_id_r) AS a, greatest(unique_id_l, unique_id_r) AS b,
            CASE WHEN gamma_number = 2
                THEN CASE WHEN {CONTRADICTED_SQL} THEN 'ask' ELSE 'link' END
                WHEN match_weight < {weights.link!r} OR gamma_number IN (0, 1) OR {DOUBTFUL_SQL}
                THEN 'ask' ELSE 'link' END AS state,
            CASE WHEN gamma_number = 2 THEN 'number' ELSE 'score' END AS rule,
            match_weight AS weight
        FROM {_table(con, found, engine)}
        WHERE match_weight >= {weights.ask!r} OR gamma_number = 2
    """
    return _collected(con, found, sql)


def score_alone(con: Any, records: Any, weights: Weights) -> None:
    """Find and score the pairs as Splink does, and no more: what a benchmark compares with."""
    rules = pair_rules(weights.fields)
    prepare(con, "records", records, weights)
    made, api = linker(con, "records", settings(weights, rules))
    _register_pairs(con, made, api, "records", rules, "")
    made.inference.predict(warning_mode="never")


def _table(con: Any, found: Any, engine: str) -> str:
    if engine == DUCKDB:
        return str(found.physical_name)
    con.register("spark_pairs", found.as_pyarrow_table())
    return "spark_pairs"


def _collected(con: Any, found: Any, sql: str) -> Any:
    result = con.execute(sql).to_arrow_table()
    found.drop_table_from_database_and_remove_from_cache(force_non_splink_table=True)
    return result

"""Splink on Spark finds the pairs that Splink on DuckDB finds: the levels say the same there."""

import pytest

from onesystem.people import splinking
from onesystem.people.weights import SHIPPED, read

pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings("ignore")]


@pytest.mark.usefixtures("spark")
def test_the_same_pairs_are_linked_with_nearly_the_same_weights():
    """Jaro-Winkler is another library there, which differs where letters are doubled."""
    import pyarrow as pa

    from onesystem.bench.population import records
    from onesystem.people.compare import DISTRICT_FIELDS

    made = records(400, seed=5)
    table = pa.table(
        {
            "id": pa.array(range(1, made.num_rows + 1), pa.int64()),
            **{n: pa.array([v or "" for v in made[n].to_pylist()]) for n in DISTRICT_FIELDS},
        }
    )
    weights = read(SHIPPED)
    found = {}
    for engine in (splinking.DUCKDB, splinking.SPARK):
        con = splinking.connect()
        splinking.prepare(con, "records", table, weights)
        lines = splinking.pairs(con, "records", weights, engine=engine).to_pylist()
        found[engine] = {
            (r["a"], r["b"], r["state"], r["rule"]): round(r["weight"], 6) for r in lines
        }
    duckdb, spark = found[splinking.DUCKDB], found[splinking.SPARK]
    assert len(duckdb) > 100
    assert spark.keys() == duckdb.keys()
    differing = [pair for pair, weight in spark.items() if weight != duckdb[pair]]
    assert len(differing) <= 0.02 * len(duckdb)

"""Cuts what a first twin of an English area is made from, out of the openly licensed sets.

Usage: python tools/cut_area_data.py SHARED_DATA [OUT]

SHARED_DATA is the folder with `population` and `capacity`; OUT defaults to the package's own
`src/onesystem/twin/areas/data`. Running it twice writes the same bytes.
"""

import sys
from pathlib import Path

import duckdb

YEAR = "date >= TIMESTAMP '2023-09-01' AND date < TIMESTAMP '2024-09-01'"  # the last that is whole
LEAST = 0.01  # shares of a trust's patients below this are left out


def main(shared: Path, out: Path) -> None:
    """Cut every table."""
    out.mkdir(parents=True, exist_ok=True)
    flow = shared / "capacity/uk_hospital_flow"
    _areas(shared / "population/england_small_areas", out)
    _shares(shared / "population/nhs_trust_catchments", out)
    _trusts(shared / "population/nhs_trust_catchments", flow, out)
    _delays(flow, out)


def _areas(folder: Path, out: Path) -> None:
    """Integrated care boards of 2022: people by broad age, 2020."""

    def people(first: int, last: int) -> str:
        ages = [f"age_{age}" if age < 90 else "age_90_plus" for age in range(first, last)]
        return f"sum({' + '.join(ages)})::INTEGER AS people_{first}_{last - 1}"

    bands = ", ".join(people(*band) for band in ((0, 18), (18, 65), (65, 75), (75, 85), (85, 91)))
    _csv(
        f"""
        SELECT icb22_code AS code, any_value(icb22_code_h) AS short, any_value(icb22_name) AS name,
               {bands}
        FROM '{folder}/population_2020_lsoa11_by_age.parquet' p
        JOIN '{folder}/lookup_lsoa11_sicbl22_icb22_ltla22.parquet' l USING (lsoa11_code)
        GROUP BY 1 ORDER BY 1
        """,
        out / "areas.csv",
    )


def _shares(folder: Path, out: Path) -> None:
    """The part of a trust's patients who come from a board."""
    _csv(
        f"""
        SELECT nhs_trust22_code AS trust, icb22_code AS area,
               round(proportion_trust_came_from_icb, 4) AS share
        FROM '{folder}/lookup_nhs_trusts22_icb22.parquet'
        WHERE proportion_trust_came_from_icb >= {LEAST} ORDER BY 1, 2
        """,
        out / "shares.csv",
    )


def _trusts(catchments: Path, flow: Path, out: Path) -> None:
    """Means of the year by trust: a day's attendances, admissions and discharges; beds; delay."""
    _csv(
        f"""
        WITH emergency AS (
            SELECT nhs_trust22_code AS trust,
                   sum(total_attendances) / sum(day(last_day(date))) AS attendances,
                   sum(attendances_over_4hours) / sum(total_attendances) AS over_four_hours,
                   sum(total_emergency_admissions) / sum(day(last_day(date))) AS admissions,
                   sum(emergency_admissions_over_4hours) / sum(total_emergency_admissions)
                       AS waited_four_hours_for_a_bed
            FROM '{flow}/england_trust_accidents_emergency.parquet'
            WHERE {YEAR} AND total_attendances > 0 GROUP BY 1
        ), beds AS (
            SELECT nhs_trust22_code AS trust, avg(general_acute_beds_available) AS beds,
                   avg(general_acute_beds_occupied) AS occupied
            FROM '{flow}/england_critical_general_acute_beds.parquet' WHERE {YEAR} GROUP BY 1
        ), staying AS (
            SELECT nhs_trust22_code AS trust, avg(do_not_meet_criteria_to_reside) AS ready
            FROM '{flow}/england_trust_criteria_to_reside.parquet' WHERE {YEAR} GROUP BY 1
        ), leaving AS (
            SELECT nhs_trust22_code AS trust, avg(discharged_total) AS discharges
            FROM '{flow}/england_trust_discharged_patients.parquet' WHERE {YEAR} GROUP BY 1
        )
        SELECT trust, r.nhs_trust22_name AS name, round(attendances, 2) AS attendances,
               round(over_four_hours, 4) AS over_four_hours, round(admissions, 2) AS admissions,
               round(waited_four_hours_for_a_bed, 4) AS waited_four_hours_for_a_bed,
               round(beds, 1) AS beds, round(occupied, 1) AS occupied,
               round(ready, 1) AS ready, round(discharges, 2) AS discharges
        FROM emergency JOIN beds USING (trust) JOIN staying USING (trust)
        JOIN leaving USING (trust)
        JOIN '{catchments}/lookup_nhs_trusts22_nhs_region21.parquet' r
            ON r.nhs_trust22_code = trust
        WHERE attendances > 10 AND beds >= 50 AND discharges > 0 ORDER BY 1
        """,
        out / "trusts.csv",
    )


def _delays(flow: Path, out: Path) -> None:
    """People who stay though they are ready, by the way on that the reason names; the rest apart.

    Reasons are spelled with two kinds of dash, so only their other words are looked at.
    """
    _csv(
        f"""
        SELECT nhs_trust22_code AS trust,
               round(sum(delay_count) FILTER (WHERE way = 0), 1) AS home,
               round(sum(delay_count) FILTER (WHERE way = 1), 1) AS help_at_home,
               round(sum(delay_count) FILTER (WHERE way = 2), 1) AS rehabilitation,
               round(sum(delay_count) FILTER (WHERE way = 3), 1) AS care_home,
               round(sum(delay_count) FILTER (WHERE way IS NULL), 1) AS unsaid
        FROM (
            SELECT *, CASE WHEN delay_reason LIKE '%(Pathway 1)%' THEN 1
                WHEN delay_reason LIKE '%(Pathway 2)%' THEN 2
                WHEN delay_reason LIKE '%(Pathway 3)%' THEN 3
                WHEN delay_reason LIKE '%(Pathway 0)%' THEN 0
                WHEN delay_reason LIKE 'Hospital process%supported discharge%' THEN NULL
                WHEN delay_reason LIKE 'Hospital process%' THEN 0 END AS way
            FROM '{flow}/england_delayed_discharge_reasons.parquet'
        ) GROUP BY 1 HAVING sum(delay_count) > 0 ORDER BY 1
        """,
        out / "delays.csv",
    )


def _csv(query: str, file: Path) -> None:
    duckdb.sql(query).write_csv(str(file))
    sys.stdout.write(f"{file.name}: {len(file.read_text().splitlines()) - 1} rows\n")


if __name__ == "__main__":
    DEFAULT = Path(__file__).parents[1] / "src/onesystem/twin/areas/data"
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else DEFAULT)

"""Cuts the demo's package data from the openly licensed sets it is built on.

Usage: python tools/cut_demo_data.py SHARED_DATA [OUT]

SHARED_DATA is the folder with `population`, `capacity` and `money`; OUT defaults to the package's
own `src/onesystem/demo/data`. Running it twice writes the same bytes.
"""

import sys
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

NORFOLK = "E54000022"
SYSTEM = "QMM"  # Norfolk and Waveney, in the returns of waiting lists
TRUSTS = ("RM1", "RGP", "RCX")
AGES = range(91)


def main(shared: Path, out: Path) -> None:
    """Cut every table."""
    norfolk, canterbury = out / "norfolk-waveney", out / "canterbury"
    norfolk.mkdir(parents=True, exist_ok=True)
    canterbury.mkdir(parents=True, exist_ok=True)
    _areas(shared, norfolk)
    _practices(shared, norfolk)
    _catchments(shared, norfolk)
    _published(shared, norfolk)
    _waiting(shared, norfolk)
    _canterbury(shared, canterbury)


def _areas(shared: Path, out: Path) -> None:
    """Small areas: people by single year of age, deprivation decile 2025, local authority.

    A 2011 area that was split takes the mean decile of its 2021 parts.
    """
    folder = shared / "population/england_small_areas"
    ages = ", ".join(f"any_value(CAST({_age(a)} AS SMALLINT)) AS age_{a}" for a in AGES)
    query = f"""
        SELECT p.lsoa11_code AS area, any_value(p.lsoa11_name) AS name,
               any_value(l.ltla22_name) AS authority, any_value(l.ltla22_code) AS authority_code,
               CAST(round(avg(i.IMD_decile)) AS TINYINT) AS decile, {ages}
        FROM '{folder}/population_2020_lsoa11_by_age.parquet' p
        JOIN '{folder}/lookup_lsoa11_sicbl22_icb22_ltla22.parquet' l USING (lsoa11_code)
        LEFT JOIN '{folder}/lookup_lsoa11_lsoa21_ltla22.parquet' c USING (lsoa11_code)
        LEFT JOIN '{folder}/imd_2025_lsoa21.parquet' i USING (lsoa21_code)
        WHERE l.icb22_code = '{NORFOLK}' GROUP BY 1 ORDER BY 1
    """
    _parquet(duckdb.sql(query).to_arrow_table(), out / "areas.parquet")


def _age(age: int) -> str:
    return f"age_{age}" if age < 90 else "age_90_plus"


def _practices(shared: Path, out: Path) -> None:
    """General practices with a list, by their published code."""
    query = f"""
        SELECT practice_code AS code, practice_name AS name,
               regexp_replace(practice_postcode, ' +', ' ') AS postcode,
               CAST(number_of_registered_patients_last_known_figure AS INT) AS patients
        FROM '{shared}/money/gp_payments_2022_23/gp_payments_2022_23.parquet'
        WHERE sub_icb_name ILIKE '%norfolk and waveney%' AND patients > 0
        ORDER BY code
    """
    _csv(query, out / "practices.csv")


def _catchments(shared: Path, out: Path) -> None:
    """What share of a trust's patients come from each authority, and from the whole board."""
    folder = shared / "population/nhs_trust_catchments"
    authorities = f"(SELECT DISTINCT authority_code FROM '{out}/areas.parquet')"
    query = f"""
        SELECT nhs_trust22_code AS trust, ltla21_code AS authority_code,
               round(proportion_trust_came_from_ltla, 6) AS share
        FROM '{folder}/lookup_nhs_trusts22_ltla21.parquet'
        WHERE nhs_trust22_code IN {TRUSTS} AND ltla21_code IN {authorities}
        UNION ALL
        SELECT nhs_trust22_code, icb22_code, round(proportion_trust_came_from_icb, 6)
        FROM '{folder}/lookup_nhs_trusts22_icb22.parquet'
        WHERE nhs_trust22_code IN {TRUSTS} AND icb22_code = '{NORFOLK}'
        ORDER BY 1, 2
    """
    _csv(query, out / "catchments.csv")


def _published(shared: Path, out: Path) -> None:
    """The monthly flow of the three trusts: what the demo is calibrated to and checked against."""
    folder = shared / "capacity/uk_hospital_flow"
    query = f"""
        WITH reside AS (
            SELECT nhs_trust22_code, date_trunc('month', date) AS date,
                   avg(do_not_meet_criteria_to_reside) AS no_reside
            FROM '{folder}/england_trust_criteria_to_reside.parquet' GROUP BY ALL
        ), left_hospital AS (
            SELECT nhs_trust22_code, date_trunc('month', date) AS date,
                   avg(discharged_total) AS discharged,
                   sum(discharged_by_1700) / sum(discharged_total)
                     FILTER (discharged_by_1700 IS NOT NULL) AS before_17
            FROM '{folder}/england_trust_discharged_patients.parquet'
            WHERE discharged_total > 0 GROUP BY ALL
        )
        SELECT nhs_trust22_code AS trust, strftime(a.date, '%Y-%m') AS month,
               CAST(total_attendances AS INT) AS attendances,
               CAST(attendances_over_4hours AS INT) AS over_4_hours,
               CAST(total_emergency_admissions AS INT) AS emergency_admissions,
               CAST(general_acute_beds_available AS INT) AS beds_available,
               CAST(general_acute_beds_occupied AS INT) AS beds_occupied,
               round(no_reside, 1) AS no_criteria_to_reside,
               round(discharged, 1) AS discharged_a_day, round(before_17, 3) AS before_17
        FROM '{folder}/england_trust_accidents_emergency.parquet' a
        LEFT JOIN '{folder}/england_critical_general_acute_beds.parquet' b
             USING (nhs_trust22_code, date)
        LEFT JOIN reside USING (nhs_trust22_code, date)
        LEFT JOIN left_hospital USING (nhs_trust22_code, date)
        WHERE nhs_trust22_code IN {TRUSTS} ORDER BY 1, 2
    """
    _csv(query, out / "published.csv")


def _waiting(shared: Path, out: Path) -> None:
    """The list of the district's hospitals from referral to treatment, and how long England waits.

    `waiting` and `referred` are pathways; the parts of England's list that wait longer are shares.
    """
    folder = shared / "capacity/uk_hospital_flow"
    query = f"""
        WITH england AS (
            PIVOT '{folder}/england_rtt_overview.parquet' ON type_of_wait USING first(count)
        )
        SELECT strftime(l.date, '%Y-%m') AS month, CAST(incomplete AS INT) AS waiting,
               CAST(new AS INT) AS referred,
               round("No. > 18 weeks" / "Total waiting", 4) AS england_over_18_weeks,
               round("No. > 52 weeks" / "Total waiting", 4) AS england_over_52_weeks
        FROM '{folder}/england_rtt_flow_stp.parquet' l
        LEFT JOIN england e ON e.month = l.date
        WHERE stp20_nhs_code = '{SYSTEM}' ORDER BY 1
    """
    _csv(query, out / "waiting.csv")


def _canterbury(shared: Path, out: Path) -> None:
    """People by age band, sex and ethnicity, and the small areas with their counts.

    The published table lost the macron of Kaikōura; it is put back.
    """
    folder = shared / "population/new_zealand_districts"
    _csv(
        f"""
        SELECT age_group, sex, ethnic_group, sum(population) AS people
        FROM '{folder}/health_service_users_2022_by_district.parquet'
        WHERE district = 'Canterbury' AND sex IN ('Female', 'Male')
        GROUP BY ALL ORDER BY 1, 2, 3
        """,
        out / "people.csv",
    )
    _csv(
        f"""
        SELECT sa2_code AS area, replace(sa2_name, '?ura', 'ōura') AS name,
               try_cast(pop_cnt AS INT) AS people
        FROM '{folder}/sa2_district_population.parquet'
        WHERE dhb = 'Canterbury' AND try_cast(pop_cnt AS INT) >= 500 ORDER BY 1
        """,
        out / "areas.csv",
    )


def _csv(query: str, path: Path) -> None:
    duckdb.sql(f"COPY ({query}) TO '{path}' (HEADER, DELIMITER ',')")


def _parquet(table: pa.Table, path: Path) -> None:
    pq.write_table(table, path, compression="zstd", compression_level=19)


if __name__ == "__main__":
    default = Path(__file__).resolve().parent.parent / "src/onesystem/demo/data"
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else default)

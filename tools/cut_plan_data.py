"""Cuts what the plan room knows of every board and district, out of the openly licensed sets.

Usage: python tools/cut_plan_data.py SHARED_DATA [OUT]

SHARED_DATA is the folder with `population`, `capacity` and `money`; OUT defaults to the plan room
of the package. Running it twice writes the same bytes.
"""

import sys
from pathlib import Path

import duckdb

YEAR = "date >= TIMESTAMP '2023-09-01' AND date < TIMESTAMP '2024-09-01'"  # the last that is whole
BANDS = [(first, min(first + 5, 90)) for first in range(0, 90, 5)] + [(90, 91)]
# Districts that became one council in April 2023: their codes of 2022 and of 2024.
JOINED = {
    "E06000063": ("E07000026", "E07000028", "E07000029"),  # Cumberland
    "E06000064": ("E07000027", "E07000030", "E07000031"),  # Westmorland and Furness
    "E06000065": tuple(f"E07000{n}" for n in range(163, 170)),  # North Yorkshire
    "E06000066": ("E07000187", "E07000188", "E07000189", "E07000246"),  # Somerset
}
COUNTRIES = "('New Zealand', 'United Kingdom')"


def main(shared: Path, out: Path) -> None:
    """Cut every table."""
    for part in ("areas", "population", "case"):
        (out / part / "data").mkdir(parents=True, exist_ok=True)
    duckdb.sql(
        "CREATE TABLE joined AS SELECT * FROM (VALUES "
        + ", ".join(f"('{old}', '{new}')" for new, olds in JOINED.items() for old in olds)
        + ") AS t(old, new)"
    )
    areas, small = out / "areas/data", shared / "population/england_small_areas"
    _england(small, areas)
    _renamed(small, shared / "population/nhs_trust_catchments", areas)
    _boards(shared, small, areas)
    _new_zealand(shared / "population/new_zealand_districts", areas)
    _nations(shared / "population/un_wpp", out / "population/data")
    _published(shared / "capacity/uk_hospital_flow", out / "case/data")


def _age(age: int) -> str:
    return f"age_{age}" if age < 90 else "age_90_plus"


def _england(small: Path, out: Path) -> None:
    """Small areas of 2011 by five-year ages; boards by single ages; women by council and age."""
    duckdb.sql(
        f"""
        CREATE TABLE lived AS
        SELECT l.*, p.* EXCLUDE (lsoa11_code, lsoa11_name), coalesce(j.new, ltla22_code) AS ltla24
        FROM '{small}/population_2020_lsoa11_by_age.parquet' p
        JOIN '{small}/lookup_lsoa11_sicbl22_icb22_ltla22.parquet' l USING (lsoa11_code)
        LEFT JOIN joined j ON j.old = ltla22_code
        """
    )
    bands = ", ".join(
        f"({' + '.join(_age(a) for a in range(*band))})::USMALLINT AS b{band[0]}" for band in BANDS
    )
    _parquet(
        f"""
        WITH newer AS (
            SELECT lsoa11_code, round(avg(IMD_decile))::TINYINT AS decile
            FROM '{small}/lookup_lsoa11_lsoa21_ltla22.parquet'
            JOIN '{small}/imd_2025_lsoa21.parquet' USING (lsoa21_code) GROUP BY 1
        )
        SELECT substr(lsoa11_code, 2)::INTEGER AS area, icb22_code_h AS board,
               sicbl22_code_h AS place, ltla22_code AS council, ltla24 AS council_2024,
               i.IMD_decile::TINYINT AS decile_2019, n.decile AS decile, {bands}
        FROM lived JOIN '{small}/imd_2019_lsoa11.parquet' i USING (lsoa11_code)
        JOIN newer n USING (lsoa11_code) ORDER BY board, place, area
        """,
        out / "england.parquet",
    )
    single = ", ".join(f"sum({_age(a)})::INTEGER AS a{a}" for a in range(91))
    _parquet(
        f"SELECT ltla22_code AS council, icb22_code_h AS board, {single} FROM lived"
        " GROUP BY 1, 2 ORDER BY 1, 2",
        out / "ages.parquet",
    )
    shares = ", ".join(
        f"round({part}_females / ({part}_females + {part}_males), 5) AS {part}"
        for part in ("working_age", "older")
    )
    # By their sums the table's "older" are people of 65 to 74, and its "younger" are those under 16
    # together with those of 90 and over; 75 to 89 are missing. So only two of its shares are used.
    _csv(
        f"""
        SELECT ltla22_code AS council, any_value(ltla22_name) AS name,
               string_agg(DISTINCT icb22_code_h, ' ' ORDER BY icb22_code_h) AS boards, {shares}
        FROM lived JOIN '{small}/census_2021_age_sex_ltla21.parquet' ON ltla21_code = ltla22_code
        GROUP BY ALL ORDER BY 1
        """,
        out / "councils.csv",
    )


def _renamed(small: Path, catchments: Path, out: Path) -> None:
    """Small areas whose code of 2021 is not that of 2011; organisations that have a new code."""
    _csv(
        f"""
        SELECT lsoa11_code AS old, lsoa21_code AS new, change_code AS change
        FROM '{small}/lookup_lsoa11_lsoa21_ltla22.parquet'
        WHERE change_code <> 'U' AND lsoa11_code LIKE 'E%' ORDER BY 1, 2
        """,
        out / "renamed.csv",
    )
    _csv(
        f"""
        SELECT old_code AS old, new_code AS new, date::DATE AS since
        FROM '{catchments}/lookup_trust_trust.parquet'
        WHERE new_code IN (SELECT DISTINCT sicbl22_code_h FROM lived)
           OR (length(old_code) = 3 AND length(new_code) = 3 AND old_code LIKE 'R%'
               AND new_code LIKE 'R%')
        ORDER BY 1, 2
        """,
        out / "organisations.csv",
    )


def _boards(shared: Path, small: Path, out: Path) -> None:
    """Boards with their codes in all styles, and what is published of each for the last year."""
    flow, catch = shared / "capacity/uk_hospital_flow", shared / "population/nhs_trust_catchments"
    staff = shared / "capacity/intermediate_care_and_delay/trust_doctors_nurses_by_month.csv"
    _csv(
        f"""
        WITH boards AS (
            SELECT icb22_code_h AS board, any_value(icb22_code) AS code,
                   any_value(icb22_name) AS name, sum(total)::INTEGER AS people
            FROM lived GROUP BY 1
        ), newer AS (
            SELECT DISTINCT icb24_code_nhs AS board, icb24_code AS code_2024
            FROM '{small}/lookup_lsoa21_icb24.parquet'
        ), emergency AS (
            SELECT icb22_code AS code, sum(total_attendances)::INTEGER AS attendances,
                   sum(total_emergency_admissions)::INTEGER AS admissions
            FROM '{flow}/england_icb_accidents_emergency.parquet' WHERE {YEAR} GROUP BY 1
        ), waits AS (
            SELECT stp20_nhs_code AS board, sum(new)::INTEGER AS referred,
                   sum(completed)::INTEGER AS treated,
                   max_by(incomplete, date)::INTEGER AS waiting
            FROM '{flow}/england_rtt_flow_stp.parquet' WHERE {YEAR} GROUP BY 1
        ), trusts AS (
            SELECT b.*, s.ready, d.discharges, n.doctors, n.nurses FROM (
                SELECT nhs_trust22_code AS trust, avg(general_acute_beds_available) AS beds,
                       avg(general_acute_beds_occupied) AS occupied
                FROM '{flow}/england_critical_general_acute_beds.parquet' WHERE {YEAR} GROUP BY 1
            ) b LEFT JOIN (
                SELECT nhs_trust22_code AS trust, avg(do_not_meet_criteria_to_reside) AS ready
                FROM '{flow}/england_trust_criteria_to_reside.parquet' WHERE {YEAR} GROUP BY 1
            ) s USING (trust) LEFT JOIN (
                SELECT nhs_trust22_code AS trust, avg(discharged_total) AS discharges
                FROM '{flow}/england_trust_discharged_patients.parquet' WHERE {YEAR} GROUP BY 1
            ) d USING (trust) LEFT JOIN (
                SELECT org_code AS trust, avg(doctors) AS doctors, avg(nurses) AS nurses
                FROM '{staff}' GROUP BY 1
            ) n USING (trust)
        ), hospitals AS (
            SELECT icb22_code AS code, sum(share * beds) AS beds, sum(share * occupied) AS occupied,
                   sum(share * ready) AS ready, sum(share * discharges) AS discharges,
                   sum(share * nurses) / sum(share * beds) FILTER (WHERE nurses IS NOT NULL)
                       AS nurses_a_bed,
                   sum(share * doctors) / sum(share * beds) FILTER (WHERE doctors IS NOT NULL)
                       AS doctors_a_bed
            FROM (SELECT *, proportion_trust_came_from_icb AS share
                  FROM '{catch}/lookup_nhs_trusts22_icb22.parquet')
            JOIN trusts ON trust = nhs_trust22_code GROUP BY 1
        ), practices AS (
            SELECT board, sum(total_gp_fte * part) AS doctors,
                   sum(total_patients * part) AS patients
            FROM (SELECT ltla24, icb22_code_h AS board,
                         sum(total) / sum(sum(total)) OVER (PARTITION BY ltla24) AS part
                  FROM lived GROUP BY 1, 2)
            JOIN '{flow}/england_underdoctored_areas.parquet' ON ltla24_code = ltla24 GROUP BY 1
        )
        SELECT board, code, code_2024, name, people, attendances, admissions, referred, treated,
               waiting, round(beds, 1) AS beds, round(occupied, 1) AS occupied,
               round(ready, 1) AS ready, round(discharges, 2) AS discharges_a_day,
               round(nurses_a_bed, 3) AS nurses_a_bed, round(h.doctors_a_bed, 3) AS doctors_a_bed,
               round(g.doctors, 1) AS practice_doctors, round(g.patients)::INTEGER AS patients
        FROM boards JOIN newer USING (board) LEFT JOIN emergency USING (code)
        LEFT JOIN waits USING (board) LEFT JOIN hospitals h USING (code)
        LEFT JOIN practices g USING (board) ORDER BY board
        """,
        out / "boards.csv",
    )
    _csv(
        "SELECT DISTINCT sicbl22_code_h AS place, sicbl22_code AS code, icb22_code_h AS board"
        " FROM lived ORDER BY 1",
        out / "places.csv",
    )


def _new_zealand(folder: Path, out: Path) -> None:
    """Health service users of 2022 by age and sex (small cells are in neither), small areas."""
    _csv(
        f"""
        SELECT district, trim(split_part(replace(age_group, '+', ' to'), ' to', 1))::INTEGER AS age,
               sum(population) FILTER (WHERE sex = 'Female')::INTEGER AS female,
               sum(population) FILTER (WHERE sex = 'Male')::INTEGER AS male,
               coalesce(sum(population) FILTER (WHERE sex NOT IN ('Female', 'Male')), 0)::INTEGER
                   AS other
        FROM '{folder}/health_service_users_2022_by_district.parquet'
        WHERE district NOT IN ('Various', 'Overseas/Unknown') GROUP BY 1, 2 ORDER BY 1, 2
        """,
        out / "new_zealand.csv",
    )
    _csv(
        f"""
        SELECT dhb AS district, sa2_code AS area, sa2_name AS name, pop_cnt::INTEGER AS people
        FROM '{folder}/sa2_district_population.parquet'
        WHERE try_cast(pop_cnt AS INTEGER) > 0 AND sa2_code <> 'Unknown' AND dhb <> 'Unknown'
        ORDER BY 1, 2
        """,
        out / "new_zealand_areas.csv",
    )


def _nations(folder: Path, out: Path) -> None:
    """Past and coming years of countries; their people by age; their death rates."""
    _csv(
        f"""
        WITH women AS (
            SELECT name, year, variant, sum(population_thousands) AS women
            FROM '{folder}/wpp2019_population_by_age_sex.parquet'
            WHERE sex = 'female' AND age IN ('15-19', '20-24', '25-29', '30-34', '35-39', '40-44',
                                             '45-49') GROUP BY ALL
        ), each AS (
            SELECT name, year, births, cnmr, births / cbr * 1000 AS people, NULL AS tfr,
                   NULL AS tfr_low, NULL AS tfr_high, e0B AS e0, NULL AS e0_low, NULL AS e0_high,
                   NULL AS low, NULL AS high
            FROM '{folder}/wpp2024_misc1.parquet'
            JOIN '{folder}/wpp2024_e01.parquet' USING (name, year)
            UNION ALL
            SELECT name, year, births, cnmr, births / cbr * 1000, tfr, tfr_80l, tfr_80u, e0B,
                   e0B_80l, e0B_80u, pop_80l, pop_80u
            FROM '{folder}/wpp2024_miscproj1.parquet'
            JOIN '{folder}/wpp2024_tfrproj1.parquet' USING (name, year)
            JOIN '{folder}/wpp2024_e0proj1.parquet' USING (name, year)
            JOIN '{folder}/wpp2024_popproj1.parquet' USING (name, year)
        )
        SELECT name AS country, e.year, round(people, 1) AS people,
               round(births / (a.women + (b.women - a.women) * (e.year - a.year) / 5) * 1000, 3)
                   AS births, cnmr AS moves, round(tfr, 4) AS tfr, tfr_low, tfr_high,
               round(e0, 2) AS e0, e0_low, e0_high, low AS people_low, high AS people_high
        FROM each e
        JOIN women a USING (name) JOIN women b USING (name)
        WHERE name <> 'World' AND a.year = e.year // 5 * 5 AND b.year = a.year + 5
          AND a.variant = (CASE WHEN a.year <= 2020 THEN 'estimate' ELSE 'medium' END)
          AND b.variant = (CASE WHEN b.year <= 2020 THEN 'estimate' ELSE 'medium' END)
          AND (e.year BETWEEN 1980 AND 2024 OR (e.year < 2061 AND name IN {COUNTRIES}))
        ORDER BY 1, 2
        """,
        out / "years.csv",
    )
    _csv(
        f"""
        SELECT name AS country, year, split_part(replace(age, '+', '-'), '-', 1)::INTEGER AS age,
               round(sum(population_thousands) FILTER (WHERE sex = 'female'), 3) AS female,
               round(sum(population_thousands) FILTER (WHERE sex = 'male'), 3) AS male
        FROM '{folder}/wpp2019_population_by_age_sex.parquet'
        WHERE variant = 'estimate' AND year BETWEEN 1980 AND 2020 AND name <> 'World'
        GROUP BY ALL ORDER BY 1, 2, 3
        """,
        out / "people.csv",
    )
    _csv(
        f"""
        SELECT name AS country, left(period, 4)::INTEGER AS since,
               regexp_extract(age, '[0-9]+')::INTEGER AS age,
               round(mxF, 6) AS female, round(mxM, 6) AS male
        FROM '{folder}/wpp2024_mx5.parquet' WHERE year BETWEEN 1980 AND 2020 AND name <> 'World'
        ORDER BY 1, 2, 3
        """,
        out / "deaths.csv",
    )


def _published(flow: Path, out: Path) -> None:
    """Monthly series of every board and trust: what the skill of a projection is told on."""
    _csv(
        f"""
        SELECT 'attendances' AS measure, icb22_code_h AS area, strftime(date, '%Y-%m') AS month,
               total_attendances::INTEGER AS value
        FROM '{flow}/england_icb_accidents_emergency.parquet'
        JOIN (SELECT DISTINCT icb22_code, icb22_code_h FROM lived) USING (icb22_code)
        UNION ALL
        SELECT 'admissions', icb22_code_h, strftime(date, '%Y-%m'),
               total_emergency_admissions::INTEGER
        FROM '{flow}/england_icb_accidents_emergency.parquet'
        JOIN (SELECT DISTINCT icb22_code, icb22_code_h FROM lived) USING (icb22_code)
        UNION ALL
        SELECT 'occupied beds', nhs_trust22_code, strftime(date, '%Y-%m'),
               round(general_acute_beds_occupied)::INTEGER
        FROM '{flow}/england_critical_general_acute_beds.parquet'
        WHERE general_acute_beds_occupied > 100
        UNION ALL
        SELECT 'waiting', stp20_nhs_code, strftime(date, '%Y-%m'), incomplete::INTEGER
        FROM '{flow}/england_rtt_flow_stp.parquet' WHERE incomplete IS NOT NULL
        ORDER BY 1, 2, 3
        """,
        out / "published.csv.zst",
    )
    _csv(
        f"""
        SELECT age, sum(attendances)::INTEGER AS attendances
        FROM '{flow}/scotland_ae_admission.parquet'
        WHERE date BETWEEN '2023-09' AND '2024-08-31' AND age <> 'Unknown' GROUP BY 1 ORDER BY 1
        """,
        out / "scotland_ages.csv",
    )
    homes = flow.parent / "intermediate_care_and_delay/care_home_beds_by_region_2020.csv"
    _csv(
        f"SELECT ch_region AS region, beds FROM '{homes}' WHERE ch_region <> 'UNSPECIFIED'"
        " ORDER BY 1",
        out / "care_homes.csv",
    )


def _csv(query: str, file: Path) -> None:
    duckdb.sql(query).write_csv(str(file), compression="zstd" if file.suffix == ".zst" else None)
    sys.stdout.write(f"{file.name}: {file.stat().st_size:,} bytes\n")


def _parquet(query: str, file: Path) -> None:
    duckdb.sql(f"COPY ({query}) TO '{file}' (FORMAT parquet, COMPRESSION zstd)")
    sys.stdout.write(f"{file.name}: {file.stat().st_size:,} bytes\n")


if __name__ == "__main__":
    DEFAULT = Path(__file__).parents[1] / "src/onesystem/plan"
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else DEFAULT)

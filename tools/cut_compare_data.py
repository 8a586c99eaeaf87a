"""Cut the published series that districts are compared on. Run by hand; needs the shared data.

    python tools/cut_compare_data.py FOLDER-OF-SHARED-DATA

Writes `series.parquet` and `places.csv` of `alliance/comparing/data`: each row a place's figure of
a month as two sums, above and below, so that months and places add up.
"""

import sys
from pathlib import Path

import pandas as pd

OUT = Path(__file__).resolve().parents[1] / "src/onesystem/alliance/comparing/data"
SINCE, UNTIL = pd.Timestamp("2022-04-01"), pd.Timestamp("2024-09-01")
# The first letter of a hospital's code is its health board: Public Health Scotland.
SCOTLAND = {
    "A": ("S08000015", "Ayrshire and Arran"), "B": ("S08000016", "Borders"),
    "Y": ("S08000017", "Dumfries and Galloway"), "F": ("S08000029", "Fife"),
    "V": ("S08000019", "Forth Valley"), "N": ("S08000020", "Grampian"),
    "G": ("S08000031", "Greater Glasgow and Clyde"), "H": ("S08000022", "Highland"),
    "L": ("S08000032", "Lanarkshire"), "S": ("S08000024", "Lothian"),
    "R": ("S08000025", "Orkney"), "Z": ("S08000026", "Shetland"),
    "T": ("S08000030", "Tayside"), "W": ("S08000028", "Western Isles"),
}  # fmt: skip
TRUSTS = {"BHSCT": "Belfast", "NHSCT": "Northern", "SEHSCT": "South Eastern",
          "SHSCT": "Southern", "WHSCT": "Western"}  # fmt: skip
# Councils whose table has no names, and those that began in April 2023.
WALES = dict(zip(
    [f"W060000{n:02}" for n in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 19, 20, 21,
                                22, 23, 24)],
    ["Isle of Anglesey", "Gwynedd", "Conwy", "Denbighshire", "Flintshire", "Wrexham", "Ceredigion",
     "Pembrokeshire", "Carmarthenshire", "Swansea", "Neath Port Talbot", "Bridgend",
     "Vale of Glamorgan", "Cardiff", "Rhondda Cynon Taf", "Caerphilly", "Blaenau Gwent", "Torfaen",
     "Monmouthshire", "Newport", "Powys", "Merthyr Tydfil"], strict=True,
))  # fmt: skip
NEW = {"E06000063": "Cumberland", "E06000064": "Westmorland and Furness",
       "E06000065": "North Yorkshire", "E06000066": "Somerset"}  # fmt: skip


def main(data: Path) -> None:
    """Cut everything."""
    flow = data / "capacity/uk_hospital_flow"
    parts = [_ae(flow), _beds(flow, data), _ready(flow), _doctors(flow), _aged(data)]
    every = pd.concat([each for part in parts for each in part])
    every = every[(every.below > 0) & every.above.notna()]
    every["month"] = every.month.dt.date
    every = every.sort_values(["series", "place", "month"]).reset_index(drop=True)
    every[["above", "below"]] = every[["above", "below"]].round(2)
    OUT.mkdir(exist_ok=True)
    every.to_parquet(OUT / "series.parquet", compression="zstd", index=False)
    _places(every, flow, data).to_csv(OUT / "places.csv", index=False)


def _table(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path.with_suffix(".parquet"))


def _rows(series: str, place: object, month: object, above: object, below: object) -> pd.DataFrame:
    made = pd.DataFrame({"place": place, "month": pd.to_datetime(month), "above": above,
                         "below": below})  # fmt: skip
    made["month"] = made.month.dt.to_period("M").dt.to_timestamp()
    made = made.groupby(["place", "month"], as_index=False).sum(min_count=1)
    return made.assign(series=series)[["series", "place", "month", "above", "below"]]


def _since(table: pd.DataFrame) -> pd.DataFrame:
    return table[(table.date >= SINCE) & (table.date < UNTIL)]


def _health_board(hospital: str) -> str:
    """Argyll and Clyde was shared out in 2006: its hospitals of the Highlands, the rest."""
    letter = hospital[0]
    if letter == "C":
        letter = "H" if hospital[1] == "1" else "G"
    return SCOTLAND[letter][0]


def _ae(flow: Path) -> list[pd.DataFrame]:
    """Attendances that took more than four hours, of all attendances."""
    england = _since(_table(flow / "england_icb_accidents_emergency"))
    scotland = _since(_table(flow / "scotland_ae_attendance"))
    ni = _since(_table(flow / "ni_waiting_times"))
    wales = _table(flow / "wales_ae_performance")
    wales = _since(wales[wales.performance_target == "4hr"])
    wales = wales[wales.hospital_code.str[3:6].eq(wales.hospital_code.str[:3])]
    wales = wales[wales.hospital_code.str[6:].isin(["Maj", "Min"])]
    wales = wales[wales.hospital_code.str[:3] != "XXX"]  # all of Wales
    wide = wales.pivot_table(index=["hospital_code", "date"], columns="performance_measure",
                             values="data", aggfunc="sum").reset_index()  # fmt: skip
    total = wide["Total attendances"]
    within = next(c for c in wide.columns if c.startswith("Attendances where"))
    return [
        _rows("ae-over-4h", england.icb22_code, england.date, england.attendances_over_4hours,
              england.total_attendances),
        _rows("ae-over-4h", scotland.hospital_code.map(_health_board),
              scotland.date, scotland.over_4_hours, scotland.attendances),
        _rows("ae-over-4h", ni.trust18_code, ni.date, ni.total - ni.under_4_hours, ni.total),
        _rows("ae-over-4h", wide.hospital_code.str[:3], wide.date, total - wide[within], total),
    ]  # fmt: skip


def _beds(flow: Path, data: Path) -> list[pd.DataFrame]:
    """Beds occupied, of beds open: English trusts by where their patients live."""
    england = _since(_table(flow / "england_critical_general_acute_beds"))
    shares = _table(data / "population/nhs_trust_catchments/lookup_nhs_trusts22_icb22")
    joined = england.merge(shares, on="nhs_trust22_code")
    part = joined.proportion_trust_came_from_icb
    scotland = _table(flow / "scotland_beds")
    scotland = _since(scotland[scotland.specialty == "All Acute"])
    wales = _table(flow / "wales_health_board_critical_general_acute_beds")
    wales = _since(wales[wales.specialism == "all_specialties"])
    ni = _since(_table(flow / "ni_beds"))
    return [
        _rows("beds-occupied", joined.icb22_code, joined.date,
              joined.general_acute_beds_occupied * part,
              joined.general_acute_beds_available * part),
        _rows("beds-occupied", scotland.hb19_code, scotland.date,
              scotland.average_number_occupied_beds,
              scotland.average_number_available_staffed_beds),
        _rows("beds-occupied", wales.health_board_code, wales.date, wales.daily_beds_occupied,
              wales.daily_beds_available),
        _rows("beds-occupied", ni.trust18_code, ni.date, ni.average_occupied_beds,
              ni.average_available_beds),
    ]  # fmt: skip


def _ready(flow: Path) -> list[pd.DataFrame]:
    """People in hospital who could leave, on a mean day, of the people who live there."""
    table = _table(flow / "england_icb_criteria_to_reside")
    table = table.assign(month=table.date.dt.to_period("M").dt.to_timestamp())
    mean = table.groupby(
        ["icb22_code", "month"], as_index=False
    ).do_not_meet_criteria_to_reside.mean()
    people = _boards()
    mean = mean[mean.icb22_code.isin(people)]
    return [_rows("ready-to-leave", mean.icb22_code, mean.month,
                  mean.do_not_meet_criteria_to_reside, mean.icb22_code.map(people))]  # fmt: skip


def _boards() -> dict[str, float]:
    areas = pd.read_csv(OUT.parents[2] / "plan/areas/data/boards.csv")
    return dict(zip(areas.code, areas.people.astype(float), strict=True))


def _doctors(flow: Path) -> list[pd.DataFrame]:
    """General practitioners, of the patients of a council's practices."""
    made = []
    for name, code, gps, when in (
        ("england", "ltla24_code", "total_gp_fte", "2024-08-01"),
        ("scotland", "ltla21_code", "total_gp", "2022-10-01"),
        ("wales", "ltla24_code", "total_gp", "2024-03-01"),
        ("ni", "ltla21_code", "total_gp", "2023-03-01"),
    ):
        table = _table(flow / f"{name}_underdoctored_areas")
        table = table[table[gps] > 0]
        if "date" in table:
            table = table[table.date == table.date.max()]
        made.append(_rows("doctors", table[code], [when] * len(table), table[gps],
                          table.total_patients))  # fmt: skip
    return made


def _aged(data: Path) -> list[pd.DataFrame]:
    """People of 65 and over, of all people."""
    un = _table(data / "population/un_wpp/wpp2019_population_by_age_sex")
    un = un[un.variant.isin(["estimate", "medium"]) & (un.name != "WORLD")]
    old = un.age.isin(["65-69", "70-74", "75-79", "80-84", "85-89", "90-94", "95-99", "100+"])
    thousands = un.population_thousands * 1000
    when = pd.to_datetime(un.year.astype(str) + "-07-01")
    nz = _table(data / "population/new_zealand_districts/health_service_users_2022_by_district")
    nz = nz[~nz.district.isin(["Overseas/Unknown", "Various"])]
    nz_old = nz.age_group.isin(["65 to 69", "70 to 74", "75 to 79", "80 to 84", "85 to 89", "90+"])
    ages = pd.read_parquet(OUT.parents[2] / "plan/areas/data/england.parquet")
    return [
        _rows("aged-65", un.name, when, thousands.where(old, 0), thousands),
        _rows("aged-65", nz.district, ["2022-07-01"] * len(nz), nz.population.where(nz_old, 0),
              nz.population),
        *_england(ages),
    ]  # fmt: skip


def _england(ages: pd.DataFrame) -> list[pd.DataFrame]:
    areas = pd.read_csv(OUT.parents[2] / "plan/areas/data/boards.csv")
    codes = dict(zip(areas.board, areas.code, strict=True))
    bands = [c for c in ages.columns if str(c)[:1] == "b" and str(c)[1:].isdigit()]
    old = [c for c in bands if int(str(c)[1:]) >= 65]
    return [_rows("aged-65", ages.board.map(codes), ["2020-07-01"] * len(ages),
                  ages[old].sum(axis=1), ages[bands].sum(axis=1))]  # fmt: skip


def _places(every: pd.DataFrame, flow: Path, data: Path) -> pd.DataFrame:
    areas = pd.read_csv(OUT.parents[2] / "plan/areas/data/boards.csv")
    councils = pd.read_csv(OUT.parents[2] / "plan/areas/data/councils.csv")
    ni = _table(flow / "ni_underdoctored_areas")
    scot = _table(flow / "scotland_care_at_home")
    wales = _table(flow / "wales_health_board_critical_general_acute_beds")
    short = areas.name.str.removeprefix("NHS ").str.removesuffix(" Integrated Care Board")
    names: dict[str, tuple[str, str, str]] = {
        **{c: (n, "England", "board") for c, n in zip(areas.code, short, strict=True)},
        **{c: (n, "Scotland", "board") for c, n in SCOTLAND.values()},
        **{c: (n.removesuffix(" University Health Board").removesuffix(" Teaching Health Board"),
               "Wales", "board")
           for c, n in zip(wales.health_board_code, wales.health_board_name, strict=True)},
        **{c: (n, "Northern Ireland", "board") for c, n in TRUSTS.items()},
        **{c: (n, "England", "council")
           for c, n in zip(councils.council, councils.name, strict=True)},
        **{c: (n, "Scotland", "council")
           for c, n in zip(scot.ltla24_code, scot.ltla24_name, strict=True)},
        **{c: (n, "Northern Ireland", "council")
           for c, n in zip(ni.ltla21_code, ni.ltla21_name, strict=True)},
    }  # fmt: skip
    nz = set(_table(data / "population/new_zealand_districts/"
                    "health_service_users_2022_by_district").district)  # fmt: skip
    rows = []
    for place in sorted(every.place.unique()):
        if place in names:
            rows.append((place, *names[place]))
        elif place in nz:
            rows.append((place, place, "New Zealand", "district"))
        elif place in WALES:
            rows.append((place, WALES[place], "Wales", "council"))
        elif place in NEW:
            rows.append((place, NEW[place], "England", "council"))
        else:
            rows.append((place, place, place, "country"))
    return pd.DataFrame(rows, columns=["place", "name", "country", "kind"])


if __name__ == "__main__":
    main(Path(sys.argv[1]))

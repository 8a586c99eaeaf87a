"""An area: a board, a district, a part of one, or one that somebody brought. Pure."""

from dataclasses import dataclass

from onesystem.vocabulary.said import say, say_each

BOARD, DISTRICT, ECONOMY, PLACE, COUNCIL, OWN = (
    "board", "district", "economy", "place", "council", "own",
)  # fmt: skip
KINDS = say_each({
    BOARD: "integrated care board", DISTRICT: "New Zealand district",
    ECONOMY: "challenged economy of 2014", PLACE: "place within a board", COUNCIL: "council",
    OWN: "own files",
})  # fmt: skip
BANDS = (*range(0, 90, 5), 90)  # first ages of the bands; the last is open


@dataclass(frozen=True, kw_only=True)
class Area:
    """Where somebody plans. `codes` are all its codes, old and new, by which it is found.

    Its small areas are those of `boards` (each with the share of the board's people who live
    here), within `councils` or `places` where it has any.
    """

    code: str
    name: str
    kind: str
    country: str = say("United Kingdom")
    currency: str = "GBP"
    region: str = ""
    codes: tuple[str, ...] = ()
    boards: tuple[str, ...] = ()
    councils: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    note: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is all of its boards."""
        return not (self.councils or self.places)


@dataclass(frozen=True, kw_only=True)
class Published:
    """What is published of a board in the year to August 2024; None where nothing is."""

    attendances: float | None = None
    admissions: float | None = None
    referred: float | None = None
    treated: float | None = None
    waiting: float | None = None
    beds: float | None = None
    occupied: float | None = None
    ready: float | None = None
    discharges_a_day: float | None = None
    nurses_a_bed: float | None = None
    doctors_a_bed: float | None = None
    practice_doctors: float | None = None
    patients: float | None = None
    care_home_places: float | None = None

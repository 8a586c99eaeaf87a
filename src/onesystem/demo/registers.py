"""What each source holds of people: its own number for them, and what it wrote down wrongly."""

import unicodedata
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from onesystem.demo.people import NEVER, inward_code, surnames
from onesystem.demo.world import World

# By source: how often the national number is missing, a name misspelt, an old address kept.
_FLAWS = {
    "practices": (0.003, 0.004, 0.1),
    "ambulance": (0.16, 0.05, 0.5),
    "out-of-hours": (0.06, 0.03, 0.4),
    "council": (0.09, 0.025, 0.4),
    "community": (0.02, 0.012, 0.3),
    "pharmacies": (0.01, 0.008, 0.3),
    "diagnostics": (0.02, 0.01, 0.4),
}
_HOSPITAL = (0.03, 0.015, 0.45)
_TWICE = 0.012  # of people, those whom a source has registered a second time
_SWAPPED = 0.004  # of birth dates, those with day and month changed round


@dataclass(frozen=True)
class Register:
    """One source's people. `second` is 0 for those with one number only."""

    source: str
    first: np.ndarray
    second: np.ndarray
    missing: np.ndarray
    misspelt: np.ndarray
    stale: np.ndarray
    swapped: np.ndarray
    maiden: np.ndarray

    def number(self, person: np.ndarray, contact: np.ndarray) -> np.ndarray:
        """The local number under which a contact went; who has two uses both."""
        other = (self.second[person] > 0) & (contact % 3 == 0)
        return np.where(other, self.second[person], self.first[person])  # type: ignore[no-any-return]


def register(world: World, source: str) -> Register:
    """The register of a source; the same each time."""
    rng = world.rng(f"register {source}", 0)
    count, people = len(world.people), world.people
    missing, misspelt, stale = _FLAWS.get(source, _HOSPITAL)
    base = 10 ** max(6, len(str(count * 3)))
    first = base + rng.permutation(count * 2)[:count]
    twice = rng.random(count) < (_TWICE if source != "practices" else 0)
    return Register(
        source=source,
        first=first,
        second=np.where(twice, base * 3 + np.arange(count), 0),
        missing=(rng.random(count) < missing) | (people.number == ""),
        misspelt=rng.random(count) < misspelt,
        stale=(people.moved < NEVER) & (rng.random(count) < stale),
        swapped=rng.random(count) < (_SWAPPED if source != "practices" else _SWAPPED / 4),
        maiden=(people.maiden >= 0) & (rng.random(count) < 0.04),
    )


def described(world: World, held: Register, who: np.ndarray, *, second: bool = False,
              until: int = NEVER) -> dict[str, pa.Array]:  # fmt: skip
    """What the source says of those people, in our words, as columns. Deaths up to `until`."""
    people, here = world.people, world.here
    maiden = held.maiden[who] | (second & (people.maiden[who] >= 0))
    family = np.where(maiden, people.maiden[who], people.surname[who])
    family = _pick(surnames(here), family)
    given = _given(world, who)
    family, given = _misspelt(family, given, held.misspelt[who] | second, who)
    house = np.where(held.stale[who] & (not second), people.old_house[who], people.house[who])
    town = _towns(world, who)
    birth = people.birth[who]
    birth = np.where(held.swapped[who], _swapped(birth), birth)
    died = people.died[who]
    dead = died < until
    missing = held.missing[who] | (second & (who % 2 == 0))
    return {
        "subject": pc.cast(pa.array((held.second if second else held.first)[who]), pa.string()),
        "number": pa.array(np.where(missing, "", people.number[who])),
        "verified": pa.array(np.where(missing, "", "true")),
        "family": family,
        "given": given,
        "birth_date": pa.array(birth.astype("datetime64[D]")),
        "sex": pa.array(np.where(people.male[who], "M", "F")),
        "address": _joined(pc.cast(pa.array(house), pa.string()),
                           _pick(here.names["streets"], people.street[who]), town[0]),
        "postcode": _postcodes(world, who, town[1]),
        "phone": _phones(who),
        "practice": _pick([p["code"] for p in world.plan.practices], people.practice[who]),
        "died": pa.array((died // 86_400).astype("datetime64[D]"), mask=~dead),
    }  # fmt: skip


def _pick(texts: list[str], index: np.ndarray) -> pa.Array:
    return pa.array(texts).take(pa.array(index))


def _joined(*parts: pa.Array) -> pa.Array:
    return pc.binary_join_element_wise(*parts, ", ")


def _given(world: World, who: np.ndarray) -> pa.Array:
    """First names: most people have two."""
    people, names = world.people, world.here.names
    both = names["male"] + names["female"]
    shift = np.where(people.male[who], 0, len(names["male"]))
    first = _pick(both, people.given[who] + shift)
    second = _pick(both, people.second[who] + shift)
    two = pc.binary_join_element_wise(first, second, " ")
    return pc.if_else(pa.array((who % 5 < 3) & (people.given[who] != people.second[who])),
                      two, first)  # fmt: skip


def _towns(world: World, who: np.ndarray) -> tuple[pa.Array, pa.Array]:
    """Town and first half of the postcode, by the practice."""
    codes = [p["town"] for p in world.plan.practices]
    practice = world.people.practice[who]
    return _pick([world.here.towns[c][0] for c in codes], practice), _pick(codes, practice)


def _postcodes(world: World, who: np.ndarray, outward: pa.Array) -> pa.Array:
    if world.here.facts["district"]["number"] == "nhi":
        return outward
    inward = pa.array(inward_code(np.arange(360))).take(pa.array(world.people.inward[who]))
    return pc.binary_join_element_wise(outward, inward, " ")


def _phones(who: np.ndarray) -> pa.Array:
    """Numbers that Ofcom keeps for drama: 07700 900000 to 900999."""
    tail = pc.utf8_lpad(pc.cast(pa.array(who * 7919 % 1000), pa.string()), 3, "0")
    return pc.if_else(pa.array(who % 11 == 0), "",
                      pc.binary_join_element_wise("07700 900", tail, ""))  # fmt: skip


def _swapped(birth: np.ndarray) -> np.ndarray:
    """Day and month changed round where that gives a date."""
    day = birth.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    year = day.astype("datetime64[Y]")
    m, d = (month - year).astype(int), (day - month).astype(int)
    turned = ((year.astype("datetime64[M]") + d % 12).astype("datetime64[D]") + m).astype(np.int64)
    return np.where(d < 12, turned, birth)


def _misspelt(family: pa.Array, given: pa.Array, wrong: np.ndarray, who: np.ndarray
              ) -> tuple[pa.Array, pa.Array]:  # fmt: skip
    """One slip of the pen in the family name or the given name of those rows."""
    rows = np.flatnonzero(wrong)
    if not len(rows):
        return family, given
    mask = pa.array(wrong)
    old, first = family.filter(mask).to_pylist(), given.filter(mask).to_pylist()
    new = [slip(n, w) if w % 3 else n for n, w in zip(old, who[rows].tolist(), strict=True)]
    called = [n if w % 3 else slip(n, w) for n, w in zip(first, who[rows].tolist(), strict=True)]
    return (pc.replace_with_mask(family, mask, pa.array(new)),
            pc.replace_with_mask(given, mask, pa.array(called)))  # fmt: skip


def slip(name: str, which: int) -> str:
    """A name with letters changed round, one lost, one doubled, or its accents lost."""
    if len(name) < 4:
        return name
    at = 1 + which % (len(name) - 2)
    kind = which % 4
    if kind == 0:
        return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
    if kind == 1:
        return name[:at] + name[at + 1 :]
    if kind == 2:
        return name[: at + 1] + name[at:]
    return plain(name)


def plain(name: str) -> str:
    """Without accents, as older systems write it."""
    bare = name.replace("Ł", "L").replace("ł", "l").replace("Ø", "O").replace("ø", "o")
    return unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode()

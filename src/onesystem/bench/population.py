"""People for benchmarks and for the shipped weights: invented, but shaped like a UK district.

Households share a family name, an address and a telephone; names have common and rare values;
some people are in the records of several sources, with the slips that clerks make: misspelt and
married names, initials, swapped names, wrong and missing birth dates and numbers, moves.
"""

from typing import Any

_FAMILY = (
    "smith jones taylor brown williams wilson johnson davies patel robinson wright thompson "
    "evans walker white roberts green hall wood jackson clarke khan thomas hughes harris "
    "lewis edwards singh martin turner hill cooper ward morris moore clark baker lee king "
    "harrison morgan allen james scott ali phillips watson davis parker bennett young price "
    "griffiths mitchell kelly cook carter richardson bailey collins bell shaw murphy miller "
    "cox richards marshall anderson begum simpson ahmed ellis adams wilkinson foster chapman "
    "powell webb rogers gray mason hunt hussain owen palmer campbell holmes mills barnes "
    "knight matthews lloyd butler russell barker fisher"
)
_STEM = (
    "ash brad hart wood stan win whit wal thorn sut staf shel raw rad pem pres pen ox nor new "
    "middle mar lang kirk ken hol hey hep hamp hal gar ful flet far eg dun den dal cul cran "
    "cot col clif chat carl bur brom bram bol black birk bever bar bal as ack blen drum fen "
    "grim hex"
)
_TAIL = (
    "ley ton ford wood field by ham well worth land bury combe den don dale gate brook stone "
    "more shaw son man ridge hurst ington sworth stead wick wright cliffe ershaw bottom water"
)
_GIVEN_F = (
    "margaret mary susan sarah elizabeth patricia jean emma claire karen joan jacqueline "
    "dorothy julie laura rachel christine lisa barbara janet samantha jennifer helen amanda "
    "rebecca linda jessica charlotte sophie hannah amy lucy emily chloe olivia katie anne ann "
    "jane nicola michelle angela deborah tracey sandra sheila brenda doreen joyce irene "
    "eileen kathleen maureen hilda edith freya isla poppy grace ruby lily ella mia ava amelia "
    "aisha fatima zara priya sian carys"
)
_GIVEN_M = (
    "david john michael paul peter james robert andrew richard christopher stephen mark "
    "anthony ian kevin steven alan william daniel matthew thomas martin brian graham simon "
    "keith kenneth ronald roy derek george raymond dennis gary colin philip joseph benjamin "
    "samuel luke adam ryan jack harry oliver joshua callum liam charlie alfie noah leo oscar "
    "arthur archie mohammed ahmed ali harold ernest stanley albert frederick leonard cyril "
    "norman edward gareth rhys dylan hamish"
)
_STREET = (
    "mill church station high school park london victoria green manor queens kings new grange "
    "chapel west east north south york alexandra stanley albert george windsor springfield "
    "orchard highfield elm oak ash cedar beech willow hawthorn rectory vicarage castle bridge "
    "river farm meadow field hill wood lime chestnut holly laurel maple poplar rose ivy "
    "heather fern bramble"
)
_WAY = "road street lane avenue close drive gardens grove crescent way place court rise terrace"


def people(count: int, *, seed: int = 7) -> dict[str, Any]:
    """`count` invented people, as numpy columns of text."""
    import numpy as np

    rng = np.random.default_rng(seed)
    homes = int(count / 2.3) + 1
    home = np.sort(rng.integers(0, homes, count))
    families = _names(rng, homes, _FAMILY.split(), _tails(), common=0.45)
    family = families[home]
    other = rng.random(count) < 0.25
    family[other] = _names(rng, int(other.sum()), _FAMILY.split(), _tails(), common=0.45)
    female = rng.random(count) < 0.505
    given = np.where(
        female,
        _names(rng, count, _GIVEN_F.split(), _spun(_GIVEN_F), common=0.93),
        _names(rng, count, _GIVEN_M.split(), _spun(_GIVEN_M), common=0.93),
    )
    middle = np.where(
        female, rng.choice(_GIVEN_F.split(), count), rng.choice(_GIVEN_M.split(), count)
    )
    address, postcode = addresses(rng, homes)
    day = np.datetime64("2025-12-31") - (rng.beta(1.1, 1.5, count) * 36500).astype("timedelta64[D]")
    twin = (home[1:] == home[:-1]) & (rng.random(count - 1) < 0.01)
    day[1:][twin] = day[:-1][twin]
    landline = np.char.add("01603", np.char.zfill(rng.integers(0, 10**6, homes).astype(str), 6))
    mobile = np.char.add("07", np.char.zfill(rng.integers(0, 10**9, count).astype(str), 9))
    return {
        "person": np.arange(count),
        "family": family,
        "given": given,
        "middle": middle,
        "birth": np.datetime_as_string(day, unit="D"),
        "sex": np.where(female, "female", "male"),
        "address": address[home],
        "postcode": postcode[home],
        "phone": np.where(rng.random(count) < 0.5, landline[home], mobile),
        "number": nhs_numbers(count),
    }


def _tails() -> list[str]:
    return [stem + tail for stem in _STEM.split() for tail in _TAIL.split()]


def _spun(names: str) -> list[str]:
    """Rare given names: the beginnings of some with the ends of others."""
    parts = names.split()
    return [f"{a[:3]}{b[-3:]}" for a in parts[:40] for b in parts[20:60]]


def _names(rng: Any, count: int, often: list[str], rare: list[str], *, common: float) -> Any:
    import numpy as np

    share = 1 / np.arange(3, len(often) + 3)
    head = rng.choice(np.array(often), count, p=share / share.sum())
    tail = np.array(rare)[(rng.random(count) ** 1.7 * len(rare)).astype(int)]
    return np.where(rng.random(count) < common, head, tail)


def addresses(rng: Any, homes: int) -> tuple[Any, Any]:
    """An address and a postcode for each home; about fifteen homes share a postcode."""
    import numpy as np

    streets = np.array([f"{s} {w}" for s in _STREET.split() for w in _WAY.split()])
    code = rng.integers(0, homes // 15 + 1, homes)
    street = streets[(code * 7919) % len(streets)]
    house = rng.integers(1, 120, homes).astype(str)
    letters = np.array(list("ABDEFGHJLNPQRSTUWXYZ"))
    area = np.array(["NR", "IP", "PE", "CO", "LN", "CB"])
    postcode = area[code % 6].astype("U8")
    for part in (
        (code // 6 % 30 + 1).astype(str), np.full(homes, " "), (code // 180 % 9 + 1).astype(str),
        letters[code // 1620 % 20], letters[code // 32400 % 20],
    ):  # fmt: skip
        postcode = np.char.add(postcode, part)
    return np.char.add(np.char.add(house, " "), street), postcode


def nhs_numbers(count: int) -> Any:
    """The first NHS numbers from 900 000 000 on that pass their check, as text."""
    import numpy as np

    first = np.arange(900_000_000, 900_000_000 + int(count * 1.11) + 50)
    total = np.zeros_like(first)
    for i in range(9):
        total += (first // 10 ** (8 - i) % 10) * (10 - i)
    check = (11 - total % 11) % 11
    good = check != 10
    numbers = first[good][:count] * 10 + check[good][:count]
    return np.random.default_rng(11).permutation(numbers).astype(str)


def records(count: int, *, extra: float = 0.43, seed: int = 7) -> Any:
    """Records of `count` people and again of `extra` of them, with slips, as an Arrow table.

    Columns: id (0 on), person (the truth), source, family, given, birth, sex, address, postcode,
    phone, number (text).
    """
    import numpy as np
    import pyarrow as pa

    made = people(count, seed=seed)
    rng = np.random.default_rng(seed + 1)
    again = rng.choice(count, int(count * extra))
    who = np.concatenate([np.arange(count), again])
    late = np.arange(len(who)) >= count
    out = {name: column[who].astype(object) for name, column in made.items()}
    _slip(rng, out, late)
    order = rng.permutation(len(who))
    columns = {
        name: pa.array(out[name][order], pa.string())
        for name in ("family", "given", "birth", "sex", "address", "postcode", "phone", "number")
    }
    columns["person"] = pa.array(out["person"][order].astype("int64"))
    columns["source"] = pa.array(np.where(late, "hospital", "practice")[order])
    return pa.table({"id": pa.array(np.arange(1, len(who) + 1)), **columns})


def _slip(rng: Any, out: dict[str, Any], late: Any) -> None:
    import numpy as np

    size = len(late)

    def some(share: float, early: float = 0.3) -> Any:
        chance = rng.random(size)
        return np.flatnonzero(chance < np.where(late, share, share * early))

    for i in some(0.3, 1.0):
        out["given"][i] = f"{out['given'][i]} {out['middle'][i]}"
    for name, share in (("family", 0.04), ("given", 0.05), ("address", 0.12), ("birth", 0.012),
                        ("postcode", 0.03), ("phone", 0.02), ("number", 0.004)):  # fmt: skip
        for i in some(share):
            out[name][i] = typo(rng, out[name][i])
    moved = some(0.13, 0.0)
    homes_address, homes_postcode = addresses(rng, max(len(moved), 15))
    out["address"][moved] = homes_address[: len(moved)]
    out["postcode"][moved] = homes_postcode[: len(moved)]
    changed = some(0.2, 0.0)
    out["phone"][changed] = rng.permutation(out["phone"][changed])
    married = some(0.03, 0.0)
    out["family"][married] = rng.permutation(out["family"][married])
    swapped = some(0.004)
    out["family"][swapped], out["given"][swapped] = out["given"][swapped], out["family"][swapped]
    initial = some(0.015)
    out["given"][initial] = [name[:1] for name in out["given"][initial]]
    for name, share in (("number", 0.3), ("phone", 0.35), ("postcode", 0.02), ("address", 0.03),
                        ("birth", 0.006), ("given", 0.004), ("sex", 0.01)):  # fmt: skip
        out[name][some(share)] = ""


def typo(rng: Any, text: str) -> str:
    """One slip of the keys: a letter or digit lost, doubled, changed or changed over."""
    spots = [i for i, c in enumerate(text) if c.isalnum()]
    if len(spots) < 3:
        return text
    i = int(spots[rng.integers(0, len(spots) - 1)])
    kind = rng.integers(0, 4)
    if text[i].isdigit() or kind == 0:
        new = (
            "0123456789"[rng.integers(0, 10)]
            if text[i].isdigit()
            else "aeioustrnl"[rng.integers(0, 10)]
        )
        return text[:i] + new + text[i + 1 :]
    if kind == 1:
        return text[:i] + text[i + 1 :]
    if kind == 2:
        return text[:i] + text[i] + text[i:]
    return text[:i] + text[i + 1] + text[i] + text[i + 2 :]

"""Many patient records out of a few: Synthea bundles with new keys, names and birth dates."""

import random
import re
from collections.abc import Iterator, Mapping
from functools import partial
from importlib.resources import files

import orjson
import zstandard

_UUID = re.compile(rb"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def bundles(*, seed: int = 1) -> Iterator[bytes]:
    """Transaction bundles without end, no two of the same person."""
    packed = files("onesystem.bench").joinpath("data/synthea.ndjson.zst").read_bytes()
    lines = zstandard.ZstdDecompressor().decompress(packed).splitlines()
    dice = random.Random(seed)  # noqa: S311 - the same records in every run
    while True:
        for line in lines:
            yield _another(line, dice)


def lines(*, seed: int = 1) -> Iterator[bytes]:
    """The resources of such bundles one by one, as a bulk export writes them."""
    for bundle in bundles(seed=seed):
        entries = orjson.loads(bundle)["entry"]
        keys = {
            e["fullUrl"].encode(): f"{e['resource']['resourceType']}/{e['resource']['id']}".encode()
            for e in entries
        }
        pattern = re.compile(rb"urn:uuid:[0-9a-f-]{36}")
        for each in entries:
            yield pattern.sub(partial(_key, keys), orjson.dumps(each["resource"]))


def _key(keys: Mapping[bytes, bytes], found: re.Match[bytes]) -> bytes:
    return keys.get(found[0], found[0])


def _another(bundle: bytes, dice: random.Random) -> bytes:
    salt = dice.getrandbits(48)
    text = _UUID.sub(lambda m: m[0][:24] + b"%012x" % (int(m[0][24:], 16) ^ salt), bundle)
    value = orjson.loads(text)
    for each in value["entry"]:
        if each["resource"]["resourceType"] == "Patient":
            _rename(each["resource"], dice)
    return orjson.dumps(value)


def _rename(patient: dict, dice: random.Random) -> None:  # type: ignore[type-arg]
    for name in patient["name"]:
        name["family"] = _word(dice, 7).title()
        name["given"] = [_word(dice, 5).title()]
    patient["birthDate"] = (
        f"{dice.randint(1930, 2020)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
    )
    for address in patient["address"]:
        address["line"] = [f"{dice.randint(1, 999)} {_word(dice, 6).title()} Street"]
        address["postalCode"] = f"{dice.randint(10000, 99999)}"
    for telecom in patient["telecom"]:
        telecom["value"] = f"555-{dice.randint(100, 999)}-{dice.randint(1000, 9999)}"
    for identifier in patient["identifier"]:
        identifier["value"] = f"{dice.randint(10**8, 10**9 - 1)}"


def _word(dice: random.Random, length: int) -> str:
    return "".join(dice.choices(_LETTERS, k=length))

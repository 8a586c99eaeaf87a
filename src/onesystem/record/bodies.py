"""Bodies as they are kept: each by itself, compressed with a dictionary that knows FHIR.

A dictionary makes a body of 1.4 kB a seventh instead of a half, and quicker, since little is left
to search. Each body by itself can be read, replaced and forgotten alone; batches could not. The
first byte names the dictionary, so that a better one can come beside it.
"""

from functools import cache
from importlib.resources import files

import zstandard

_CURRENT = 1
_NAMES = {1: "fhir-1.dict"}


def pack(body: bytes) -> bytes:
    """A body as it is kept."""
    return bytes((_CURRENT,)) + _packer().compress(body)


def unpack(kept: bytes) -> bytes:
    """The body, byte for byte."""
    return _unpacker(kept[0]).decompress(memoryview(kept)[1:])


@cache
def _dictionary(number: int) -> zstandard.ZstdCompressionDict:
    return zstandard.ZstdCompressionDict(
        files("onesystem.record").joinpath(f"data/{_NAMES[number]}").read_bytes()
    )


@cache
def _packer() -> zstandard.ZstdCompressor:
    dictionary = _dictionary(_CURRENT)
    dictionary.precompute_compress(level=1)
    return zstandard.ZstdCompressor(dict_data=dictionary, level=1)


@cache
def _unpacker(number: int) -> zstandard.ZstdDecompressor:
    return zstandard.ZstdDecompressor(dict_data=_dictionary(number))

# ruff: noqa: E501  messages and rows are shown as they are
"""The landing: what was landed is there again, whatever happens to the process or the disk."""

import errno
import os
from datetime import UTC, datetime
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onesystem.feeds.landing import Arrival, Block, Damage, Frame, Landing, NotLanded, digest_of
from onesystem.feeds.landing import segment as segments
from onesystem.feeds.landing.frames import MESSAGE, pack, unpack
from onesystem.vocabulary import NotFound


@pytest.fixture
def landing(tmp_path):
    return Landing(tmp_path)


def arrivals(*texts):
    return [Arrival(source="pas", data=text, name="file", format="hl7v2") for text in texts]


def frames(landing, segment=None):
    segment = segment or landing.names()[0]
    return [f.data for b in landing.scan(segment) if isinstance(b, Block) for f in b.frames]


class TestBlocks:
    @given(
        st.lists(
            st.builds(
                lambda source, name, data: Frame(
                    source=source,
                    name=name,
                    format="hl7v2",
                    received=datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC),
                    digest=digest_of(data),
                    data=data,
                    kind=MESSAGE,
                    size=len(data),
                ),
                st.text(st.characters(codec="utf-8"), max_size=30),
                st.text(st.characters(codec="utf-8"), max_size=60),
                st.binary(max_size=200),
            ),
            max_size=8,
        )
    )
    def test_what_goes_in_comes_out(self, told):
        assert unpack(pack(told)) == told

    @given(st.data())
    def test_a_changed_byte_is_noticed(self, data):
        block = pack([Frame(source="a", name="b", format="c", received=datetime(2026, 1, 1, tzinfo=UTC),
                            digest=digest_of(b"x" * 50), data=b"x" * 50, size=50)])  # fmt: skip
        place = data.draw(st.integers(0, len(block) - 1))
        changed = bytearray(block)
        changed[place] ^= data.draw(st.integers(1, 255))
        assert unpack(bytes(changed)) is None


class TestReadingBack:
    def test_by_address_byte_for_byte(self, landing):
        landed = landing.land(arrivals(b"one", b"two\r\n\xff"))
        assert [landing.read(each.address) for each in landed] == [b"one", b"two\r\n\xff"]

    def test_a_large_message_is_a_file_of_its_own(self, landing):
        landed = landing.land(arrivals(b"x" * (1 << 20) + b"y"))[0]
        assert landed.frame.data == b""
        assert landing.read(landed.address).endswith(b"xy")
        assert landing.size(landed.segment) < 1000

    def test_a_file_kept_twice_is_kept_once(self, landing):
        for _ in range(2):
            landing.land_file(BytesIO(b"a,b\n1,2\n"), source="s", name="n", format="csv")
        kept = [p for p in landing.blobs.rglob("*") if p.is_file()]
        assert [p.read_bytes() for p in kept] == [b"a,b\n1,2\n"]

    def test_an_address_that_is_not_there(self, landing):
        landing.land(arrivals(b"one"))
        with pytest.raises(NotFound):
            landing.read("00000099:8:0")


class TestTornTails:
    def test_are_cut_at_every_length(self, tmp_path):
        """Whatever part of the last block reached the disk, the whole blocks before it stand."""
        whole = Landing(tmp_path / "whole")
        first = whole.land(arrivals(b"one"))[0]
        whole.land(arrivals(b"two"))
        data = whole.path(first.segment).read_bytes()
        for length in range(first.end, len(data)):
            torn = Landing(tmp_path / str(length))
            torn.segments.mkdir(parents=True)
            torn.path("00000001").write_bytes(data[:length])
            with torn.adopted("00000001") as mine:
                assert mine
                assert frames(torn) == [b"one"]
            assert torn.size("00000001") == first.end

    def test_damage_in_the_middle_is_stepped_over(self, landing):
        landed = [landing.land(arrivals(text))[0] for text in (b"one", b"two", b"three")]
        path = landing.path(landed[0].segment)
        data = bytearray(path.read_bytes())
        data[landed[1].offset + 22] ^= 1
        path.write_bytes(bytes(data))
        found = list(landing.scan(landed[0].segment))
        assert [type(each) for each in found] == [Block, Damage, Block]
        assert frames(landing) == [b"one", b"three"]


class TestTwoProcesses:
    def test_each_writes_a_segment_of_its_own(self, tmp_path):
        one, two = Landing(tmp_path), Landing(tmp_path)
        one.land(arrivals(b"one"))
        two.land(arrivals(b"two"))
        assert [frames(one, name) for name in one.names()] == [[b"one"], [b"two"]]

    def test_a_segment_is_adopted_only_when_its_writer_has_gone(self, tmp_path):
        one, two = Landing(tmp_path), Landing(tmp_path)
        segment = one.land(arrivals(b"one"))[0].segment
        with two.adopted(segment) as mine:
            assert not mine
        one.close()
        with two.adopted(segment) as mine:
            assert mine


class FullDisk:
    """The system's file calls on a disk with so many bytes left."""

    def __init__(self, left):
        self.left = left

    def __getattr__(self, name):
        return getattr(os, name)

    def write(self, handle, data):
        if self.left <= 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        part = bytes(data)[: self.left]
        self.left -= len(part)
        return os.write(handle, part)


class TestFullDisk:
    def test_nothing_half_is_kept_and_it_goes_on_with_space(self, landing, monkeypatch):
        landing.land(arrivals(b"one"))
        before = landing.size(landing.names()[0])
        disk = FullDisk(left=20)
        monkeypatch.setattr(segments, "os", disk)
        with pytest.raises(NotLanded, match=r"full.*Make room"):
            landing.land(arrivals(b"two"))
        assert landing.size(landing.names()[0]) == before
        disk.left = 1 << 20
        landing.land(arrivals(b"three"))
        assert frames(landing) == [b"one", b"three"]

    def test_a_file_that_does_not_fit_leaves_nothing(self, landing, monkeypatch):
        monkeypatch.setattr(segments, "os", FullDisk(left=100))
        with pytest.raises(NotLanded):
            landing.land_file(BytesIO(b"x" * 5000), source="s", name="n", format="csv")
        assert [p for p in landing.blobs.rglob("*") if p.is_file()] == []


class FailingDisk(FullDisk):
    """A disk whose next wait for it fails."""

    def fdatasync(self, _handle):
        raise OSError(errno.EIO, "Input/output error")


def test_after_a_failed_fsync_the_segment_is_not_trusted(landing, monkeypatch):
    """The system may have dropped the pages, and another fsync would lie."""
    landing.land(arrivals(b"one"))
    with monkeypatch.context() as patch:
        patch.setattr(segments, "os", FailingDisk(left=1 << 20))
        with pytest.raises(NotLanded, match="cannot be written"):
            landing.land(arrivals(b"two"))
    assert landing.land(arrivals(b"three"))[0].segment == "00000002"

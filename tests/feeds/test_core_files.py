"""Files and folders: archives, formats, hostile input, and the report of it all."""

import bz2
import copy
import gzip
import io
import lzma
import tarfile
import zipfile

import pytest
import zstandard
from hl7_samples import adt

from onesystem.feeds import archives
from onesystem.feeds.intake import take_in
from onesystem.feeds.models import Message
from onesystem.vocabulary import NotFound

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _here(district):
    from onesystem import wiring

    wiring.connect()


PACKERS = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress,
           "zst": zstandard.compress}  # fmt: skip


def tarred(files, *, link=""):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
        if link:
            info = tarfile.TarInfo("link.hl7")
            info.type, info.linkname = tarfile.SYMTYPE, link
            archive.addfile(info)
    return data.getvalue()


def zipped(**files):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return data.getvalue()


@pytest.fixture
def ingest(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()

    def do(**files):
        for name, content in files.items():
            (folder / name.replace("_dot_", ".")).write_bytes(content)
        return take_in([folder], "pas")

    return do


def rules():
    return sorted(Message.objects.filter(state="quarantined").values_list("rule", flat=True))


class TestArchives:
    def test_a_zip_and_a_gz_are_opened(self, ingest):
        report = ingest(
            a_dot_zip=zipped(one=adt("A01"), sub__two=adt("A01", visit="V2")),
            b_dot_hl7_dot_gz=gzip.compress(adt("A01", visit="V3")),
        )
        assert (report.total.landed, report.total.read) == (3, 3)
        assert sorted(report.files) == ["in/a.zip/one", "in/a.zip/sub/two", "in/b.hl7"]

    @pytest.mark.parametrize("ending", ["zst", "bz2", "xz", "gz"])
    def test_a_tar_is_opened_however_it_is_packed(self, ingest, ending):
        whole = PACKERS[ending](tarred({"a/one.hl7": adt("A01"), "../two.hl7": adt("A03")}))

        report = ingest(**{f"all_dot_tar_dot_{ending}": whole})

        assert (report.total.landed, report.total.read) == (2, 2)
        assert sorted(report.files) == ["in/all.tar/a/one.hl7", "in/all.tar/two.hl7"]

    @pytest.mark.parametrize("ending", ["zst", "bz2", "xz"])
    def test_a_bomb_or_a_torn_file_of_any_packer_is_set_aside(self, ingest, ending):
        bomb, torn = PACKERS[ending](bytes(80 << 20)), PACKERS[ending](adt("A01"))[:-6]

        report = ingest(**{f"bomb_dot_{ending}": bomb, f"torn_dot_{ending}": torn})

        assert (report.total.landed, report.total.quarantined) == (2, 2)
        assert set(rules()) == {"feeds.bad-archive"}

    def test_a_torn_tar_is_set_aside_and_links_are_passed_over(self, ingest):
        torn = tarred({"one.hl7": adt("A01") * 9})[:1000]

        report = ingest(torn_dot_tar=torn, link_dot_tar=tarred({}, link="/etc/passwd"))

        assert (report.total.landed, rules()) == (1, ["feeds.bad-archive"])

    def test_a_sheet_is_named_whatever_it_is_called(self, ingest):
        ingest(sheet_dot_bin=zipped(_rels___dot_rels="<x/>", xl__workbook="<x/>"))

        assert rules() == ["feeds.spreadsheet"]

    def test_archives_within_archives_have_an_end(self, ingest):
        data = adt("A01")
        for _ in range(6):
            data = zipped(inner=data)
        report = ingest(a_dot_zip=data)
        assert (report.total.landed, report.total.quarantined) == (1, 1)
        assert rules() == ["feeds.bad-archive"]

    def test_a_bomb_is_set_aside(self, ingest, monkeypatch):
        monkeypatch.setattr(archives, "_SMALL", 1 << 20)
        report = ingest(a_dot_zip=zipped(bomb=b"\0" * (4 << 20)), b_dot_hl7=adt("A01"))
        assert (report.total.read, report.total.quarantined) == (1, 1)
        assert rules() == ["feeds.bad-archive"]

    @pytest.mark.parametrize("spoil", ["swollen", "torn", "locked"])
    def test_one_bad_file_of_a_zip_costs_no_other(self, ingest, monkeypatch, spoil):
        """It is named, and what lies before and behind it is read."""
        monkeypatch.setattr(archives, "_SMALL", 1 << 20)
        middle = bytes(4 << 20) if spoil == "swollen" else bytes(range(256))
        data = bytearray(zipped(a=adt("A01"), m=middle, z=adt("A01", visit="V2")))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            at = archive.getinfo("m").header_offset
        if spoil == "torn":
            data[at + 60] ^= 0xFF
        if spoil == "locked":  # the flags of the member in the list at the end
            listed = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
            data[listed + 8] |= 1
        report = ingest(a_dot_zip=bytes(data))
        assert (report.total.read, report.total.quarantined) == (2, 1)
        [refused] = Message.objects.filter(state="quarantined")
        assert refused.rule == "feeds.bad-archive"
        assert "'m' in the archive" in refused.reason

    def test_files_of_a_zip_that_lie_over_each_other_are_a_bomb(self, ingest, monkeypatch):
        """One packed file, listed again and again: no member is out of proportion, the sum is."""
        monkeypatch.setattr(archives, "_SMALL", 1 << 20)
        data = io.BytesIO()
        with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("m", bytes(900 << 10))
            archive.filelist += [copy.copy(archive.filelist[0]) for _ in range(400)]
        report = ingest(a_dot_zip=data.getvalue())
        assert (report.total.read, report.total.quarantined) == (0, 1)

    def test_a_bomb_that_lies_about_its_size(self, ingest, monkeypatch):
        monkeypatch.setattr(archives, "_SMALL", 1 << 20)
        ingest(a_dot_gz=gzip.compress(b"\0" * (4 << 20)))
        assert rules() == ["feeds.bad-archive"]

    def test_names_are_labels_and_never_paths(self, ingest, tmp_path):
        report = ingest(a_dot_zip=zipped(**{".._.._evil".replace("_", "/"): adt("A01")}))
        assert list(report.files) == ["in/a.zip/evil"]
        assert not list(tmp_path.parent.rglob("evil"))

    @pytest.mark.parametrize("cut", [10, 40, 120])
    def test_a_cut_archive(self, ingest, cut):
        ingest(a_dot_zip=zipped(one=adt("A01"))[:-cut])
        assert rules() == ["feeds.bad-archive"]

    def test_a_spreadsheet_says_how_to_send_it(self, ingest):
        ingest(a_dot_xlsx=zipped(sheet=b"<x/>"))
        assert rules() == ["feeds.spreadsheet"]


class TestFolder:
    def test_empty_binary_and_truncated_files_do_not_stop_the_rest(self, ingest):
        whole = adt("A01")
        report = ingest(
            a_dot_hl7=b"", b_dot_bin=bytes(range(256)), c_dot_hl7=whole[:150], d_dot_hl7=whole
        )
        assert report.total.landed == report.total.read + report.total.quarantined == 4
        assert report.total.read == 1
        assert rules()[:2] == ["feeds.binary", "feeds.empty"]

    def test_again_counts_duplicates_and_lands_nothing(self, ingest, district):
        ingest(a_dot_hl7=adt("A01") + b"\r" + adt("A02", "0900", ward="WARDB"))
        size = sum(p.stat().st_size for p in (district.path / "landing").rglob("*.seg"))
        report = ingest()
        assert (report.total.landed, report.total.duplicates) == (0, 2)
        assert sum(p.stat().st_size for p in (district.path / "landing").rglob("*.seg")) == size

    def test_counts_what_was_made(self, ingest):
        report = ingest(
            a_dot_hl7=adt("A01") + b"\r" + adt("A01", visit="V2", person="2", nhs="9912003888",
                                               family="JONES", given="AROHA")
        )  # fmt: skip
        assert (report.persons, report.contacts) == (2, 2)

    def test_stops_between_batches_when_asked(self, tmp_path):
        for i in range(5):
            (tmp_path / f"{i}.hl7").write_bytes(adt("A01", visit=f"V{i}"))
        asked = iter([False, False, True])
        report = take_in([tmp_path], "pas", cancel=lambda: next(asked, True))
        assert report.cancelled
        assert 0 < report.total.landed < 5

    def test_a_path_that_is_not_there(self):
        with pytest.raises(NotFound):
            take_in(["/no/such/place"], "pas")

    def test_the_report_by_folder_and_by_rule(self, ingest):
        report = ingest(a_dot_hl7=adt("A01"), b_dot_hl7=b"")
        files, counts = report.by_folder()["in"]
        assert (files, counts.read, counts.quarantined) == (2, 1, 1)
        assert report.by_rule()["feeds.empty"][0] == 1


def test_watched_folder_takes_complete_files_once(district, tmp_path):
    from dataclasses import replace

    from onesystem.feeds.folders import Folders

    (tmp_path / "drop").mkdir()
    source = replace(district.source("pas"), watch=str(tmp_path / "drop"))
    folders = Folders(replace(district, sources={"pas": source}))
    (tmp_path / "drop" / "a.hl7").write_bytes(adt("A01"))
    (tmp_path / "drop" / "b.hl7.part").write_bytes(adt("A01", visit="V2"))
    looks = [folders.look().total.landed for _ in range(3)]
    assert looks == [0, 1, 0]
    assert folders.waits()  # the first time, whatever a crash left is looked for
    assert not folders.waits()
    (tmp_path / "drop" / "c.hl7").write_bytes(adt("A01", visit="V3"))
    assert [folders.waits() for _ in range(2)] == [False, True]  # it may still be written to
    assert folders.look().total.landed == 1
    assert not folders.waits()


def test_a_file_that_has_just_come_waits_for_another_look(district, tmp_path):
    """What is asked because of something else does not take half a file that is being copied."""
    from dataclasses import replace

    from onesystem.feeds.folders import Folders

    (tmp_path / "drop").mkdir()
    source = replace(district.source("pas"), watch=str(tmp_path / "drop"))
    folders = Folders(replace(district, sources={"pas": source}))
    (tmp_path / "drop" / "a.hl7").write_bytes(adt("A01"))
    assert folders.waits()  # the first look
    assert folders.look().total.landed == 0
    assert folders.waits()
    assert folders.look().total.landed == 1

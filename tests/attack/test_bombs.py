"""What swells when it is opened is not opened, at every door; what is asked of names is not done.

Archives at the feeds are in tests/feeds/test_core_files.py; here are the other doors.
"""

import gzip
import io
import zipfile
import zlib

import pytest
from click.testing import CliRunner
from openpyxl import Workbook

from onesystem.alliance.charter import editing as charter
from onesystem.budget.contracts import codec as contracts_codec
from onesystem.budget.contracts import editing as contracts
from onesystem.budget.funds import keeping_pages, shift_pages
from onesystem.budget.terms import codec as terms_codec
from onesystem.feeds.extract.opening import open_extract
from onesystem.feeds.fhir.xml import to_json as of_xml
from onesystem.flow.sheets import rows_of
from onesystem.record.fhir.doors import bodies
from onesystem.record.fhir.outcomes import Refusal
from onesystem.vocabulary import BadInput, UserError

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    '<Patient xmlns="http://hl7.org/fhir"><id value="&c;"/></Patient>'
)
ELSEWHERE = (
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    '<Patient xmlns="http://hl7.org/fhir"><id value="x"/><text>&a;</text></Patient>'
)
LOG = '<?xml version="1.0"?>{}<log><trace><string key="concept:name" value="{}"/></trace></log>'


def workbook_with(name, text):
    """A workbook of one cell, a member of which is another text."""
    book, out, made = Workbook(), io.BytesIO(), io.BytesIO()
    book.active.append(["date"])
    book.save(out)
    with zipfile.ZipFile(out) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for each in old.namelist():
            new.writestr(each, text if each == name else old.read(each))
    return made.getvalue()


@pytest.mark.parametrize("text", [LAUGHS, ELSEWHERE])
def test_entities_of_fhir_are_refused(text):
    with pytest.raises(BadInput):
        of_xml(text.encode())


def test_entities_of_an_event_log_are_refused(tmp_path):
    head = LAUGHS[: LAUGHS.index("<Patient")].replace("x [", "log [")
    file = tmp_path / "log.xes"
    file.write_text(LOG.format(head, "&c;"))
    with pytest.raises(BadInput):
        open_extract(file)


def test_entities_of_a_workbook_are_refused():
    sheet = (
        LAUGHS[: LAUGHS.index("<Patient")] + "<worksheet xmlns="
        '"http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        '<c r="A1" t="inlineStr"><is><t>&c;</t></is></c></row></sheetData></worksheet>'
    )
    with pytest.raises(BadInput):
        rows_of(workbook_with("xl/worksheets/sheet1.xml", sheet))


def test_a_workbook_that_swells_is_refused(monkeypatch):
    from onesystem.flow.sheets import workbook

    monkeypatch.setattr(workbook, "_MOST", 1 << 20)
    with pytest.raises(BadInput, match="far larger") as error:
        rows_of(workbook_with("docProps/core.xml", "\0" * (2 << 20)))
    assert error.value.rule == "sheet.bomb"


def test_a_file_of_figures_that_swells_is_refused(monkeypatch, tmp_path):
    from onesystem.cli import spc

    monkeypatch.setattr(spc, "_MOST", 1 << 16)
    bomb = tmp_path / "x.csv.gz"
    bomb.write_bytes(gzip.compress(b"a,b\n" * (1 << 16)))
    found = CliRunner().invoke(spc.spc, [str(bomb)])
    assert "far larger" in str(found.exception)


def test_a_body_that_swells_is_refused_before_it_is_large(monkeypatch):
    monkeypatch.setattr(bodies, "LARGEST", 1 << 16)
    packer = zlib.compressobj(wbits=31)
    bomb = packer.compress(b"0" * (8 << 20)) + packer.flush()
    with pytest.raises(Refusal) as refusal:
        bodies.unpacked(bomb, "gzip")
    assert refusal.value.answer().status == 413


SHARES = (
    keeping_pages._share,
    lambda text: shift_pages._rate("growth", text),
    charter._share,
    contracts.share_typed,
    lambda text: terms_codec.read(f'{{"share": {text}}}'),
    lambda text: terms_codec.read(f"share = {text}", suffix=".toml"),
    lambda text: contracts_codec.read(f"share = {text}"),
)


@pytest.mark.parametrize("read", SHARES)
@pytest.mark.parametrize("text", ["1e999999999", "1e-999999999"])
def test_a_number_that_swells_is_no_number(read, text):
    """Written out exactly it takes a billion digits; refused, it takes a glance."""
    with pytest.raises((UserError, ValueError)):
        read(text)

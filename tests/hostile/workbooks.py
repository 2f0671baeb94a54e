"""Workbooks, and files that pretend to be one (spec 1.2 and the threats of zip and XML)."""

from datetime import datetime

from tests.hostile.seed import (
    XLSX,
    Seed,
    book,
    coded,
    in_part,
    no,
    note_sheet,
    ok,
    on_first,
    package,
    records,
    repacked,
    sheet,
    some,
    table,
)
from tests.records import name_of

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
_PLAIN = book(sheet())
_SHEET = "sheet1.xml"
_START = b"<worksheet"


def _utf16(name: str) -> bytes:
    return _OLE + name.encode("utf-16-le") + bytes(512)


def _typed(workbook) -> None:
    """A delivery as Excel itself would type it: dates as dates, numbers as numbers."""
    page, day = workbook.add_worksheet("tlv"), workbook.add_format({"num_format": "dd-mm-yyyy"})
    made = records()
    page.write_row(0, 0, list(made[0]))
    for number, record in enumerate(made, start=1):
        for place, (name, cell) in enumerate(record.items()):
            if name.endswith("datum"):
                page.write_datetime(number, place, datetime.fromisoformat(cell), day)
            elif name == "categorie":
                page.write_number(number, place, int(cell))
            else:
                page.write_string(number, place, cell)


def _formula(row: int, column: int, text: str, outcome: object):
    return on_first(lambda page: page.write_formula(row, column, text, None, outcome))


def _bare(workbook) -> None:
    workbook.worksheets()[0].write_formula(1, 3, "=1+1", None, "")


def _xml(old: bytes, new: bytes):
    return repacked(_PLAIN, in_part(_SHEET, old, new))


def _with_dtd(dtd: bytes):
    return _xml(_START, dtd + _START)


KINDS: list[Seed] = [
    no("an old Excel file", _OLE + bytes(600), "E005", file_name=name_of("tlv", "xls")),
    no("an old Excel file called xlsx", _utf16("Workbook"), "E005", file_name=XLSX),
    no("an Excel file of the nineties", b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(600), "E005"),
    no("a workbook with a password", _utf16("EncryptedPackage"), "E065", file_name=XLSX),
    no("a Word file of the nineties", _utf16("WordDocument"), "E002"),
    no("a binary workbook", package({"[Content_Types].xml": b"", "xl/workbook.bin": b"x"}), "E066", file_name=XLSX),
    no("a workbook of LibreOffice", package({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
                                             "content.xml": b"<x/>"}), "E066"),
    no("a workbook of Numbers", package({"Index/Document.iwa": b"x"}), "E066"),
    no("a Word document", package({"word/document.xml": b"<x/>"}), "E002", file_name=XLSX),
    no("a presentation", package({"ppt/presentation.xml": b"<x/>"}), "E002"),
    no("a zip with the delivery in it", package({"tlv.csv": b"x"}), "E002", file_name=XLSX),
    no("an empty zip", package({}), "E002"),
    no("a pdf called csv", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "E002"),
    no("a picture called xlsx", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "E002", file_name=XLSX),
    no("a photograph", b"\xff\xd8\xff\xe0" + bytes(range(256)), "E002"),
    no("a web page called xls", b"<html xmlns:x='urn:x'><table><tr><td>school</td></tr></table>", "E002",
       file_name=name_of("tlv", "xls")),
    no("a web page with a byte order mark", b"\xef\xbb\xbf<!DOCTYPE html><table></table>", "E002"),
    no("a web archive", b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "E002"),
    no("an XML spreadsheet", b"<?xml version='1.0'?><Workbook/>", "E002"),
    no("a gzip", b"\x1f\x8b\x08" + bytes(range(200)), "E002"),
    no("a rich text", b"{\\rtf1 x}", "E002"),
    no("a Parquet file", b"PAR1" + bytes(range(200)), "E002"),
    no("a database", b"SQLite format 3\x00" + bytes(100), "E002"),
    no("a lock file of Excel", b"\x05jansen", "E066", file_name="~$" + XLSX),
    no("a hidden file", b"x", "E066", file_name=".DS_Store"),
    no("a file still on its way", b"x", "E066", file_name=name_of("tlv") + ".part"),
    ok("a workbook called csv", _PLAIN),
    ok("a CSV called xlsx", table(), file_name=XLSX),
]  # fmt: skip


def _wrong_byte() -> bytes:
    data = bytearray(_PLAIN())
    data[data.index(b"sheet1.xml") + 200] ^= 0xFF
    return bytes(data)


DAMAGED: list[Seed] = [
    no("half a workbook", lambda: _PLAIN()[: len(_PLAIN()) // 2], "E003", file_name=XLSX),
    no("a workbook without its last byte", lambda: _PLAIN()[:-1], "E003", file_name=XLSX),
    no("a workbook with a wrong byte", _wrong_byte, "E003", file_name=XLSX),
    no("a sheet that is not XML", repacked(_PLAIN, lambda n, c: b"x" if n.endswith(_SHEET) else c), "E003"),
    no("a workbook without sheets", package({"xl/workbook.xml": b"<workbook/>"}), "E003"),
]  # fmt: skip

BOMBS: list[Seed] = [
    no("a sheet of spaces", repacked(_PLAIN, lambda n, c: c + b" " * 30_000_000 if n.endswith(_SHEET) else c), "E060"),
    no("a picture of spaces", repacked(_PLAIN, lambda _, c: c, {"xl/media/a.png": b" " * 30_000_000}), "E060"),
    no("ten thousand parts", package({"xl/workbook.xml": b"<workbook/>"} | {f"x/{n}": b"" for n in range(10_000)}),
       "E060"),
    no("a cell at the end of the world",
       _xml(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'), "E060"),
    no("texts that are not there", repacked(_PLAIN, in_part("sharedStrings.xml", b'uniqueCount="',
                                                            b'uniqueCount="42949')), "E003"),
]  # fmt: skip

XML: list[Seed] = [
    no("a DTD", _with_dtd(b"<!DOCTYPE worksheet>"), "E061"),
    no("an entity", _with_dtd(b'<!DOCTYPE a [<!ENTITY e "x">]>'), "E061"),
    no("an entity that reads a file", _with_dtd(b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'), "E061"),
    no("an entity that calls", _with_dtd(b'<!DOCTYPE a [<!ENTITY % e SYSTEM "http://127.0.0.1:9/"> %e;]>'), "E061"),
    no("a billion laughs", _with_dtd(b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'), "E061"),
    no("a DTD in the list of sheets", repacked(_PLAIN, in_part("workbook.xml", b"<workbook", b"<!DOCTYPE x><workbook")),
       "E061"),
    no("a DTD in the texts", repacked(_PLAIN, in_part("sharedStrings.xml", b"<sst", b"<!DOCTYPE x><sst")), "E061"),
    no("a DTD in a part that nobody asked for", repacked(_PLAIN, lambda _, c: c, {"customXml/item1.xml":
       b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x"><x/>'}), "E061"),
    no("a sheet in UTF-16", repacked(_PLAIN, lambda n, c: c.decode().encode("utf-16") if n.endswith(_SHEET) else c),
       "E061"),
    ok("a link to a web page", book(sheet(), on_first(lambda p: p.write_url(0, 20, "https://example.org", None, "")))),
    ok("an attribute with a sign", _xml(b'<c r="A1"', b'<c x=">" r="A1"')),
]  # fmt: skip

SHEETS: list[Seed] = [
    ok("text cells", _PLAIN, file_name=XLSX),
    ok("typed cells", book(_typed), file_name=XLSX),
    ok("dates counted from 1904", book(_typed, date_1904=True), file_name=XLSX),
    ok("a day number counted from 1904", book(sheet(), on_first(lambda p: p.write_number(1, 5, 44805 - 1462)),
                                              date_1904=True), "S010", rows=coded(S010=(2,))),
    ok("constant memory", book(_typed, constant_memory=True), file_name=XLSX),
    ok("strings in the cells", book(sheet(), in_memory=False, constant_memory=True), file_name=XLSX),
    ok("the table begins at C4", book(sheet(first=(3, 2))), "S003", counts=coded(S003=3)),
    no("the table begins at row 7", book(sheet(first=(6, 0))), "E007"),
    ok("the sheet called as the soort", book(note_sheet("Lees dit eerst"), sheet("TLV"))),
    ok("a hidden sheet before it", book(lambda b: b.add_worksheet("oud").hide(), sheet(), lambda b: (
        b.worksheets()[1].activate(), b.worksheets()[1].set_first_sheet()))),
    ok("a second sheet with the same table", book(sheet("Dalton"), sheet("Focus")), "S024", counts=coded(S024=1)),
    ok("three more tables", book(*(sheet(name) for name in "abcd")), "S024", counts=coded(S024=3)),
    ok("a second sheet with notes", book(sheet(), note_sheet("geen gegevens"))),
    ok("a hidden sheet with a table", book(sheet(), sheet("oud"), lambda b: b.worksheets()[1].hide())),
    no("no sheet with a table", book(note_sheet("hallo")), "E007"),
    no("an empty sheet", book(lambda b: b.add_worksheet()), "E001"),
    some("an error in a cell", book(sheet(), _formula(1, 2, "=NA()", "#N/A")), "E029", "S020",
         rows=coded(E029=(2,), S020=(2,))),
    some("an error in a date", book(sheet(), _formula(1, 5, "=1/0", "#DIV/0!")), "E021", "S020"),
    ok("a formula with its outcome", book(sheet(), _formula(1, 2, '="19ZQ"&"00"', "19ZQ00")), "S020",
       rows=coded(S020=(2,)), counts=coded(S020=1)),
    ok("a column of formulas", book(sheet(), *(_formula(n, 2, "=A1", "19ZQ00") for n in range(1, 41))), "S020",
       counts=coded(S020=40)),
    ok("a formula in an unknown column", book(sheet(), on_first(lambda p: p.write(0, 11, "som")),
                                                       _formula(1, 11, "=1+1", 2)), "S001"),
    ok("a formula with an empty text as outcome",
       repacked(book(sheet(), _formula(1, 9, '=""', "x")), in_part(_SHEET, b"<v>x</v>", b"<v></v>"))),
    no("a formula without outcome", book(sheet(), _bare), "E064", rows=coded(E064=(2,)), counts=coded(E064=1)),
    no("forty formulas without outcome", book(sheet(), *(_formula(n, 3, "=1", "") for n in range(1, 41))), "E064",
       counts=coded(E064=40)),
    some("a text that begins as a formula", book(sheet(tlv_nummer="=cmd|' /C calc'!A0")), "E034", "S021",
         rows=coded(S021=(2,))),
    some("merged cells", book(sheet(), lambda b: b.worksheets()[0].merge_range(
        1, 2, 1, 3, "19ZQ00", b.add_format())), "E020"),
    ok("a filter and a frozen header", book(sheet(), on_first(lambda p: (p.autofilter(0, 0, 40, 10),
                                                                         p.freeze_panes(1, 0))))),
    some("true where a school belongs", book(sheet(), on_first(lambda p: p.write_boolean(1, 2, True))), "E029"),
    ok("a protected sheet can be read", book(sheet(), on_first(lambda p: p.protect("geheim")))),
    ok("a serial in a text cell", book(sheet(aanvraagdatum="44805")), "S010", rows=coded(S010=(2,))),
    ok("a serial in a number cell", book(sheet(), on_first(lambda p: p.write_number(1, 5, 44805))), "S010"),
]  # fmt: skip

SEEDS = [*KINDS, *DAMAGED, *BOMBS, *XML, *SHEETS]

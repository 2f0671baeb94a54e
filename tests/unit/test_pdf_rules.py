"""The rules that the documents of the report are held to can fail: a document is broken in one place, and that is told.

``tests/browser/test_report_pages.py`` holds every document of the demo to them.
"""

import io
from collections.abc import Callable, Iterator

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from jos_pipeline.report import pdf
from jos_pipeline.report.pages import report
from tests.pdf_rules import Rules, attribute
from tests.unit.test_report import read


@pytest.fixture(scope="module")
def documents() -> dict[str, bytes]:
    return pdf.files(report(read()))


@pytest.fixture
def opened(documents) -> Iterator[pikepdf.Pdf]:
    """The document of the region, which has everything that there is."""
    with pikepdf.open(io.BytesIO(documents["jos-monitor-2022-2023-regio.pdf"])) as found:
        yield found


def test_no_document_breaks_a_rule(documents):
    for name, content in documents.items():
        with pikepdf.open(io.BytesIO(content)) as found:
            rules = Rules(found)
            assert rules.broken() == [], name
            if not name.endswith("19ZQ00.pdf"):  # it has no figures
                kinds = {kind for _, kind, _ in rules.elements}
                assert {"/H1", "/H2", "/H3", "/P", "/Table", "/TH", "/TD", "/L", "/Figure"} <= kinds, name


def first(found: pikepdf.Pdf, kind: str, **having: str) -> pikepdf.Object:
    """The first element of a kind, perhaps with an attribute."""
    return next(
        node
        for node, is_of, _ in Rules(found).elements
        if is_of == kind and all(attribute(node, Name(f"/{name}")) == value for name, value in having.items())
    )


def content(found: pikepdf.Pdf, change: Callable[[bytes], bytes]) -> None:
    page = found.pages[0]
    page.contents_coalesce()
    page.Contents.write(change(page.Contents.read_bytes()))


def without(node: pikepdf.Object, name: str) -> None:
    del node[Name(f"/{name}")]


def put(node: pikepdf.Object, name: str, value: object) -> None:
    node[Name(f"/{name}")] = value


def row_heading(found: pikepdf.Pdf) -> pikepdf.Object:
    return first(found, "/TH", Scope="/Row")


def column_attributes(found: pikepdf.Pdf) -> pikepdf.Object:
    return first(found, "/TH", Scope="/Column").A[0]


def a_link(found: pikepdf.Pdf) -> pikepdf.Object:
    return next(page.obj.Annots[0] for page in found.pages if Name.Annots in page.obj)


def a_font(found: pikepdf.Pdf) -> pikepdf.Object:
    return next(iter(found.pages[0].Resources.Font.values()))


def with_metadata(found: pikepdf.Pdf, old: bytes, new: bytes) -> None:
    told = found.Root.Metadata.read_bytes()
    assert old in told
    found.Root.Metadata.write(told.replace(old, new))


BROKEN: dict[str, tuple[str, Callable[[pikepdf.Pdf], None]]] = {
    "not tagged": ("00", lambda d: without(d.Root, "MarkInfo")),
    "suspects": ("01", lambda d: put(d.Root.MarkInfo, "Suspects", True)),
    "a stroke that is nothing": ("01", lambda d: content(d, lambda told: told + b"\n0 0 m 9 9 l S")),
    "an unknown mark": ("01", lambda d: content(d, lambda told: told + b"\n/P <</MCID 9999>> BDC EMC")),
    "an artifact in a text": (
        "01",
        lambda d: content(d, lambda told: told + b"\n/P <</MCID 0>> BDC /Artifact BMC EMC EMC"),
    ),
    "a text in an artifact": (
        "01",
        lambda d: content(d, lambda told: told + b"\n/Artifact BMC /P <</MCID 0>> BDC EMC EMC"),
    ),
    "an own kind": ("02", lambda d: put(first(d, "/H2"), "S", Name.Kop)),
    "a standard kind mapped": ("02", lambda d: put(d.Root.StructTreeRoot.RoleMap, "P", Name.H)),
    "no XMP": ("06", lambda d: without(d.Root, "Metadata")),
    "not PDF/UA": ("06", lambda d: with_metadata(d, b"pdfuaid:part>1<", b"pdfuaid:part>0<")),
    "no title": ("06", lambda d: with_metadata(d, b"dc:title", b"dc:tutle")),
    "the title is not shown": ("07", lambda d: put(d.Root.ViewerPreferences, "DisplayDocTitle", False)),
    "a paragraph in a table": ("09", lambda d: put(first(d, "/TR"), "S", Name.P)),
    "a character without a letter": ("10", lambda d: without(a_font(d), "ToUnicode")),
    "no language": ("11", lambda d: without(d.Root, "Lang")),
    "a chart without words": ("13", lambda d: without(first(d, "/Figure"), "Alt")),
    "begins at level 2": ("14", lambda d: put(first(d, "/H1"), "S", Name.H2)),
    "from level 1 to 3": ("14", lambda d: put(first(d, "/H2"), "S", Name.H3)),
    "a heading of no level": ("14", lambda d: put(first(d, "/H2"), "S", Name.H)),
    "a column heading of nothing": ("15", lambda d: without(column_attributes(d), "Scope")),
    "a row heading that is a cell": ("15", lambda d: put(row_heading(d), "S", Name.TD)),
    "a row heading of no row": ("15", lambda d: put(row_heading(d).A[0], "Scope", Name.Column)),
    "a row heading nobody finds": ("15", lambda d: put(row_heading(d), "ID", pikepdf.String("weg"))),
    "a cell that names no heading": ("15", lambda d: put(first(d, "/TD").A[0], "Headers", Array())),
    "a table without column headings": ("15", lambda d: put(first(d, "/THead"), "K", first(d, "/TBody").K)),
    "a row that is too short": ("15", lambda d: without_last(first(d, "/TBody").K[0])),
    "layers": ("20", lambda d: put(d.Root, "OCProperties", Dictionary())),
    "a form": ("25", lambda d: put(d.Root, "AcroForm", Dictionary())),
    "a link without words": ("28", lambda d: put(a_link(d), "Contents", "")),
    "a link in no text": ("28", lambda d: without(a_link(d), "StructParent")),
    "tab goes its own way": ("28", lambda d: without(next(p.obj for p in d.pages if Name.Annots in p.obj), "Tabs")),
    "a font that is not there": (
        "31",
        lambda d: without(a_font(d).DescendantFonts[0].FontDescriptor, "FontFile3"),
    ),
    "a simple font": ("31", lambda d: put(a_font(d), "Subtype", Name.Type1)),
}


def without_last(row: pikepdf.Object) -> None:
    row.K = Array(list(row.K)[:-1])


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_told(opened, what):
    number, breaks = BROKEN[what]
    breaks(opened)
    assert number in {told.split()[0] for told in Rules(opened).broken()}, what

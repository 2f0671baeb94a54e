"""The page model as documents (PDF/UA-1): one on the region, one on every area. Tagged, in Dutch, without a time.

``templates/rapport.typ`` says what they look like; typst refuses to write what breaks a rule of PDF/UA that a program
can see. The same report gives the same bytes: the only fonts are those that come with typst.
"""

import json
from dataclasses import asdict, dataclass, replace
from importlib.resources import files as packaged
from typing import Any, cast

from jos_pipeline.report.charts import PALETTE
from jos_pipeline.report.model import Block, Figure, Page, PageKind, Questions, Report, Section, Text

OF_A_DOCUMENT = frozenset({PageKind.OVERZICHT, PageKind.SAMENWERKINGSVERBAND, PageKind.GEMEENTE, PageKind.SCHOOL})
"""The kinds of pages that have a document; that of the overview holds all themes."""
TALK = "Voor het gesprek"
WAYS = ("hierbinnen",)
"""Sections that only lead to other pages."""


@dataclass(frozen=True, slots=True)
class Document:
    """What stands in one PDF."""

    title: str
    lead: str
    warning: str
    sections: tuple[Section, ...]
    contents: bool
    """Whether it is long enough for a table of contents."""


def file_name(report: Report, page: Page) -> str | None:
    """What the document of a page is called; None when it has none."""
    if page.kind not in OF_A_DOCUMENT:
        return None
    about = "regio" if page.kind is PageKind.OVERZICHT else page.name
    return f"jos-monitor-{report.schooljaar}-{about}.pdf"


def files(report: Report) -> dict[str, bytes]:
    """Every document of the report by its file name."""
    import typst  # noqa: PLC0415 - only where a document is made

    from jos_pipeline.report.row_headings import tagged  # noqa: PLC0415 - likewise

    source = packaged("jos_pipeline").joinpath("templates", "rapport.typ").read_bytes()
    press = typst.Compiler(ignore_system_fonts=True)
    found = {}
    for page in report.pages:
        if (name := file_name(report, page)) is not None:
            data = json.dumps(_as_data(report, document(report, page)))
            made = press.compile(source, format="pdf", pdf_standards=["ua-1"], sys_inputs={"data": data})
            found[name] = tagged(cast("bytes", made))  # it is a list for pictures only
    return found


def document(report: Report, page: Page) -> Document:
    """The document of a page: an area as on its page, the region with all themes in one."""
    reading = _section(report, "lezen")
    if page.kind is PageKind.OVERZICHT:
        themes = (one for one in report.pages if one.kind in (PageKind.THEMA, PageKind.VERSCHIL))
        inside = (_section(report, "kort"), *map(_theme, themes), _section(report, "ontbreekt"), reading)
    else:
        inside = (*(one for one in page.sections if one.id not in WAYS), reading)
    return Document(page.title, page.lead, page.warning, inside, contents=page.kind is PageKind.OVERZICHT)


def _section(report: Report, name: str) -> Section:
    """A section of the overview."""
    return next(one for page in report.pages for one in page.sections if (page.kind, one.id) == ("overzicht", name))


def _theme(page: Page) -> Section:
    """The page of a theme as one section."""
    inside = (block for section in page.sections for block in section.blocks)
    return Section(page.name, page.title.split(":")[0], (Text(page.lead), *inside))


def _as_data(report: Report, made: Document) -> dict[str, Any]:
    """What the template reads: a document as plain data."""
    figures = (block for section in made.sections for block in section.blocks if isinstance(block, Figure))
    return {
        "title": made.title,
        "author": report.title,
        "lead": made.lead,
        "warning": made.warning,
        "standing": f"{report.standing} {report.reminder.text}",
        "footer": f"{report.title}, publicatie {report.publication} ({report.status})",
        "contents": made.contents,
        "anchors": [figure.id for figure in figures],
        "palette": PALETTE,
        "sections": [
            {"id": one.id, "title": one.title, "blocks": [_block(block) for block in one.blocks]}
            for one in made.sections
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    """A block by its kind; what leads to another page has no place in a document."""
    if isinstance(block, Questions) and not block.title:
        block = replace(block, title=TALK)
    return {"kind": type(block).__name__, **asdict(block)}

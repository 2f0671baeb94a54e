"""The page model as a directory of HTML pages: whole by themselves, without anything from outside.

Where they are written is ``resources.site``. What they look like is ``templates/rapport.html.j2``.
"""

import json
from collections.abc import Iterator
from urllib.parse import quote

from markupsafe import Markup

from jos_pipeline.pages import ENVIRONMENT
from jos_pipeline.report.charts import svg
from jos_pipeline.report.model import Chart, Link, Page, PageKind, Report
from jos_pipeline.report.pdf import file_name

SEARCHED = (PageKind.OVERZICHT, PageKind.WOORDENBOEK)
"""The kinds of pages with a box to search. A page of a school has none: its index would name other schools."""
ENTRY = "index.html"


def files(report: Report) -> dict[str, bytes]:
    """Every page of the report by its file name; the same for the same report."""
    template = ENVIRONMENT.get_template("rapport.html.j2")
    index = json.dumps(list(_entries(report)), ensure_ascii=False, separators=(",", ":"))
    # what is in a script may not end it
    index = index.replace("<", "\\u003c")
    area_names = "gemeente of school" if any(page.kind is PageKind.SCHOOL for page in report.pages) else "gemeente"
    return {
        f"{page.name}.html": template.render(
            report=report,
            page=page,
            href=href,
            picture=picture,
            document=file_name(report, page),
            area_names=area_names,
            index=Markup(index) if page.kind in SEARCHED else None,  # noqa: S704 - escaped above
        ).encode()
        for page in report.pages
    }


def href(link: Link) -> str:
    """Where a link goes, from any page."""
    return f"{quote(link.page)}.html" + (f"#{quote(link.anchor)}" if link.anchor else "")


def picture(chart: Chart) -> Markup:
    """The chart as SVG."""
    return Markup(svg(chart))  # noqa: S704 - drawn by our own library, which escapes texts


def _entries(report: Report) -> Iterator[tuple[str, str, str]]:
    """What can be found: pages, figures of themes, tables and codes. Title, where it is, and what it is."""
    for page in report.pages:
        yield page.title, f"{page.name}.html", _kind(page)
        if page.kind is PageKind.THEMA:
            for figure in page.figures:
                yield figure.title, f"{page.name}.html#{figure.id}", f"cijfer bij {page.title.split(':')[0]}"
        elif page.kind is PageKind.WOORDENBOEK and len(page.sections) > 1:
            for section in page.sections:
                yield section.title, f"{page.name}.html#{section.id}", page.title.lower()


def _kind(page: Page) -> str:
    return {PageKind.VERSCHIL: "vergelijking"}.get(page.kind, page.kind.value)

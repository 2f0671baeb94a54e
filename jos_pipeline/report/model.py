"""What a report consists of, whatever it is rendered to: pages, sections, blocks.

Everything in here is ready to read: texts are Dutch, numbers are written out, and of a figure that is not shown there
is no number anywhere. Nothing about HTML, and nothing is computed.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PageKind(StrEnum):
    """What a page is about."""

    OVERZICHT = "overzicht"
    THEMA = "thema"
    VERSCHIL = "verschil"
    SAMENWERKINGSVERBAND = "samenwerkingsverband"
    GEMEENTE = "gemeente"
    SCHOOL = "school"
    UITLEG = "uitleg"
    WOORDENBOEK = "woordenboek"


class Audience(StrEnum):
    """For whom a report is: those who work on the monitor see who did not deliver, everybody else how many did not."""

    REGIO = "regio"
    OPENBAAR = "openbaar"


@dataclass(frozen=True, slots=True)
class Link:
    """To a page of the same report, by its name, and perhaps to a place on it."""

    text: str
    page: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph, perhaps with where to read on. ``quoted``: a promise that is set apart."""

    text: str
    link: Link | None = None
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list; ``strong`` opens it."""

    text: str
    strong: str = ""
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list. ``ordered``: the order matters."""

    items: tuple[Item, ...]
    ordered: bool = False

    @property
    def leads(self) -> bool:
        """Whether every line is a way to another page."""
        return all(item.link is not None for item in self.items)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table. ``number``: set to the right; ``silent``: words in place of a figure."""

    text: str
    number: bool = False
    silent: bool = False
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a caption; the first cell of a row is its heading."""

    caption: str
    headings: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a chart. Its bar ends at ``length``, a share (0 to 1) of the longest; None: no figure, so no bar."""

    label: str
    shown: str
    length: float | None
    emphasis: bool = True
    begin: float = 0.0
    """Where the bar begins: of what is not known exactly it lies between two bounds."""


@dataclass(frozen=True, slots=True)
class Chart:
    """A bar chart. ``alternative`` says in words what it shows."""

    caption: str
    bars: tuple[Bar, ...]
    alternative: str


@dataclass(frozen=True, slots=True)
class Charts:
    """Charts in a row; a table beside them on the page has the same numbers."""

    charts: tuple[Chart, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A chart beside the table with the same numbers."""

    table: Table
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """One indicator in one area: what it is, what it says, and what to bear in mind."""

    id: str
    title: str
    value: str
    sentence: str
    definition: str
    about: str
    """Peildatum, status of the publication and version of the definition."""
    questions: tuple[str, ...]
    """What to talk about when this figure is on the table."""
    parts: tuple[Shown, ...]
    """Beside other areas and an earlier publication."""
    breakdowns: tuple[Shown, ...] = ()
    notes: tuple[str, ...] = ()
    unseen: str = ""
    """Which breakdowns are not to be seen."""
    marks: tuple[Text, ...] = ()
    """What each word means that stands in place of a figure in its tables and charts."""
    no_earlier: str = ""
    """Why there is no earlier publication beside it; nothing where there is one."""
    folded: bool = False
    """Whether all but what it says may be folded away: the page is about an area and has many figures."""


@dataclass(frozen=True, slots=True)
class Questions:
    """What to talk about when these figures are on the table. ``title`` where no heading says so."""

    questions: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """A figure in short, with where it stands in full. ``silent``: words in place of a figure.

    ``coverage`` is what it rests on; ``counted``: it says what was counted, for the figure is about coverage itself.
    """

    title: str
    value: str
    unit: str
    coverage: str
    link: Link
    silent: bool = False
    counted: bool = False

    @property
    def resting(self) -> str:
        """What it rests on, as a phrase of its own."""
        return self.coverage if self.counted else f"op basis van {self.coverage}"


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """The figures to start with."""

    figures: tuple[KeyFigure, ...]


Block = Text | Bullets | Table | Shown | Charts | Figure | Questions | KeyFigures


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a page, under a heading. ``id`` is its anchor."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """A page. ``name`` is unique within the report; ``up`` are the pages above it."""

    name: str
    kind: PageKind
    title: str
    lead: str
    sections: tuple[Section, ...]
    up: tuple[Link, ...] = ()
    warning: str = ""
    """What nobody may miss: that the publication was taken back."""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All figures on the page, in order."""
        return tuple(block for section in self.sections for block in section.blocks if isinstance(block, Figure))


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report on one publication."""

    title: str
    region: str
    publication: str
    schooljaar: str
    peildatum: date
    status: str
    standing: str
    """What kind of report it is, on which publication, until when."""
    audience: Audience
    pages: tuple[Page, ...]
    menu: tuple[Link, ...]
    """The pages that every page links to."""
    reminder: Text
    """What to know of hidden figures: belongs on every page with figures."""

    def page(self, name: str) -> Page:
        """Raises StopIteration for a page that is not there."""
        return next(page for page in self.pages if page.name == name)

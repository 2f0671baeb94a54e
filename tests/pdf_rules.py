"""What of PDF/UA-1 a program can see, after the Matterhorn protocol 1.1 (PDF Association): numbers are its checkpoints.

Read apart from what writes the documents. No substitute for veraPDF, which has no package to install, and none for a
person: whether a text says what a picture shows, and whether the order makes sense, no program can tell. Not looked at:
what these documents never have (forms, media, formulas, embedded files; that there are none is looked at) and what
stands inside the font files.
"""

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

STANDARD = frozenset(
    (
        *("/Document", "/Part", "/Art", "/Sect", "/Div", "/BlockQuote", "/Caption", "/TOC", "/TOCI", "/Index"),
        *(
            "/NonStruct",
            "/Private",
            "/P",
            "/H",
            "/H1",
            "/H2",
            "/H3",
            "/H4",
            "/H5",
            "/H6",
            "/L",
            "/LI",
            "/Lbl",
            "/LBody",
        ),
        *("/Table", "/TR", "/TH", "/TD", "/THead", "/TBody", "/TFoot", "/Span", "/Quote", "/Note", "/Reference"),
        *("/BibEntry", "/Code", "/Link", "/Annot", "/Ruby", "/Warichu", "/RB", "/RT", "/RP", "/WT", "/WP", "/Figure"),
        *("/Formula", "/Form"),
    )
)
"""ISO 32000-1, 14.8.4."""
INSIDE = {
    "/Table": {"/TR", "/THead", "/TBody", "/TFoot", "/Caption"},
    "/THead": {"/TR"},
    "/TBody": {"/TR"},
    "/TFoot": {"/TR"},
    "/TR": {"/TH", "/TD"},
    "/L": {"/LI", "/Caption", "/L"},
    "/LI": {"/Lbl", "/LBody"},
    "/TOC": {"/TOC", "/TOCI", "/Caption"},
    "/TOCI": {"/Reference", "/NonStruct", "/P", "/TOC", "/Lbl"},
}
"""What may stand right below what."""
ABOVE = {
    "/TR": {"/Table", "/THead", "/TBody", "/TFoot"},
    "/TH": {"/TR"},
    "/TD": {"/TR"},
    "/THead": {"/Table"},
    "/TBody": {"/Table"},
    "/LI": {"/L"},
    "/LBody": {"/LI"},
    "/TOCI": {"/TOC"},
}
"""And right above."""
SHOWS = frozenset(("Tj", "TJ", "'", '"'))
PAINTS = SHOWS | {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "sh", "Do", "INLINE IMAGE"}
MARKS = frozenset(("BMC", "BDC"))
LONG = 20
"""More pages than this ask for bookmarks."""
XMP = "http://www.aiim.org/pdfua/ns/id/"


class Rules:
    """A document, and what in it breaks a rule."""

    def __init__(self, source: Path | pikepdf.Pdf):
        self.pdf = source if isinstance(source, pikepdf.Pdf) else pikepdf.open(source)
        self.root = self.pdf.Root

    def broken(self) -> list[str]:
        """Every rule that is broken, once, with the number of its checkpoint first."""
        looked = (
            *(self._whole(), self._strange(), self._metadata(), self._roles(), self._elements(), self._headings()),
            *(self._cells(), self._tables(), self._pages()),
        )
        return sorted({told for found in looked for told in found})

    # ------------------------------------------------------------------ the document as a whole

    def _whole(self) -> Iterator[str]:
        root = self.root
        if self.pdf.is_encrypted:
            yield "26 encrypted"
        if Name.MarkInfo not in root or not root.MarkInfo.get(Name.Marked, False):
            yield "00 not marked as tagged"  # ISO 14289-1, 7.1, which the protocol takes for granted
        elif root.MarkInfo.get(Name.Suspects, False):
            yield "01 suspects"
        if Name.StructTreeRoot not in root:
            yield "00 no structure tree"
        if not root.get(Name.ViewerPreferences, Dictionary()).get(Name.DisplayDocTitle, False):
            yield "07 the title is not what a window shows"
        if not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", str(root.get(Name.Lang, ""))):
            yield "11 no language"
        if Name.Outlines not in root and len(self.pdf.pages) > LONG:
            yield "27 a long document without bookmarks"

    def _strange(self) -> Iterator[str]:
        root = self.root
        for name, number in ((Name.AcroForm, 25), (Name.OCProperties, 20), (Name.AF, 21)):
            if name in root:
                yield f"{number} {name} is there"
        if any(name in root.get(Name.Names, Dictionary()) for name in (Name.EmbeddedFiles, Name.JavaScript)):
            yield "21 files or scripts are there"

    def _metadata(self) -> Iterator[str]:
        if Name.Metadata not in self.root:
            yield "06 no XMP"
            return
        with self.pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as told:
            if told.get(f"{{{XMP}}}part") != "1":
                yield "06 XMP does not say that it is PDF/UA-1"
            if not told.get("dc:title"):
                yield "06 no title"

    # ------------------------------------------------------------------ the structure tree

    @cached_property
    def elements(self) -> list[tuple[Object, str, str]]:
        """Every element with its standard kind and that of what it stands in, in the order in which it is read."""
        found: list[tuple[Object, str, str]] = []
        waiting = [(kid, "") for kid in reversed(kids(self.root.StructTreeRoot))]
        while waiting:
            node, above = waiting.pop()
            kind = self.standard(node)
            found.append((node, kind, above))
            waiting += [(kid, kind) for kid in reversed(kids(node))]
        return found

    @cached_property
    def role_map(self) -> dict[str, str]:
        return {name: str(to) for name, to in self.root.StructTreeRoot.get(Name.RoleMap, Dictionary()).items()}

    def standard(self, node: Object) -> str:
        """The standard kind of an element: its own or what the role map makes of it."""
        kind, seen = str(node.S), set()
        while kind not in STANDARD and kind in self.role_map and kind not in seen:
            seen.add(kind)
            kind = self.role_map[kind]
        return kind

    def _roles(self) -> Iterator[str]:
        for name in self.role_map:
            if name in STANDARD:
                yield f"02 {name} is a standard type and mapped"
        for _, kind, _ in self.elements:
            if kind not in STANDARD:
                yield f"02 {kind} is no standard type"

    def _elements(self) -> Iterator[str]:
        numbers: list[str] = []
        for node, kind, above in self.elements:
            within = {self.standard(kid) for kid in kids(node)}
            if not within <= INSIDE.get(kind, within):
                yield f"09 {kind} holds {sorted(within - INSIDE[kind])}"
            if above not in ABOVE.get(kind, {above}):
                yield f"09 {kind} stands in {above}"
            if kind == "/Figure" and not str(node.get(Name.Alt, node.get(Name.ActualText, ""))).strip():
                yield "13 a figure without words"
            if kind == "/Formula" and not str(node.get(Name.Alt, "")).strip():
                yield "17 a formula without words"
            if Name.ID in node:
                numbers.append(str(node.ID))
        if len(set(numbers)) < len(numbers):
            yield "19 an identifier stands twice"

    def _headings(self) -> Iterator[str]:
        levels = [int(kind[2:]) for _, kind, _ in self.elements if re.fullmatch(r"/H\d", kind)]
        if not levels or levels[0] != 1:
            yield "14 the first heading is not of level 1"
        if any(deeper - level > 1 for level, deeper in pairwise(levels)):
            yield "14 a level of headings is skipped"
        if any(kind == "/H" for _, kind, _ in self.elements):
            yield "14 headings with and without a level"

    def _cells(self) -> Iterator[str]:
        headings = {str(node.ID) for node, kind, _ in self.elements if kind == "/TH" and Name.ID in node}
        known = dict(pikepdf.NameTree(self.root.StructTreeRoot.IDTree).items()) if headings else {}
        for node, kind, _ in self.elements:
            if kind == "/TH" and attribute(node, Name.Scope) not in ("/Row", "/Column", "/Both"):
                yield "15 a heading of a table without a scope"
            if kind == "/TH" and Name.ID in node and known.get(str(node.ID)) != node:
                yield "15 a heading cannot be found by its identifier"
            if kind in ("/TH", "/TD"):
                yield from (f"15 a cell names {one}, which is no heading" for one in named(node) - headings)

    def _tables(self) -> Iterator[str]:
        for node, kind, _ in self.elements:
            if kind == "/TR":
                yield from self._row(node)
            if kind == "/Table":
                rows = list(self._under(node, "/TR"))
                widths = {sum(int(attribute(cell, Name.ColSpan) or 1) for cell in kids(row)) for row in rows}
                if len(widths) != 1:
                    yield "15 rows of a table are not equally long"
                if not rows or not all(self.standard(cell) == "/TH" for cell in kids(rows[0])):
                    yield "15 a table without headings of columns"

    def _row(self, row: Object) -> Iterator[str]:
        first, *others = kids(row)
        scope = attribute(first, Name.Scope)
        if self.standard(first) != "/TH":
            yield "15 a row without a heading"
        elif scope == "/Row" and any(str(first.ID) not in named(one) for one in others):
            yield "15 a cell does not name the heading of its row"
        elif scope == "/Column" and any(self.standard(one) != "/TH" for one in others):
            yield "15 a row without a heading"

    def _under(self, node: Object, kind: str) -> Iterator[Object]:
        for kid in kids(node):
            if self.standard(kid) == kind:
                yield kid
            else:
                yield from self._under(kid, kind)

    # ------------------------------------------------------------------ the pages

    @cached_property
    def _parents(self) -> dict[int, Object]:
        return dict(pikepdf.NumberTree(self.root.StructTreeRoot.ParentTree).items())

    def _pages(self) -> Iterator[str]:
        for page in self.pdf.pages:
            yield from self._content(page)
            yield from self._fonts(page)
            notes = page.obj.get(Name.Annots, Array())
            if len(notes) and page.obj.get(Name.Tabs) != Name.S:
                yield "28 tab does not follow the structure"
            for note in notes:
                yield from self._annotation(note)
            for one in (page.obj.get(Name.Resources, Dictionary()).get(Name.XObject, Dictionary())).values():
                if Name.Ref in one or Name.PS in one:
                    yield "30 something from another file"
                if one.get(Name.Subtype) == Name.Form and Name.StructParents in one:
                    yield "30 tags inside a form that may be shown twice"

    def _annotation(self, note: Object) -> Iterator[str]:
        parent = self._parents.get(int(note.get(Name.StructParent, -1)))
        kind = None if parent is None else self.standard(parent)
        if note.Subtype == Name.Link:
            if kind != "/Link":
                yield "28 a link outside the structure"
            if not str(note.get(Name.Contents, "" if parent is None else parent.get(Name.Alt, ""))).strip():
                yield "28 a link without words"
        elif kind != "/Annot":
            yield "28 an annotation outside the structure"

    def _content(self, page: pikepdf.Page) -> Iterator[str]:
        owners = self._parents.get(int(page.obj.get(Name.StructParents, -1)), Array())
        marks: list[tuple[str, int | None]] = []
        for instruction in pikepdf.parse_content_stream(page):
            operator, operands = str(instruction.operator), instruction.operands
            if operator in MARKS:
                tag, number = str(operands[0]), _mark(operands)
                open_artifact = any(kind == "/Artifact" for kind, _ in marks)
                if number is not None and open_artifact:
                    yield "01 real content inside an artifact"
                if tag == "/Artifact" and any(at is not None for _, at in marks):
                    yield "01 an artifact inside real content"
                if number is not None and not (number < len(owners) and _holds(owners[number], number)):
                    yield "01 a mark that the structure does not know"
                marks.append((tag, number))
            elif operator == "EMC":
                marks.pop()
            elif operator in PAINTS and not any(kind == "/Artifact" or at is not None for kind, at in marks):
                yield "01 something on a page is neither tagged nor an artifact"

    def _fonts(self, page: pikepdf.Page) -> Iterator[str]:
        fonts = page.obj.get(Name.Resources, Dictionary()).get(Name.Font, Dictionary())
        codes = _codes(page)
        for name, font in fonts.items():
            if Name.Type0 != font.Subtype:
                yield f"31 a font of kind {font.Subtype}, which is not looked at"
                continue
            inner = font.DescendantFonts[0]
            if not any(file in inner.FontDescriptor for file in (Name.FontFile, Name.FontFile2, Name.FontFile3)):
                yield "31 a font is not embedded"
            if Name.CIDFontType2 == inner.Subtype and Name.CIDToGIDMap not in inner:
                yield "31 no CIDToGIDMap"
            used = codes.get(name, set())
            if 0 in used:
                yield "31 a character that the font does not have"
            if Name.ToUnicode not in font or not used <= unicode_of(font.ToUnicode):
                yield "10 a character that cannot be read out"


def _codes(page: pikepdf.Page) -> dict[str, set[int]]:
    """The codes of two bytes that a page shows, by font."""
    codes: dict[str, set[int]] = {}
    current = ""
    for instruction in pikepdf.parse_content_stream(page, "Tf " + " ".join(SHOWS)):
        if str(instruction.operator) == "Tf":
            current = str(instruction.operands[0])
        elif str(instruction.operator) in SHOWS:
            for told in _strings(list(instruction.operands)):
                codes.setdefault(current, set()).update(
                    int.from_bytes(told[at : at + 2]) for at in range(0, len(told), 2)
                )
    return codes


def kids(node: Object) -> list[Object]:
    """The elements right below an element; the marks of what is on the page are none."""
    inside = node.get(Name.K)
    several = list(inside) if isinstance(inside, Array) else [inside]
    return [one for one in several if isinstance(one, Dictionary) and Name.S in one]


def attribute(node: Object, name: Name) -> object:
    """An attribute of a cell as part of a table."""
    inside = node.get(Name.A, Array())
    for one in inside if isinstance(inside, Array) else [inside]:
        if one.get(Name.O) == Name.Table and name in one:
            value = one[name]
            return value if isinstance(value, Array | int) else str(value)
    return None


def named(cell: Object) -> set[str]:
    """The headings that a cell names."""
    return {str(one) for one in attribute(cell, Name.Headers) or ()}


def unicode_of(stream: Stream) -> set[int]:
    """The codes that a ToUnicode map knows a character of."""
    known: set[int] = set()
    for instruction in pikepdf.parse_content_stream(stream):
        operands = instruction.operands
        if str(instruction.operator) == "endbfchar":
            known |= {_code(one) for one in operands[::2]}
        elif str(instruction.operator) == "endbfrange":
            for first, last in zip(operands[::3], operands[1::3], strict=True):
                known |= set(range(_code(first), _code(last) + 1))
    return known


def _code(told: Object) -> int:
    return int.from_bytes(bytes(told))


def _strings(operands: list[Object]) -> Iterator[bytes]:
    for one in operands:
        if isinstance(one, Array):
            yield from _strings(list(one))
        elif isinstance(one, pikepdf.String):
            yield bytes(one)


def _mark(operands: list[Object]) -> int | None:
    """The number by which the structure knows a piece of a page."""
    if len(operands) > 1 and isinstance(operands[1], Dictionary) and Name.MCID in operands[1]:
        return int(operands[1].MCID)
    return None


def _holds(node: Object, number: int) -> bool:
    """Whether an element says that a piece of a page is its own."""
    inside = node.get(Name.K)
    several = list(inside) if isinstance(inside, Array) else [inside]
    return any(
        (isinstance(one, int) and one == number) or (isinstance(one, Dictionary) and one.get(Name.MCID) == number)
        for one in several
    )

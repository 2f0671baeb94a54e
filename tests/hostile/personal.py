"""What may not be there at all: columns with direct identifiers, and numbers that can be a BSN (spec 1.1)."""

from tests.hostile.seed import (
    BSN,
    XLSX,
    Seed,
    as_text,
    book,
    coded,
    edited,
    no,
    note_sheet,
    ok,
    on_first,
    records,
    repacked,
    sheet,
    with_cells,
    with_column,
)
from tests.records import name_of

_HEADINGS = (
    "BSN", "bsn", " b.s.n. ", "B_S_N", "BSN leerling", "bsn_kind", "leerlingBSN", "ВSN", "b\u200bsn", "ＢＳＮ",
    "Bsn-nummer",    "Burgerservicenummer", "BURGER SERVICE NUMMER", "burger-service-nummer", "PGN", "pgn nr",
    "Persoonsgebondennummer",
    "Persoonsgebonden nummer", "Onderwijsnummer", "onderwijs_nummer", "Naam", "NAAM", "naam leerling", "Achternaam",
    "achter-naam", "Voornaam", "voornamen", "Voor Namen", "Geboortedatum", "geboorte datum", "Geb. datum",
    "GEBOORTE-DATUM",    "Straat", "straatnaam", "Huisnummer", "huis_nr", "E-mail", "email ouder", "E mail", "Telefoon",
    "telefoonnummer moeder",    "tel.", "Mobiel",
)  # fmt: skip

COLUMNS: list[Seed] = [
    *(no(f"a column called {heading!r}", with_column(heading), "E010") for heading in _HEADINGS),
    no("a postcode with letters", with_column("Postcode", "1811 AB"), "E010"),
    no("a postcode with letters and no space", with_column("postcode kind", "1811ab"), "E010"),
    ok("a postcode of four digits", with_column("Postcode", "1811"), "S001"),
    no("a column of persons in a workbook", book(sheet(), on_first(lambda p: p.write(0, 11, "Achternaam"))), "E010"),
    no("a column of persons under titles", edited(lambda t: "Overzicht\r\n\r\n" + t.replace("\r\n", ";Naam\r\n", 1)
                                                  .replace("\r\n", ";x\r\n").replace("Naam;x", "Naam", 1)), "E010"),
    no("a raw export that was sent by mistake", "BSN;Achternaam;Geboortedatum\r\n111222333;x;2010-01-01\r\n", "E010",
       "E011", file_name="export.csv"),
]  # fmt: skip

_SPELLINGS = {
    "plain": BSN, "with dots": "1234.56.782", "in threes": "123.456.782", "with spaces": "123 456 782",
    "with dashes": "123-456-782", "with spaces around": f"  {BSN} ", "after a no-break space": f"\u00a0{BSN}",
    "as a fraction": f"{BSN}.0", "with a decimal comma": f"{BSN},0", "in a sentence": f"besproken met {BSN} op school",
    "after a word": f"bsn{BSN}", "in brackets": f"({BSN})", "in wide digits": "１２３４５６７８２",
    "with a zero-width space": "1234\u200b56782", "as a power of ten": "1,23456782E+08",
    "with a zero before": "012345672",
    "as a formula": f'="{BSN}"', "with an apostrophe": f"'{BSN}",
}  # fmt: skip

CELLS: list[Seed] = [
    *(no(f"a BSN {how} in a column nobody keeps", with_column("opmerking", cell), "E011", counts=coded(E011=1))
      for how, cell in _SPELLINGS.items()),
    *(no(f"a BSN in {name}", with_cells(**{name: BSN}), "E011", rows=coded(E011=(2,)))
      for name in ("tlv_nummer", "pseudoniem", "school", "categorie", "aanvraagdatum", "einddatum")),
    no("a BSN in every row", lambda: as_text([one | {"tlv_nummer": BSN} for one in records()]).encode(), "E011",
       counts=coded(E011=40)),
    no("a BSN as heading", with_column(BSN), "E011"),
    no("a BSN in a title", edited(lambda t: f"Export voor {BSN}\r\n" + t), "E011"),
    no("a BSN in a total", edited(lambda t: t + f"Totaal;{BSN}\r\n"), "E011"),
    no("a BSN in a row with a cell too few", edited(lambda t: t + f"x;{BSN}\r\n"), "E011"),
    no("a BSN in UTF-16", edited(lambda t: "\ufeff" + t.replace("A-20;", f"{BSN};"), "utf-16-le"), "E011"),
    no("a BSN beside a line break", with_column("opmerking", f"zie\r\n{BSN}"), "E011"),
    ok("nine digits that are no BSN", with_cells(tlv_nummer="123456789")),
    ok("ten digits", with_cells(tlv_nummer="1234567820")),
    ok("a BSN in the name of the file", lambda: as_text(records()).encode(),
       file_name=name_of("tlv").replace(".csv", f"_{BSN}.csv")),
]  # fmt: skip


def _beside(*rows: tuple[str, ...], first: tuple[int, int] = (0, 0), hidden: str = ""):
    """A worksheet beside the delivery, with rows of text."""

    def add(workbook) -> None:
        page = workbook.add_worksheet("bijlage")
        for number, row in enumerate(rows):
            page.write_row(first[0] + number, first[1], row)
        if hidden:
            getattr(page, hidden)()

    return add


def _hide_first(workbook) -> None:
    workbook.worksheets()[1].activate()
    workbook.worksheets()[1].set_first_sheet()
    workbook.worksheets()[0].very_hidden()


_PERSONS = (("Leerlingnr", "Achternaam", "Geb.datum leerling"), ("12", "x", "2010-01-01"))


def _injected(name: str, content: str):
    return repacked(book(sheet()), lambda _, part: part, {name: content.encode()})


BOOKS: list[Seed] = [
    no("a BSN in a text cell", book(sheet(tlv_nummer=BSN)), "E011", file_name=XLSX, rows=coded(E011=(2,))),
    no("a BSN in a number cell", book(sheet(), on_first(lambda p: p.write_number(1, 0, int(BSN)))), "E011"),
    no("a BSN on a second sheet", book(sheet(), note_sheet(BSN)), "E011"),
    no("a BSN as number on a second sheet", book(sheet(), note_sheet(int(BSN))), "E011"),
    no("a BSN on a hidden sheet", book(sheet(), note_sheet(BSN, hidden="hide")), "E011"),
    no("a BSN on a very hidden sheet", book(sheet(), note_sheet(int(BSN), hidden="very_hidden")), "E011"),
    no("persons on a second sheet", book(sheet(), _beside(*_PERSONS)), "E010", counts=coded(E010=2)),
    no("persons on a second sheet under titles", book(sheet(), _beside(*_PERSONS, first=(5, 3))), "E010"),
    no("persons on a hidden sheet", book(sheet(), _beside(*_PERSONS, hidden="hide")), "E010"),
    no("persons on a very hidden sheet before it", book(_beside(*_PERSONS), sheet(), _hide_first),
       "E010"),
    no("persons here and on a second sheet", book(sheet(), on_first(lambda p: p.write(0, 11, "Achternaam")),
       _beside(*_PERSONS)), "E010", counts=coded(E010=3)),
    ok("headings of persons and nobody below them", book(sheet(), _beside(_PERSONS[0]))),
    ok("schools and their names on a second sheet", book(sheet(), _beside(("BRIN", "Naam"), ("19ZQ00", "Dalton")))),
    ok("whom to call on a second sheet", book(sheet(), _beside(("Naam", "x"), ("Telefoon", "x"), ("E-mail", "x")))),
    ok("what may not be in it on a second sheet", book(sheet(), _beside(
       ("Let op", "Geen BSN, achternaam of geboortedatum"), ("x", "y")))),
    no("a BSN in a comment", book(sheet(), on_first(lambda p: p.write_comment(1, 1, f"BSN {BSN}"))), "E011"),
    no("a BSN in a text box", book(sheet(), on_first(lambda p: p.insert_textbox(3, 15, f"zie {BSN}"))), "E011"),
    no("a BSN in the header for print", book(sheet(), on_first(lambda p: p.set_header(f"&L {BSN}"))), "E011"),
    no("a BSN as the name of a sheet", book(sheet(), lambda b: b.add_worksheet(BSN)), "E011"),
    no("a BSN in the title of the workbook", book(sheet(), lambda b: b.set_properties({"title": BSN})), "E011"),
    no("a BSN in a threaded comment", _injected("xl/threadedComments/comment1.xml", f"<a><t>{BSN}</t></a>"),
       "E011"),
    no("a BSN behind a pivot table", _injected("xl/pivotCache/records1.xml", f'<r><s v="{BSN}"/></r>'), "E011"),
    no("a BSN in a cell outside the table", book(sheet(), on_first(lambda p: p.write(60, 30, BSN))), "E011"),
    no("a BSN in a hidden row", book(sheet(tlv_nummer=BSN), on_first(
       lambda p: p.set_row(1, None, None, {"hidden": 1}))), "E011"),
    no("a BSN as the outcome of a formula", book(sheet(), on_first(
       lambda p: p.write_formula(1, 11, "=A1", None, BSN))), "E011"),
]  # fmt: skip

SEEDS = [*COLUMNS, *CELLS, *BOOKS]

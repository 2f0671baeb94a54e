"""Delivery files to pandas frames, for the recount: a small tolerant reader of its own (spec 1.2, 1.3).

Written from the specification only. It shares with the pipeline the *data* of the field (code lists and headings in
``schemas``) and no line of reading code. It judges nothing: which rows were rejected is told to it.
"""

import csv
import io
import re
from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pandas as pd

from schemas import codelists, columns
from schemas.naming import fold

COLUMNS: dict[str, tuple[str, ...]] = {
    "inzet": ("medewerker", "functie", "school", "team", "begindatum", "einddatum", "fte", "aanbieder"),
    "trajecten": (
        *("traject_id", "pseudoniem", "school", "woongemeente", "leeftijdsklasse", "functie", "aanmelddatum"),
        *("eerste_contact", "begindatum", "einddatum", "vorm", "aard", "preventie", "aanmeldreden"),
        *("specialistische_hulp_in_beeld", "overbrugging", "aantal_gesprekken", "uitkomst"),
        *("beschikking_aangevraagd", "warme_overdracht", "doelen_gesteld", "doelen_behaald", "nut"),
        *("zonder_hulp_verder", "informant"),
    ),
    "activiteiten": (
        *("datum", "school", "team", "functie", "activiteit", "doelgroep", "preventie", "minuten"),
        *("aantal_deelnemers", "traject_id", "vraagcategorie"),
    ),
    "leerlingen": (
        *("pseudoniem", "school", "onderwijssoort", "leerjaar", "leeftijdsklasse", "woongemeente"),
        *("inschrijfdatum", "uitschrijfdatum", "uitstroom", "extra_ondersteuning"),
    ),
    "tlv": (
        *("tlv_nummer", "pseudoniem", "school", "categorie", "soort_onderwijs", "aanvraagdatum", "afgiftedatum"),
        *("ingangsdatum", "einddatum", "plaatsingsdatum", "terugstroomdatum"),
    ),
    "thuiszitters": ("pseudoniem", "school", "woongemeente", "soort", "begindatum", "einddatum", "teruggeleid"),
    "jeugdhulp": (
        *("pseudoniem", "geslacht", "leeftijdsklasse", "woongemeente", "verwijzer", "hulpvorm"),
        *("gestart_met_crisis", "aanvang", "einde", "reden_beeindiging", "nut", "zonder_hulp_verder", "informant"),
        "aanbieder",
    ),
    "wachttijden": ("pseudoniem", "woongemeente", "soort", "aanmelddatum", "intakedatum", "startdatum"),
    "verzuim": (*("melding_id", "pseudoniem", "school", "soort", "begindatum", "einddatum", "uren", "ongeoorloofd"),),
    "begeleiders": ("school", "peildatum", "aantal_organisaties", "aantal_begeleiders"),
    "leerplicht": ("pseudoniem", "woongemeente", "soort", "begindatum", "einddatum", "vrijstelling"),
    "inwoners": ("woongemeente", "leeftijdsklasse", "peildatum", "aantal"),
    "enquete": ("respondent", "rol", "school", "woongemeente", "samenwerking", "missie_bekend", "verbetering"),
    "opgave": ("school", "periode", "indicator", "uitsplitsing", "categorie", "teller", "noemer"),
}
DATES = frozenset(
    name
    for names in COLUMNS.values()
    for name in names
    if name.endswith("datum") or name in {"datum", "eerste_contact", "aanvang", "einde"}
)
FLAGS = frozenset(
    {"specialistische_hulp_in_beeld", "overbrugging", "beschikking_aangevraagd", "warme_overdracht"}
    | {"extra_ondersteuning", "teruggeleid", "ongeoorloofd", "vrijstelling", "missie_bekend"}
)
NUMBERS = frozenset(
    {"fte", "minuten", "aantal_deelnemers", "aantal_gesprekken", "doelen_gesteld", "doelen_behaald", "nut", "leerjaar"}
    | {"uren", "aantal_organisaties", "aantal_begeleiders", "aantal", "samenwerking"}
)
MASKED = frozenset({"teller", "noemer"})
"""Counts that may be masked: each comes with its bounds, ``_min`` and ``_max``."""
CODES = {
    "functie": codelists.FUNCTIE,
    "onderwijssoort": codelists.ONDERWIJSSOORT,
    "leeftijdsklasse": codelists.LEEFTIJDSKLASSE,
    "aanmeldreden": codelists.AANMELDREDEN,
    "vraagcategorie": codelists.AANMELDREDEN,
    "activiteit": codelists.ACTIVITEIT,
    "uitkomst": codelists.UITKOMST,
    "vorm": codelists.VORM,
    "aard": codelists.AARD,
    "preventie": codelists.PREVENTIE,
    "doelgroep": codelists.DOELGROEP,
    "zonder_hulp_verder": codelists.ZONDER_HULP_VERDER,
    "informant": codelists.INFORMANT,
    "uitstroom": codelists.UITSTROOM,
    "categorie": codelists.TLV_CATEGORIE,
    "soort_onderwijs": codelists.SOORT_ONDERWIJS,
    "geslacht": codelists.GESLACHT,
    "verwijzer": codelists.VERWIJZER,
    "hulpvorm": codelists.HULPVORM,
    "gestart_met_crisis": codelists.GESTART_MET_CRISIS,
    "reden_beeindiging": codelists.REDEN_BEEINDIGING,
    "rol": codelists.ROL,
    "verbetering": codelists.VERBETERING,
    "periode": codelists.PERIODE,
    "uitsplitsing": codelists.UITSPLITSING,
}
SOORT_CODES = {
    "thuiszitters": codelists.SOORT_THUISZITTER,
    "wachttijden": codelists.SOORT_WACHTTIJD,
    "verzuim": codelists.SOORT_VERZUIM,
    "leerplicht": codelists.SOORT_LEERPLICHT,
}
TRUE, FALSE = {"ja", "j", "1", "true", "01", "x"}, {"nee", "n", "0", "false", "02"}
MISSING = {"", "null", "-", "n.v.t.", "onbekend"}
TITLE_ROWS = 5

Cells = list[object]


def read_delivery(path: Path, soort: str, rejected: Collection[int]) -> pd.DataFrame:
    """The rows of a delivery that count, typed. ``rejected``: row numbers as Excel shows them.

    Every date column ``d`` comes with ``d_dag``: whether the day itself is known. Raises ValueError for a cell that
    cannot be read, since every such row should be among the rejected ones.
    """
    known = _headings(soort)
    rows = _workbook_rows(path, soort) if path.suffix.lower() == ".xlsx" else _csv_rows(path.read_bytes(), known)
    top = _header_row(rows, known)
    names = [known.get(fold(str(cell))) for cell in rows[top]]
    records = [
        {name: cells[at] if at < len(cells) else None for at, name in enumerate(names) if name}
        for number, cells in enumerate(rows[top + 1 :], start=top + 2)
        if number not in rejected and _is_record(cells)
    ]
    frame = pd.DataFrame(records, columns=list(COLUMNS[soort]), dtype=object)
    return _typed(frame, soort)


def no_rows(soort: str) -> pd.DataFrame:
    """The typed frame of a soort of which nothing was delivered."""
    return _typed(pd.DataFrame(columns=list(COLUMNS[soort]), dtype=object), soort)


def _headings(soort: str) -> dict[str, str]:
    """Folded heading to column name, with the aliases of the field; a column's own name wins."""
    defined = [value for value in vars(columns).values() if isinstance(value, columns.Column)]
    wanted = COLUMNS[soort]
    aliases = {fold(alias): column.name for column in defined if column.name in wanted for alias in column.aliases}
    return aliases | {fold(name): name for name in wanted}


def _csv_rows(data: bytes, known: Collection[str]) -> list[Cells]:
    text = _text(data)

    def parsed(delimiter: str) -> list[Cells]:
        return [list(row) for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)]

    return max((parsed(delimiter) for delimiter in ";,\t|"), key=lambda rows: _best_match(rows, known))


def _text(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252")


def _workbook_rows(path: Path, soort: str) -> list[Cells]:
    sheets = pd.read_excel(path, sheet_name=None, header=None, dtype=object, engine="calamine", na_filter=False)
    known = _headings(soort)
    lists = {name: frame.to_numpy(dtype=object).tolist() for name, frame in sheets.items()}
    named = [rows for name, rows in lists.items() if fold(str(name)) == fold(soort)]
    return named[0] if named else max(lists.values(), key=lambda rows: _best_match(rows, known))


def _matches(cells: Cells, known: Collection[str]) -> int:
    return sum(fold(str(cell)) in known for cell in cells)


def _best_match(rows: list[Cells], known: Collection[str]) -> int:
    return max((_matches(row, known) for row in rows[: TITLE_ROWS + 1]), default=0)


def _header_row(rows: list[Cells], known: Collection[str]) -> int:
    return max(range(min(len(rows), TITLE_ROWS + 1)), key=lambda at: _matches(rows[at], known))


def _is_record(cells: Cells) -> bool:
    """Neither an empty row nor a row of totals."""
    filled = [tidied for cell in cells if (tidied := _tidy(cell))]
    return bool(filled) and not fold(filled[0]).startswith("totaal")


def _tidy(cell: object) -> str:
    if cell is None or (isinstance(cell, float) and pd.isna(cell)) or cell is pd.NaT:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return " ".join(str(cell).replace("\u00a0", " ").replace("\u202f", " ").split())


def _typed(frame: pd.DataFrame, soort: str) -> pd.DataFrame:
    typed = dict(_typed_columns(frame, soort))
    return pd.DataFrame(typed, index=frame.index)


def _typed_columns(frame: pd.DataFrame, soort: str) -> Iterator[tuple[str, pd.Series]]:
    for name in frame.columns:
        cells = frame[name]
        if name in DATES:
            parsed = [read_date(cell) for cell in cells]
            yield name, pd.Series([day for day, _ in parsed], index=cells.index, dtype="datetime64[s]")
            yield f"{name}_dag", pd.Series([exact for _, exact in parsed], index=cells.index, dtype=bool)
        elif name in FLAGS:
            yield name, pd.Series([read_flag(cell) for cell in cells], index=cells.index, dtype="boolean")
        elif name in NUMBERS:
            yield name, pd.Series([read_number(cell) for cell in cells], index=cells.index, dtype="float64")
        elif name in MASKED:
            bounds = [read_masked(cell) for cell in cells]
            yield f"{name}_min", pd.Series([low for low, _ in bounds], index=cells.index, dtype="float64")
            yield f"{name}_max", pd.Series([high for _, high in bounds], index=cells.index, dtype="float64")
        else:
            codes = _codes(soort, name)
            texts = [read_code(cell, codes) if codes else read_text(cell, name) for cell in cells]
            yield name, pd.Series(texts, index=cells.index, dtype="str")


def _codes(soort: str, name: str) -> codelists.CodeList | None:
    if soort == "opgave" and name == "categorie":
        return None
    return SOORT_CODES.get(soort) if name == "soort" else CODES.get(name)


def read_masked(cell: object) -> tuple[float | None, float | None]:
    """Between what a count lies: ``<5`` is 1 to 4, ``.`` is anything."""
    text = _tidy(cell)
    if text == ".":
        return 0.0, None
    if found := re.fullmatch(r"<\s*(\d+)", text):
        return 1.0, float(found[1]) - 1
    number = read_number(cell)
    return number, number


def read_date(cell: object) -> tuple[date | None, bool]:
    """A date and whether its day is known; an unknown day or month is the first of the month or year."""
    if isinstance(cell, datetime):
        return cell.date(), True
    if isinstance(cell, date):
        return cell, True
    text = _tidy(cell)
    if text.casefold() in MISSING:
        return None, False
    text = text.removesuffix(" 00:00:00")
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        year, month, day = map(int, found.groups())
    elif found := re.fullmatch(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})", text):
        day, month, year = map(int, found.groups())
    elif found := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text):
        year, month, day = map(int, found.groups())
    elif re.fullmatch(r"\d{5}", text):
        return date(1899, 12, 30) + timedelta(days=int(text)), True
    else:
        raise ValueError("not a date")
    return date(year, month or 1, day or 1), day > 0


def read_flag(cell: object) -> bool | None:
    text = _tidy(cell).casefold()
    if text in TRUE or text in FALSE:
        return text in TRUE
    if text in MISSING:
        return None
    raise ValueError("not yes or no")


def read_number(cell: object) -> float | None:
    """A number: ``13,76``, ``1.611`` (a thousand and more), ``0.8``."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return float(cell)
    text = _tidy(cell).replace(" ", "")
    if text.casefold() in MISSING:
        return None
    if re.fullmatch(r"[1-9]\d{0,2}(\.\d{3})+(,\d+)?", text):
        text = text.replace(".", "")
    return float(text.replace(",", "."))


def read_code(cell: object, codes: codelists.CodeList) -> str | None:
    """The code for a code, label or alias; leading zeros that were lost come back."""
    text = _tidy(cell)
    if found := codes.spellings.get(fold(text)):
        return found
    if text.casefold() in MISSING:
        return None
    if (padded := text.zfill(2)) in codes.values:
        return padded
    raise ValueError("not in the code list")


def read_text(cell: object, name: str) -> str | None:
    text = _tidy(cell)
    if text.casefold() in MISSING:
        return None
    if name == "woongemeente":
        return "GM" + text.upper().removeprefix("GM").zfill(4)
    if name == "school":
        return text.upper().zfill(6)
    if name == "pseudoniem":
        return text.lower()
    return text

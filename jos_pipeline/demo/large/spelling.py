"""How the systems of many suppliers write the same rows: as ``demo.mess`` does, but a whole column at a time."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from zlib import crc32

import polars as pl


@dataclass(frozen=True)
class System:
    """How one system writes its export. ``sheet`` names the sheet of a workbook; None: it is CSV."""

    delimiter: str = ";"
    encoding: str = "utf-8"
    newline: str = "\r\n"
    heading: Callable[[str], str] = str
    days: str = "%Y-%m-%d"
    yes: str = "ja"
    no: str = "nee"
    sheet: str | None = None

    @property
    def ending(self) -> str:
        return "csv" if self.sheet is None else "xlsx"

    def write(self, rows: pl.DataFrame) -> bytes:
        """The file with these rows."""
        named = rows.rename({name: self.heading(name) for name in rows.columns})
        words = {True: self.yes, False: self.no}
        spelled = named.with_columns(pl.col(pl.Boolean).replace_strict(words, return_dtype=pl.String))
        return self._text(spelled) if self.sheet is None else _workbook(spelled, self.sheet)

    def _text(self, rows: pl.DataFrame) -> bytes:
        decimals = [pl.col(pl.Float64).cast(pl.String).str.replace(".", ",", literal=True)]
        days = [pl.col(pl.Date).dt.strftime(self.days)]
        text = rows.with_columns(*decimals, *days).write_csv(separator=self.delimiter, line_terminator=self.newline)
        return text.encode(self.encoding)


SYSTEMS = (
    System(),
    System(encoding="cp1252", heading=str.upper, days="%d-%m-%Y", yes="J", no="N"),
    System(delimiter="\t", encoding="utf-16", heading=str.title, days="%d-%m-%Y", yes="Ja", no="Nee"),
    System(delimiter=",", encoding="utf-8-sig", days="%Y%m%d", yes="1", no="0"),
    System(delimiter="|", newline="\n", heading=lambda name: name.replace("_", " "), yes="true", no="false"),
)
WORKBOOK = System(heading=str.capitalize, sheet="Export")
_ONE_IN = 20
"""One small supplier in so many sends workbooks."""


def system_of(supplier: str, *, small: bool) -> System:
    """The system of a supplier: always the same one. Workbooks are for small ones."""
    number = crc32(supplier.encode())
    return WORKBOOK if small and number % _ONE_IN == 0 else SYSTEMS[number % len(SYSTEMS)]


def _workbook(rows: pl.DataFrame, sheet: str) -> bytes:
    target = io.BytesIO()
    rows.write_excel(target, worksheet=sheet, autofilter=False)
    return target.getvalue()

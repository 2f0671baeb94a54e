"""The data dictionary: tables, columns, indicators, statuses and code lists, in words.

Everything in it comes from where it is defined. It is a page of the documentation (``docs/woordenboek.md``; ``make
docs`` writes it anew and a test says when that was forgotten), and pages of the report (``report.dictionary_pages``).
"""

import sys
from dataclasses import dataclass, replace

import sqlalchemy as sa

from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.entry import Breakdown, Indicator, Measure
from jos_pipeline.pages import ENVIRONMENT
from schemas.codelists import CodeList
from schemas.published import WORDS
from schemas.views import STATUS_SUFFIX, IndicatorName, publication_overview, views
from schemas.warehouse import dictionary_rows, metadata

WIDE = "indicator_breed"
PER_INDICATOR = (
    ("<indicator>", "decimaal getal", "De waarde van de indicator; leeg is nooit nul."),
    (f"<indicator>{STATUS_SUFFIX}", "tekst", "De `waarde_status` van die indicator."),
)
"""The columns that the wide view has for every indicator."""


@dataclass(frozen=True)
class TableTold:
    """A table or view with what each of its columns means."""

    name: str
    description: str
    columns: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class IndicatorTold:
    """An indicator with its formula in words."""

    entry: Indicator
    formula: tuple[str, ...]


def dictionary_page() -> str:
    """The page, in Markdown."""
    return ENVIRONMENT.get_template("woordenboek.md.j2").render(
        tables=tables_told(),
        views=views_told(),
        indicators=indicators_told(),
        words=WORDS.values(),
        splits=splits_told(),
        cell=_cell,
    )


def tables_told() -> list[TableTold]:
    """The tables of the warehouse."""
    return [_table(table) for table in metadata.tables.values()]


def indicators_told() -> list[IndicatorTold]:
    """The catalogue."""
    return [IndicatorTold(entry, tuple(_formula(entry))) for entry in INDICATORS.values()]


def _table(table: sa.Table, hidden: frozenset[str] = frozenset()) -> TableTold:
    name, *columns = dictionary_rows([table])
    shown = {row["kolom"]: (row["kolom"], row["type"], row["omschrijving"]) for row in columns}
    order = [column.name for column in table.columns if column.name not in hidden]
    return TableTold(table.name, name["omschrijving"], tuple(shown[column] for column in order))


def views_told() -> list[TableTold]:
    """The views; of the two columns per indicator of ``indicator_breed`` the page tells the rule."""
    names = {entry.id: IndicatorName(entry.id, entry.naam, entry.eenheid) for entry in INDICATORS.values()}
    hidden = frozenset(name + suffix for name in names for suffix in ("", STATUS_SUFFIX))
    told = [_table(view.table, hidden) for view in (*views(names), publication_overview())]
    return [replace(one, columns=(*one.columns, *PER_INDICATOR)) if one.name == WIDE else one for one in told]


def _formula(entry: Indicator) -> list[str]:
    lines = [f"{'waarde' if entry.from_observations else 'teller'}: {_counted(entry.teller)}"]
    if entry.noemer is not None:
        lines.append(f"noemer: {_counted(entry.noemer)}")
    return lines


def _counted(measure: Measure) -> str:
    key = f" (`{measure.key}`)" if measure.key else ""
    return f"`{measure.id}`, {measure.kind}{key} in tabel `{measure.table}`"


def splits_told() -> list[tuple[str, CodeList, tuple[str, ...]]]:
    """Every breakdown with its codes and the indicators that have it."""
    found: dict[tuple[str, str], tuple[Breakdown, list[str]]] = {}
    for entry in INDICATORS.values():
        for split in entry.uitsplitsingen:
            found.setdefault((split.id, split.codes.name), (split, []))[1].append(entry.id)
    return [(split.id, split.codes, tuple(names)) for (split, names) in found.values()]


def _cell(text: str) -> str:
    """Text that stays in one cell of a Markdown table."""
    return text.replace("|", "\\|").replace("\n", " ")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.write(dictionary_page())

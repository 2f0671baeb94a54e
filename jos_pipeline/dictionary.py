"""The data dictionary as a page (``docs/woordenboek.md``): tables, columns, indicators, statuses and code lists.

Everything on it comes from where it is defined; ``make docs`` writes it anew and a test says when that was forgotten.
"""

import sys
from dataclasses import dataclass

import sqlalchemy as sa

from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.entry import Breakdown, Indicator, Measure
from jos_pipeline.pages import ENVIRONMENT
from schemas.codelists import CodeList
from schemas.published import WORDS
from schemas.views import STATUS_SUFFIX, IndicatorName, views
from schemas.warehouse import dictionary_rows, metadata


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
        tables=[_table(table) for table in metadata.tables.values()],
        views=_views(),
        indicators=[IndicatorTold(entry, tuple(_formula(entry))) for entry in INDICATORS.values()],
        words=WORDS.values(),
        splits=_splits(),
        cell=_cell,
    )


def _table(table: sa.Table, hidden: frozenset[str] = frozenset()) -> TableTold:
    name, *columns = dictionary_rows([table])
    shown = {row["kolom"]: (row["kolom"], row["type"], row["omschrijving"]) for row in columns}
    order = [column.name for column in table.columns if column.name not in hidden]
    return TableTold(table.name, name["omschrijving"], tuple(shown[column] for column in order))


def _views() -> list[TableTold]:
    """The views; of the two columns per indicator of ``indicator_breed`` the page tells the rule."""
    names = {entry.id: IndicatorName(entry.id, entry.naam, entry.eenheid) for entry in INDICATORS.values()}
    hidden = frozenset(name + suffix for name in names for suffix in ("", STATUS_SUFFIX))
    return [_table(view.table, hidden) for view in views(names)]


def _formula(entry: Indicator) -> list[str]:
    lines = [f"{'waarde' if entry.from_observations else 'teller'}: {_counted(entry.teller)}"]
    if entry.noemer is not None:
        lines.append(f"noemer: {_counted(entry.noemer)}")
    return lines


def _counted(measure: Measure) -> str:
    key = f" (`{measure.key}`)" if measure.key else ""
    return f"`{measure.id}`, {measure.kind}{key} in tabel `{measure.table}`"


def _splits() -> list[tuple[str, CodeList, tuple[str, ...]]]:
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

"""What a mapping does to a raw export: headings, values and constants become those of a delivery.

Nothing is dropped or replaced by a pseudonym here: afterwards the table is read as any export is.
"""

from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from jos_pipeline.intake.reading import RawTable
from jos_pipeline.intake.rows import Hit, Rule
from jos_pipeline.intake.table import column_names
from jos_pipeline.mapping.reading import LEAVE_OUT, NO_VALUE, Mapping, value_key
from jos_pipeline.mapping.targets import is_personal, target_of, ways_of
from jos_pipeline.raw_export import layout_of
from schemas.contract import Contract
from schemas.naming import fold

_PERSONAL = "naam"
"""A heading that no delivery has: what is of a person and left out stays known as such."""


def applied(mapping: Mapping, table: RawTable, contract: Contract) -> tuple[RawTable, list[Hit]]:
    """The export as the mapping reads it, and in which rows a value was translated."""
    constants = {target_of(name, contract) or name: text for name, text in mapping.constants.items()}
    headings = (*_renamed(mapping, table.headings, contract), *constants)
    added = [pl.repeat(text, table.cells.height, dtype=pl.String, eager=True) for text in constants.values()]
    columns = [*table.cells.get_columns(), *added]
    hits: list[Hit] = []
    places = layout_of(headings, contract).columns
    for name, part in mapping.values.items():
        target = target_of(name, contract)
        if target is not None and target in places:
            columns[places[target]], changed = _translated(columns[places[target]], part)
            hits += [Hit(Rule("JOS-S035", target), changed)] if changed.any() else []
    names = column_names(len(columns))
    cells = pl.DataFrame([column.alias(name) for column, name in zip(columns, names, strict=True)])
    return replace(table, headings=headings, cells=cells), hits


def _renamed(mapping: Mapping, headings: Sequence[str], contract: Contract) -> list[str]:
    """The headings a delivery knows. A column that would be a second source of what the mapping fills is left out."""
    said = {fold(heading): target_of(word, contract) or LEAVE_OUT for heading, word in mapping.columns.items()}
    filled = {said[heading] for heading in map(fold, headings) if heading in said}
    filled |= {target_of(name, contract) or LEAVE_OUT for name in mapping.constants}
    own = {fold(way): way for way in ways_of(contract)}
    renamed = []
    for heading in headings:
        meaning = contract.headings.get(fold(heading)) or own.get(fold(heading))
        again = meaning is not None and meaning in filled
        new = said.get(fold(heading)) or (LEAVE_OUT if again else heading)
        renamed.append(_PERSONAL if new == LEAVE_OUT and is_personal(heading) else new)
    return renamed


def _translated(cells: pl.Series, part: dict[str, str]) -> tuple[pl.Series, pl.Series]:
    """The cells with codes for the values that the mapping knows, and which cells that made another of."""
    codes = {value_key(value): None if code == NO_VALUE else code for value, code in part.items()}
    distinct = cells.drop_nulls().unique().to_list()
    known = [cell for cell in distinct if value_key(cell) in codes]
    other = [cell for cell in known if fold(cell) != fold(codes[value_key(cell)] or "")]
    changed = cells.is_in(other).fill_null(value=False)
    new = cells.replace_strict(known, [codes[value_key(cell)] for cell in known], default=cells, return_dtype=pl.String)
    return new, changed

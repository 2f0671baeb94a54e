"""Where the table of a delivery stands in the supplier's file, as Excel counts.

Positions only: no heading and no cell of the supplier is kept here. What is found there is ``verdict``'s.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from jos_pipeline.intake.personal import personal_headings
from jos_pipeline.intake.recognition import positions_of
from jos_pipeline.intake.table import RawTable
from jos_pipeline.intake.wording import excel_letter
from schemas.contract import Contract


@dataclass(frozen=True)
class Whereabouts:
    """The places of the columns in the file; 0 is column A. Rows count from 1, as Excel shows them.

    ``sheet`` is the place of the worksheet in the workbook, None for a CSV. ``columns`` has every place of each
    column of the contract; ``unknown`` belong to no contract, ``personal`` may not be there at all.
    """

    sheet: int | None
    header_row: int
    first: int = 0
    columns: dict[str, tuple[int, ...]] = field(default_factory=dict, hash=False)
    unknown: tuple[int, ...] = ()
    personal: tuple[int, ...] = ()

    def letters(self, names: Iterable[str]) -> tuple[str, ...]:
        """The letters of columns of the contract, in the order of the file; a column that is not there has none."""
        return tuple(excel_letter(place) for place in self.places(names))

    def places(self, names: Iterable[str]) -> tuple[int, ...]:
        return tuple(sorted({place for name in names for place in self.columns.get(name, ())}))


def whereabouts_of(table: RawTable, contract: Contract | None) -> Whereabouts:
    """Where the columns of a table stand; without a contract only what may not be there is told."""
    personal = tuple(table.places[hit.position] for hit in personal_headings(table.headings, table.cells))
    there = positions_of(table.headings, contract) if contract else {}
    known = {position for places in there.values() for position in places}
    unknown = [table.places[place] for place in range(len(table.headings)) if contract and place not in known]
    return Whereabouts(
        sheet=table.sheet,
        header_row=table.header_row,
        first=min(table.places, default=0),
        columns={name: tuple(table.places[place] for place in places) for name, places in there.items()},
        unknown=tuple(unknown),
        personal=personal,
    )

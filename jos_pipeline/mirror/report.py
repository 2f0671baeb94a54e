"""The spiegelrapport of one delivery as data: what was read, beside what it replaces. How it looks is ``page``."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from jos_pipeline.intake.verdict import Verdict
from jos_pipeline.mirror.difference import Difference, difference
from jos_pipeline.mirror.reach import Reach, reach
from jos_pipeline.mirror.tallies import (
    Change,
    Counted,
    Filled,
    Tally,
    Total,
    counted,
    filled,
    pupils,
    rows,
    tallies,
    totals,
)
from jos_pipeline.pseudonym import LEERLING_ID, PSEUDONYM
from jos_pipeline.region import Region
from schemas.contract import Contract
from schemas.contracts import CONTRACTS


@dataclass(frozen=True)
class Delivered:
    """The accepted rows of a delivery and what it is. With ``pseudoniem``, or with ``leerling_id`` as in the lake."""

    soort: str
    schooljaar: str
    peildatum: date
    leverancier: str | None
    file_name: str
    sha256: str
    rows: pl.DataFrame
    rejected: int = 0

    @classmethod
    def of(cls, verdict: Verdict) -> "Delivered | None":
        """The accepted rows of a verdict; None when the file was refused."""
        if not (verdict.soort and verdict.schooljaar and verdict.peildatum) or verdict.accepted is None:
            return None
        return cls(
            soort=verdict.soort,
            schooljaar=verdict.schooljaar,
            peildatum=verdict.peildatum,
            leverancier=verdict.leverancier,
            file_name=verdict.file_name,
            sha256=verdict.sha256,
            rows=verdict.accepted,
            rejected=verdict.rijen_afgekeurd,
        )

    def takes_the_place_of(self, earlier: "Delivered") -> bool:
        """Whether an earlier one is of the same soort, school year and (when both are known) supplier."""
        same = (self.soort, self.schooljaar) == (earlier.soort, earlier.schooljaar)
        return same and (None in (self.leverancier, earlier.leverancier) or self.leverancier == earlier.leverancier)


@dataclass(frozen=True)
class Mirror:
    """The spiegelrapport of one delivery; what is compared is None when there was no delivery before."""

    delivered: Delivered
    replaced: Delivered | None
    title: str
    supplier: str | None
    """What people call the supplier; None when it is unknown."""
    rows: Change
    pupils: Change | None
    """Different pupils; None for a soort without pupils."""
    tallies: tuple[Tally, ...]
    totals: tuple[Total, ...]
    filled: tuple[Filled, ...]
    difference: Difference | None
    reach: tuple[Reach, ...]


def mirror_of(delivered: Delivered, region: Region, replaced: Delivered | None = None) -> Mirror:
    """The spiegelrapport of a delivery. Raises ValueError when ``replaced`` is not what it takes the place of."""
    if replaced is not None and not delivered.takes_the_place_of(replaced):
        raise ValueError("the earlier delivery is of another supplier, soort or school year")
    contract, before = CONTRACTS[delivered.soort], None if replaced is None else replaced.rows
    now = counted(_complete(delivered.rows, contract), contract, delivered.schooljaar)
    earlier = None if before is None else counted(_complete(before, contract), contract, delivered.schooljaar)
    found = Counted(now, earlier)
    supplier = region.suppliers.get(delivered.leverancier or "")
    return Mirror(
        delivered=delivered,
        replaced=replaced,
        title=contract.title,
        supplier=region.name_of(delivered.leverancier),
        rows=rows(found),
        pupils=pupils(contract, found),
        tallies=tuple(tallies(contract, found, region, delivered.schooljaar, delivered.peildatum)),
        totals=tuple(totals(contract, found)),
        filled=tuple(filled(contract, found)),
        difference=None if before is None else difference(delivered.rows, before, contract),
        reach=reach(delivered.rows, contract, region, supplier, delivered.peildatum),
    )


def _complete(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """The frame with every column of the contract: a delivery of an older contract may lack some."""
    if LEERLING_ID in frame.columns:
        frame = frame.rename({LEERLING_ID: PSEUDONYM})
    dtypes = {field.name: field.dtype for field in contract.fields} | contract.companions
    missing = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in dtypes.items() if name not in frame.columns]
    return frame.with_columns(missing) if missing else frame

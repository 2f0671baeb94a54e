"""The gate alone: two thousand small files, and large ones (`make bench`; JOS_BENCH_RECORDS=10000000 for all of it).

Two yardsticks on the same bytes: reading every cell as text and no more, and reading with a hand-written check in
polars of types, code lists and keys: what a careful analyst would do in an afternoon, without a word of feedback.
"""

import io
import os
from collections.abc import Callable
from dataclasses import dataclass

import polars as pl

from benchmarks.measure import once, peak_megabytes, report
from jos_pipeline.intake.gate import judge
from schemas.columns import Kind
from schemas.contracts import CONTRACTS
from tests.records import PEILDATUM, name_of, region, supplier_of, valid_records

RECORDS = int(os.environ.get("JOS_BENCH_RECORDS", "1000000"))
LARGEST = 500_000
"""Records in one large file."""
SMALL_FILES, SMALL = 2_000, 40
SOORTEN = ("leerlingen", "trajecten", "activiteiten", "jeugdhulp")


@dataclass(frozen=True)
class Delivery:
    """A file of valid records of one soort."""

    soort: str
    data: bytes


def delivery(soort: str, records: int) -> Delivery:
    """Valid records, each with numbers and pseudonym of its own."""
    base = pl.DataFrame(valid_records(soort, SMALL))
    rows = pl.concat([base] * (records // SMALL + 1)).head(records).with_row_index("n")
    number = pl.col("n").cast(pl.String)
    own = {
        field.name: number.str.zfill(64) if field.column.kind is Kind.PSEUDONYM else pl.format("A-{}", number)
        for field in CONTRACTS[soort].fields
        if field.column.kind is Kind.PSEUDONYM or field.name in ("traject_id", "melding_id")
    }
    return Delivery(soort, rows.with_columns(**own).drop("n").write_csv(separator=";").encode())


def read(one: Delivery) -> pl.DataFrame:
    return pl.read_csv(io.BytesIO(one.data), separator=";", infer_schema=False)


def check_by_hand(one: Delivery) -> int:
    """Types, code lists, bounds and the key; gives the number of good rows."""
    contract, rows = CONTRACTS[one.soort], read(one).lazy()
    good = []
    for field in contract.fields:
        cell, column = pl.col(field.name), field.column
        if column.kind is Kind.DATE:
            good.append(cell.str.to_date("%Y-%m-%d", strict=False).is_not_null() | cell.is_null())
        elif column.codes is not None:
            good.append(cell.is_in(list(column.codes.values)) | cell.is_null())
        elif column.kind is Kind.INTEGER:
            good.append(cell.cast(pl.Int64, strict=False).is_between(column.minimum, column.maximum) | cell.is_null())
        elif column.kind is Kind.BOOLEAN:
            good.append(cell.is_in(["ja", "nee"]) | cell.is_null())
        if not field.may_be_empty:
            good.append(cell.is_not_null())
    if contract.key:
        good.append(pl.struct(contract.key).is_unique())
    return rows.filter(pl.all_horizontal(good)).select(pl.len()).collect().item()


def take(one: Delivery) -> None:
    verdict = judge(one.data, name_of(one.soort), PEILDATUM, region(), supplier_of(one.soort))
    assert verdict.oordeel == "geaccepteerd", verdict.findings


def each(files: list[Delivery], work: Callable[[Delivery], object]) -> Callable[[], None]:
    def run() -> None:
        for one in files:
            work(one)

    return run


STAGES: dict[str, Callable[[Delivery], object]] = {
    "bare reading (yardstick)": read,
    "reading and a check by hand": check_by_hand,
    "gate": take,
}


def small_files() -> None:
    files = [delivery(SOORTEN[number % len(SOORTEN)], SMALL) for number in range(SMALL_FILES)]
    stages = {name: once(each(files, work)) for name, work in STAGES.items()}
    title = (
        f"{SMALL_FILES:,} files of {SMALL} records: {1000 * stages['gate'] / SMALL_FILES:.1f} ms per file in the gate"
    )
    report(title, stages, SMALL_FILES * SMALL)


def large_files() -> None:
    """One file at a time, as in an intake: memory is that of the largest file."""
    sizes = [LARGEST] * (RECORDS // LARGEST) + ([RECORDS % LARGEST] if RECORDS % LARGEST else [])
    stages = dict.fromkeys(STAGES, 0.0)
    for number, size in enumerate(sizes):
        one = delivery(SOORTEN[number % len(SOORTEN)], size)
        for name, work in STAGES.items():
            stages[name] += once(each([one], work))
    title = f"{RECORDS:,} records in {len(sizes)} files; peak memory {peak_megabytes():,} MB"
    report(title, stages, RECORDS)


if __name__ == "__main__":
    large_files()
    small_files()

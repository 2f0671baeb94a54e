"""The yardsticks of ``country``: the files of one school year of a large demo taken in and counted by hand.

What somebody would write who knows beforehand how every supplier writes (which system, which headings), gives no
feedback, keeps no ledger and lets nothing be corrected: read the last file of each, throw away what is wrong by the
types, code lists and bounds of the contract, hash, count. Once in polars, with the counts of ``national_yardsticks``;
and once in pandas as it is built everywhere, row by row hash and ``to_sql``, with one count per soort.
"""

import hmac
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import polars as pl
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from benchmarks import national_yardsticks
from benchmarks.national_data import LAYER, YEAR
from jos_pipeline.demo.large import REGION
from jos_pipeline.demo.large.spelling import System, system_of
from jos_pipeline.region import load_region
from schemas.columns import Kind
from schemas.contract import DTYPES, Contract
from schemas.contracts import CONTRACTS

KEY = bytes(range(32))


@dataclass(frozen=True)
class Source:
    """The delivery of a supplier that counts."""

    supplier: str
    soort: str
    path: Path
    system: System


def sources(directory: Path) -> list[Source]:
    """Of every supplier and soort of the school year the last file that is no pdf."""
    kinds = {one.id: str(one.soort) for one in load_region(str(directory / REGION)).leveranciers}
    found: dict[tuple[str, str], Source] = {}
    for path in sorted(directory.glob(f"inbox/*/*_{YEAR}_*"), key=lambda path: path.stat().st_mtime):
        supplier, soort = path.parent.name, path.name.partition("_")[0]
        if not path.read_bytes()[:4].startswith(b"%PDF"):
            small = kinds[supplier] in ("gemeente", "samenwerkingsverband")
            found[supplier, soort] = Source(supplier, soort, path, system_of(supplier, small=small))
    return list(found.values())


def by_polars(directory: Path) -> int:
    """Gives the number of groups that were counted."""
    home, region = directory / "by-hand", load_region(str(directory / REGION))
    frames: dict[str, list[pl.DataFrame]] = {}
    for source in sources(directory):
        rows = _checked(_read(source), CONTRACTS[source.soort], source.system)
        frames.setdefault(source.soort, []).append(rows.with_columns(leverancier=pl.lit(source.supplier)))
    for soort in list(frames):
        target = home / LAYER / soort / f"{YEAR}.parquet"
        target.parent.mkdir(parents=True, exist_ok=True)
        _hashed(pl.concat(frames.pop(soort), how="diagonal")).write_parquet(target)
    return national_yardsticks.by_polars(home, region)


def _read(source: Source) -> pl.DataFrame:
    if source.system.sheet is not None:
        heading, *lines = CalamineWorkbook.from_path(source.path).get_sheet_by_index(0).to_python()
        cells = [[_as_text(cell) for cell in line] for line in lines]
        rows = pl.DataFrame(cells, schema=dict.fromkeys(map(str, heading), pl.String), orient="row")
    else:
        text = source.path.read_bytes().decode(source.system.encoding).encode()
        rows = pl.read_csv(text, separator=source.system.delimiter, infer_schema=False)
    return rows.rename({name: name.casefold().replace(" ", "_") for name in rows.columns})


def _as_text(cell: object) -> str | None:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell) if cell != "" else None


def _checked(rows: pl.DataFrame, contract: Contract, system: System) -> pl.DataFrame:
    """Typed, without the rows that are wrong."""
    fields = [field for field in contract.fields if field.name in rows.columns]
    typed = rows.lazy().with_columns(_typed(field.name, field.column.kind, system) for field in fields)
    good = []
    for field in fields:
        cell, column = pl.col(field.name), field.column
        if column.codes is not None:
            good.append(cell.is_in(list(column.codes.values)) | cell.is_null())
        if column.maximum is not None:
            good.append(cell.is_between(column.minimum or 0, column.maximum) | cell.is_null())
        if column.kind is Kind.PSEUDONYM:
            good.append(cell.str.len_chars() == 64)
        if not field.may_be_empty:
            good.append(cell.is_not_null())
    kept = typed.filter(pl.all_horizontal(good))
    key = [name for name in contract.key if name in rows.columns]
    return (kept.unique(key, keep="first", maintain_order=True) if key else kept).collect()


def _typed(name: str, kind: Kind, system: System) -> pl.Expr:
    cell = pl.col(name)
    if kind is Kind.DATE:
        return cell.str.slice(0, 10).str.to_date(system.days, strict=False)
    if kind is Kind.BOOLEAN:
        return cell == system.yes
    if kind is Kind.DECIMAL:
        return cell.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    return cell.cast(DTYPES[kind], strict=False)


def _hashed(rows: pl.DataFrame) -> pl.DataFrame:
    if "pseudoniem" not in rows.columns:
        return rows
    known = rows["pseudoniem"].drop_nulls().unique()
    ids = pl.Series([hmac.digest(KEY, one.encode(), "sha256").hex() for one in known], dtype=pl.String)
    return rows.with_columns(leerling_id=pl.col("pseudoniem").replace_strict(known, ids, default=None)).drop(
        "pseudoniem"
    )


def by_pandas(directory: Path) -> int:
    """Gives the number of groups that were counted."""
    engine = sa.create_engine(f"sqlite:///{directory / 'by-pandas.db'}")
    frames: dict[str, list[pd.DataFrame]] = {}
    for source in sources(directory):
        rows = _checked_in_pandas(_read_in_pandas(source), CONTRACTS[source.soort], source.system)
        frames.setdefault(source.soort, []).append(rows.assign(leverancier=source.supplier))
    groups = 0
    for soort, parts in frames.items():
        rows = pd.concat(parts, ignore_index=True)
        if "pseudoniem" in rows:
            rows["leerling_id"] = rows.pop("pseudoniem").map(_hash_of)
        rows.to_sql(soort, engine, index=False, if_exists="replace", chunksize=5_000)
        groups += sum(len(counted) for counted in _counts(rows))
    return groups


def _hash_of(pseudonym: object) -> str | None:
    return hmac.new(KEY, pseudonym.encode(), "sha256").hexdigest() if isinstance(pseudonym, str) else None


def _read_in_pandas(source: Source) -> pd.DataFrame:
    if source.system.sheet is not None:
        rows = pd.read_excel(source.path, dtype=str, engine="calamine")
    else:
        text = source.path.read_bytes().decode(source.system.encoding)
        rows = pd.read_csv(io.StringIO(text), sep=source.system.delimiter, dtype=str)
    return rows.rename(columns=lambda name: name.casefold().replace(" ", "_"))


def _checked_in_pandas(rows: pd.DataFrame, contract: Contract, system: System) -> pd.DataFrame:
    good = pd.Series(True, index=rows.index)
    for field in contract.fields:
        if field.name not in rows:
            continue
        column, cells = field.column, rows[field.name]
        if column.kind is Kind.DATE:
            rows[field.name] = pd.to_datetime(cells.str[:10], format=system.days, errors="coerce")
        elif column.kind is Kind.BOOLEAN:
            rows[field.name] = cells == system.yes
        elif column.kind in (Kind.INTEGER, Kind.DECIMAL):
            rows[field.name] = pd.to_numeric(cells.str.replace(",", "."), errors="coerce")
        if column.codes is not None:
            good &= rows[field.name].isin(column.codes.values) | cells.isna()
        if column.maximum is not None:
            good &= rows[field.name].between(column.minimum or 0, column.maximum) | cells.isna()
        if column.kind is Kind.PSEUDONYM:
            good &= cells.str.len() == 64
        if not field.may_be_empty:
            good &= rows[field.name].notna()
    key = [name for name in contract.key if name in rows]
    return rows[good].drop_duplicates(key) if key else rows[good]


def _counts(rows: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Rows and pupils per place and month of the first date."""
    day = next((name for name, kind in rows.dtypes.items() if str(kind).startswith("datetime")), None)
    for place in ("school", "woongemeente"):
        if place in rows and day is not None:
            by = rows.groupby([place, rows[day].dt.to_period("M")])
            yield by.agg(
                rijen=(day, "size"), **({"leerlingen": ("leerling_id", "nunique")} if "leerling_id" in rows else {})
            )

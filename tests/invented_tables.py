"""Invented tables of counts at the size of a region or a country, for tests and benchmarks of disclosure control.

Schools lie in a gemeente and in a samenwerkingsverband that may cross it; every area and school has a total, its ages
and its kinds of help. Sizes and rates are made up.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from jos_pipeline.cells import CellTable
from jos_pipeline.sensitivity import cell_table, sums

AGES = ("4-7", "8-11", "12-15", "16+")
HELP = ("spel", "gesprek", "groep", "gezin", "overig")
TOTAL = "totaal"


@dataclass(frozen=True)
class Size:
    """How many of everything."""

    verbanden: int
    gemeenten: int
    schools: int


REGION_40 = Size(2, 9, 40)
REGION_216 = Size(6, 24, 216)
NATIONAL = Size(75, 340, 1500)
LEVEL = {"school": 3.0, "gemeente": 5.0, "swv": 6.0, "regio": 9.0}


def invented(size: Size, seed: int, k: int) -> CellTable:
    """One table; the same for the same seed."""
    random = np.random.default_rng(seed)
    names = [f"school {number:04}" for number in range(size.schools)]
    gemeente = np.sort(random.integers(0, size.gemeenten, size.schools))
    swv = np.where(
        random.random(size.schools) < 0.9,
        gemeente * size.verbanden // size.gemeenten,
        random.integers(0, size.verbanden, size.schools),
    )
    in_gemeente = dict(zip(names, (f"gemeente {one:03}" for one in gemeente), strict=True))
    in_swv = dict(zip(names, (f"swv {one:02}" for one in swv), strict=True))
    pupils = np.maximum(12, np.rint(random.lognormal(6.0, 0.9, size.schools))).astype(int)
    schools = _schools(random, names, pupils)
    wholes = [(in_gemeente, "gemeente"), (in_swv, "swv"), (dict.fromkeys(names, "regio"), "regio")]
    areas = [_rolled_up(schools, whole, kind) for whole, kind in wholes]
    cells = pl.concat([schools, *areas]).with_columns(
        (pl.col("level").replace_strict(LEVEL, return_dtype=pl.Float64) * (2 + pl.col("count")).log()).alias("weight"),
    )
    parts = dict.fromkeys((*AGES,), TOTAL), dict.fromkeys((*HELP,), TOTAL)
    of_region = [dict.fromkeys(set(one.values()), "regio") for one in (in_gemeente, in_swv)]
    frame = cells.drop("level")
    relations = [relation for part in parts for relation in sums(frame, "part", part)]
    relations += [relation for area in (in_gemeente, in_swv, *of_region) for relation in sums(frame, "area", area)]
    return cell_table(frame, relations, k)


def _schools(random: np.random.Generator, names: list[str], pupils: np.ndarray) -> pl.DataFrame:
    rows = []
    for name, size in zip(names, pupils, strict=True):
        of_age = random.multinomial(size, random.dirichlet((4, 4, 2, 1)))
        rate = random.beta(2.0, 6.0)
        counts = random.binomial(of_age, rate)
        total = int(counts.sum())
        helped = random.multinomial(total, random.dirichlet((3, 4, 2, 2, 1)))
        rows += [(name, TOTAL, total, size), *zip([name] * len(AGES), AGES, counts, of_age, strict=True)]
        rows += [(name, kind, count, size) for kind, count in zip(HELP, helped, strict=True)]
    frame = pl.DataFrame(
        [(area, part, float(count), float(upper)) for area, part, count, upper in rows],
        schema={"area": pl.String, "part": pl.String, "count": pl.Float64, "upper": pl.Float64},
        orient="row",
    )
    return frame.with_columns(pl.col("area").alias("owner"), pl.lit("school").alias("level"))


def _rolled_up(schools: pl.DataFrame, whole: dict[str, str], kind: str) -> pl.DataFrame:
    rolled = (
        schools.with_columns(pl.col("area").replace_strict(whole))
        .group_by("area", "part")
        .agg(pl.col("count", "upper").sum())
    )
    return rolled.sort("area", "part").with_columns(
        pl.lit(None, dtype=pl.String).alias("owner"), pl.lit(kind).alias("level")
    )

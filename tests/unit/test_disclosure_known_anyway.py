"""What is known anyway is an interval: a publication that narrows it further tells something, and must not go out."""

import polars as pl
from disclosure_rows import K, cube, row

from jos_pipeline.audited import audited
from jos_pipeline.counted import kept_counts, out
from jos_pipeline.disclosure import protect
from jos_pipeline.earlier import HIDDEN

COUNTS = {"g1": (3, 4), "g2": (40, 60)}
AREAS = pl.DataFrame(
    [
        ("regio", "r", None, None, False),
        ("samenwerkingsverband", "v", None, "v", False),
        *(("gemeente", g, g, "v", False) for g in COUNTS),
        *(("school", f"{g}s{n}", g, "v", False) for g, counts in COUNTS.items() for n in range(len(counts))),
    ],
    schema={**dict.fromkeys(("niveau", "gebied", "gemeente", "samenwerkingsverband"), pl.String), "buiten": pl.Boolean},
    orient="row",
).with_columns(periode=pl.lit("schooljaar"))


def figures() -> pl.DataFrame:
    def of(niveau: str, gebied: str, n: int) -> dict[str, object]:
        return row(niveau=niveau, gebied=gebied, teller=n, waarde=n, teller_personen=n)

    total = sum(sum(counts) for counts in COUNTS.values())
    schools = [of("school", f"{g}s{n}", count) for g, counts in COUNTS.items() for n, count in enumerate(counts)]
    gemeenten = [of("gemeente", g, sum(counts)) for g, counts in COUNTS.items()]
    return cube(of("regio", "r", total), of("samenwerkingsverband", "v", total), *gemeenten, *schools)


def showing(rows: pl.DataFrame, of: pl.DataFrame, gebied: str) -> pl.DataFrame:
    """The rows with one count shown after all."""
    here = pl.col("gebied") == gebied
    return rows.with_columns(
        *(pl.when(here).then(of[name]).otherwise(name).alias(name) for name in ("waarde", "teller")),
        waarde_status=pl.when(here).then(pl.lit("ok")).otherwise("waarde_status"),
    )


def test_a_count_of_which_it_is_known_that_it_is_small_is_not_told_exactly():
    """An earlier publication showed by accident that g1 has 7: so each of its schools has 7 at most, and no more is
    known. To show one of the two now tells the other exactly."""
    of = figures()
    safe = protect(of, AREAS, K)
    accident = showing(safe, of, "g1")
    before = out([kept_counts(of, accident, AREAS)], K, AREAS)
    kept = audited(of, safe, AREAS, K, out=before)
    assert (kept.told, kept.more_hidden) == (0, 0), "nothing that is shown now adds to it"
    found = audited(of, showing(safe, of, "g1s1"), AREAS, K, out=before)
    assert found.told or found.rows.filter(gebied="g1s1")["waarde_status"].item() == HIDDEN

"""What the house keeps of a publication that is out: the counts under it, so that later ones can be audited with it.

Put here what is kept and how it is read again. The publication itself is rows of the warehouse; that earlier counts and
new ones are one system is ``jos_pipeline.linear_system.publications``. Pure.
"""

from collections.abc import Iterable

import polars as pl

from jos_pipeline.linear_system import KIND, Out, linear_system

COUNTED = "geteld"
"""The table with the counts under safe rows, by its name in the lake."""
UIT = "uit"
"""The status a row went out with."""
NEEDED = (
    *("schooljaar", "periode", "niveau", "gebied", "uitsplitsing", "categorie", "peildatum", "eenheid", "herkomst"),
    *("waarde_status", "teller", "noemer", "teller_maat", "noemer_maat", "teller_personen", "noemer_personen"),
    *("teller_medewerkers", "publiek_totaal", "personen", "n_geleverd"),
)
"""The columns of the cube that the system of a publication is made of. Counts that were kept before the cube got a
column are as good as new ones as long as it is none of these. A new one of these needs a value for counts of before
that makes no reader know less than he does; until it has one they are lost (``is_readable``)."""
_AREAS = {
    "gemeente": "_gemeente",
    "samenwerkingsverband": "_samenwerkingsverband",
    "buiten": "_buiten",
    KIND: "_onderwijstype",
}
_OLD = {KIND}
"""Not kept by older versions: what the register says of schools now is taken for what it said then."""
_PLACE = ("periode", "niveau", "gebied")


def kept_counts(cube: pl.DataFrame, rows: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """The rows of the cube with the status of each in the publication (``rows``, in the same order) and its area."""
    status = rows.get_column("waarde_status").alias(UIT)
    tree = areas.select(*_PLACE, *(pl.col(name).alias(kept) for name, kept in _AREAS.items() if name in areas.columns))
    return cube.with_columns(status).join(tree, on=list(_PLACE), how="left", maintain_order="left")


def is_of(rows: pl.DataFrame, counts: pl.DataFrame) -> bool:
    """Whether counts that were kept are those under these rows."""
    keys = ["indicator", *_PLACE, "uitsplitsing", "categorie"]
    return counts.select(*keys, UIT).equals(rows.select(*keys, pl.col("waarde_status").alias(UIT)))


def is_readable(counts: pl.DataFrame) -> bool:
    """Whether counts that were kept, by whatever version of the monitor, say all that a system is made of."""
    return {*NEEDED, UIT, *(kept for name, kept in _AREAS.items() if name not in _OLD)} <= {*counts.columns}


def out(kept: Iterable[pl.DataFrame], k: int, areas: pl.DataFrame) -> list[Out]:
    """Publications that are out, as systems; what is kept of each, oldest first. Two that are the same are one.

    ``areas`` as for ``linear_system``: of these it only takes of what onderwijstype schools are where that is not kept.
    """
    found: list[Out] = []
    for number, counts in enumerate(different := list(kept)):
        if any(counts.equals(other) for other in different[:number]):
            continue
        system = linear_system(counts.select(NEEDED), _areas_then(counts, areas), k)
        shown = ~system.hidden_in(counts.select(waarde_status=UIT))
        found.append(Out(system, shown))
    return found


def _areas_then(counts: pl.DataFrame, now: pl.DataFrame) -> pl.DataFrame:
    """The areas as they were kept with these counts."""
    kept = {name: column for name, column in _AREAS.items() if column in counts.columns}
    then = counts.select(*_PLACE, **{name: pl.col(column) for name, column in kept.items()}).unique(maintain_order=True)
    if KIND in kept or KIND not in now.columns:
        return then
    kinds = now.select("niveau", "gebied", KIND).drop_nulls().unique(["niveau", "gebied"], maintain_order=True)
    return then.join(kinds, on=["niveau", "gebied"], how="left", maintain_order="left")

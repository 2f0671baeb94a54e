"""Which areas lie in which, on the last day of a window, and which counts of areas are parts of which (spec 3.2.3).

Two geographies overlap: school, gemeente, regio and school, samenwerkingsverband, regio.
"""

import polars as pl

from jos_pipeline.linear_system.counts import SPLIT
from jos_pipeline.linear_system.nesting import at_home
from jos_pipeline.linear_system.relations import Relations
from jos_pipeline.suppression import CELL

SCHOOL, GEMEENTE, VERBAND, REGIO = "school", "gemeente", "samenwerkingsverband", "regio"
BY_PLACE = ("maat", "gebied")
"""Everybody knows of which area some part is not counted: a school that is not in the region, a gemeente that is."""
_SLICE = ["vol", "periode", *SPLIT]


def add_areas(relations: Relations, view: pl.DataFrame, areas: pl.DataFrame) -> None:
    """Areas are the sum of their parts.

    ``view`` holds every count under every name it has (``vol``), with its ``cel``. Schools add up to gemeenten and
    samenwerkingsverbanden, and these to the regio. The other sums (gemeenten) follow from those unless something is
    missing or counted twice: then they are told too. On home ground, gemeenten add up, and what a
    samenwerkingsverband counts beyond the region is what is left of it. Raises ValueError for an area that is not in
    ``areas``.
    """
    placed = with_parents(view, areas)
    schools = placed.filter("_op_school")
    relations_of_schools = [
        _links(schools, SCHOOL, GEMEENTE),
        _links(schools, SCHOOL, VERBAND),
        _links(schools, VERBAND, REGIO, loose=SCHOOL),
    ]
    first = pl.concat(relations_of_schools)
    found = relations.sums(first, BY_PLACE)
    further = [_links(schools, GEMEENTE, REGIO, loose=SCHOOL)]
    if _nested(areas):
        further.append(_links(schools, GEMEENTE, VERBAND, loose=SCHOOL))
    relations.sums(_where_needed(pl.concat(further), schools, found), BY_PLACE)
    homes = placed.filter(~pl.col("_op_school"))
    relations.sums(pl.concat([_links(homes, GEMEENTE, VERBAND), _links(homes, GEMEENTE, REGIO)]), BY_PLACE)


def inside(cells: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Every count of who may know it (``deel``: a school its own, a gemeente that of its inhabitants, a
    samenwerkingsverband its own) with those of the areas it lies in (``heel``), by ``nummer``."""
    placed = with_parents(cells, areas)
    names = [name for name in CELL if name not in ("niveau", "gebied")]
    knowing = (
        (placed.filter(niveau=SCHOOL), (GEMEENTE, VERBAND, REGIO)),
        (placed.filter(~pl.col("_op_school"), niveau=GEMEENTE), (VERBAND, REGIO)),
        (placed.filter(niveau=VERBAND), (REGIO,)),
    )
    pairs = []
    for parts, levels in knowing:
        for level in levels:
            wholes = placed.filter(niveau=level).select(*names, pl.col("gebied").alias(f"_{level}"), heel="nummer")
            pairs.append(parts.join(wholes, on=[*names, f"_{level}"]).select("heel", deel="nummer"))
    return pl.concat(pairs).filter(pl.col("deel") != pl.col("heel")).unique().sort("deel", "heel")


def with_parents(view: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Adds the areas a count lies in: ``_gemeente``, ``_samenwerkingsverband``, ``_regio``; ``_op_school``, and the
    ``onderwijstype`` of a school where ``areas`` have it."""
    place = [name for name in ("periode", "niveau", "gebied") if name in areas.columns]
    regio = areas.filter(niveau=REGIO).get_column("gebied").first()
    tree = areas.select(
        *place,
        pl.col("^onderwijstype$"),
        _gemeente="gemeente",
        _samenwerkingsverband="samenwerkingsverband",
        _regio=pl.lit(regio),
    )
    unknown = view.select(place).unique().join(tree, on=place, how="anti")
    if unknown.height:
        raise ValueError(f"{unknown.height} areas of the cube are not among the areas of the region")
    seen = view.filter(niveau=SCHOOL).get_column("maat").unique().to_list()
    names = view.get_column("maat").unique().to_list()
    on_school = [name for name in names if (name in seen if at_home(name) is None else not at_home(name))]
    return view.join(tree, on=place, how="left", maintain_order="left").with_columns(
        _op_school=pl.col("maat").is_in(on_school)
    )


def _links(placed: pl.DataFrame, part: str, whole: str, loose: str | None = None) -> pl.DataFrame:
    """The counts of areas at one level as parts of those at another: ``heel, soort, deel`` with the slice.

    ``loose``: areas of this level that lie in none of the parts count as parts themselves.
    """
    parts = pl.col("niveau") == part
    if loose is not None:
        parts = parts | ((pl.col("niveau") == loose) & pl.col(f"_{part}").is_null())
    wholes = placed.filter(niveau=whole).select(*_SLICE, pl.col("gebied").alias(f"_{whole}"), heel="cel")
    return (
        placed.filter(parts)
        .join(wholes, on=[*_SLICE, f"_{whole}"], maintain_order="left")
        .select("heel", *_SLICE, soort=pl.lit(f"{part} in {whole}"), deel="cel")
    )


def _nested(areas: pl.DataFrame) -> bool:
    """Whether every gemeente lies in one samenwerkingsverband with all its schools."""
    on = [name for name in ("periode",) if name in areas.columns]
    inside = areas.filter(pl.col("gemeente").is_not_null()).select(*on, "gemeente", "samenwerkingsverband").unique()
    return inside.select(*on, "gemeente").is_unique().all()


def _where_needed(links: pl.DataFrame, placed: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """Of measures in which a sum of schools does not come out somewhere, or an area has no counted parts: all of
    their slices, for what a sum of such a measure leaves or counts twice is not known in any."""
    uneven = found.filter(pl.col("rest") != 0).select(cel="heel")
    bare = placed.filter(pl.col("niveau") != SCHOOL).select("cel").join(found.select(cel="heel"), on="cel", how="anti")
    needed = placed.join(pl.concat([uneven, bare]).unique(), on="cel", how="semi").select("vol").unique()
    return links.join(needed, on="vol", how="semi")

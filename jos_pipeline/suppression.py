"""How far each table of counts is closed, so that no sensitive count follows from those that stay visible.

The simple rule until suppression of single cells exists: a table (one measure, one breakdown) is visible down to a
*depth* (1 regio, 2 samenwerkingsverband, 3 gemeente, 4 school) and hidden, whole, below it. A sensitive count closes
its level and everything finer, for every area and category. What is left visible are sums over blocks that lie in
each other, and the rules below see to it that every sensitive count can trade places with another hidden one:

- a count that equals another because it is its only part (the only school of a gemeente, the only category that
  occurs, the only half year that has begun) passes its sensitivity on;
- what is left of an area when its published parts are taken off (outside the region, not in any gemeente) is a
  block like any other, and sensitive when it is small;
- a breakdown is never more visible than its total, a half year never more than the school year, and a half year's
  breakdown that is hidden further than both is hidden altogether: three visible margins could pin a cell down;
- where categories that cannot occur leave holes in a visible breakdown, the breakdown is closed further.

Pure. Nothing here knows what a count means, save which measures are nearly the same one.
"""

from itertools import combinations

import polars as pl

from jos_pipeline.indicators.entry import REPORTED_IN

TOTAL = "totaal"
CELL = ("maat", "periode", "niveau", "gebied", "uitsplitsing", "categorie")
YEAR = "schooljaar"

LEVELS = {"regio": 1, "samenwerkingsverband": 2, "gemeente": 3, "school": 4}
DEEPEST = max(LEVELS.values())
ANCESTORS = {1: "_regio", 2: "_verband", 3: "_gemeente"}

FAMILIES: tuple[tuple[str, ...], ...] = (
    ("jos_leerlingen", "jos_leerlingen_geteld", "jos_leerlingen_woongemeente_bekend", "leerlingen_jos_in_schooljaar"),
    ("trajecten_nieuw", "trajecten_lopend", "trajecten_afgesloten"),
    ("uren", "uren_primair"),
)
"""Measures that are closed together: one is nearly the other, or running = running before + new - ended, nearly."""

PARTS = {"jos_leerlingen_geteld": "jos_leerlingen"}
"""Measures that leave out the schools which did not deliver everything: the difference is about those schools."""

_DEPTH = ["familie", "jaar", "uitsplitsing"]


def hidden_cells(cells: pl.DataFrame, areas: pl.DataFrame, k: int) -> pl.DataFrame:
    """Whether each count is hidden: ``CELL`` with ``dicht``.

    ``cells`` holds every count once: ``CELL``, ``primair`` (sensitive by itself), ``open`` (it may be other than
    zero for all a reader knows), ``personen`` and ``geleverd``. Raises ValueError for an area that is not in ``areas``.
    """
    placed = _at_home_inside(_with_parents(cells, areas), areas)
    all_cells = pl.concat([placed, _unpublished_blocks(placed, k)], how="diagonal")
    closed = _small_rests_of_the_year(_equal_counts(_left_over(_small_differences(all_cells, k), k)), k)
    depth = _depths(closed, areas)
    return (
        placed.join(depth, on=_DEPTH, how="left", maintain_order="left")
        .with_columns(dicht=pl.col("_niveau") > pl.col("diepte").fill_null(DEEPEST))
        .select(*CELL, "dicht")
    )


def _with_parents(cells: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Adds level, the areas a cell lies in, family and whether it is about the school year.

    A parent that is not published (a school outside the gemeenten of the region) has a name with a star.
    """
    verband, gemeente = pl.col("samenwerkingsverband"), pl.col("gemeente")
    tree = areas.with_columns(
        _regio=pl.lit("*"),
        _verband=pl.when(pl.col("niveau") != "regio").then(verband.fill_null("*")),
        _gemeente=pl.when(pl.col("niveau").is_in(["gemeente", "school"])).then(
            gemeente.fill_null("*" + verband.fill_null(""))
        ),
    )
    # areas are dated: where they say for which period they hold, a cell lies where it lay in its own period
    place = [name for name in ("periode", "niveau", "gebied") if name in areas.columns]
    tree = tree.select(*place, *ANCESTORS.values())
    unknown = cells.select(place).unique().join(tree, on=place, how="anti")
    if unknown.height:
        raise ValueError(f"{unknown.height} areas of the cube are not among the areas of the region")
    family = {maat: names[0] for names in FAMILIES for maat in names}
    return cells.join(tree, on=place, how="left", maintain_order="left").with_columns(
        _niveau=pl.col("niveau").replace_strict(LEVELS, return_dtype=pl.Int64),
        familie=pl.col("maat").str.split(REPORTED_IN).list.first().replace(family),
        jaar=pl.col("periode") == YEAR,
    )


# --- what a reader can take together -----------------------------------------------------------------------


def _at_home_inside(cells: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """On home ground a samenwerkingsverband may count beyond the region: its gemeenten here are a block apart."""
    beyond = areas.filter("buiten").get_column("gebied").to_list()
    at_school = cells.filter(pl.col("_niveau") == LEVELS["school"]).get_column("maat").unique().to_list()
    apart = (pl.col("_niveau") == LEVELS["gemeente"]) & pl.col("_verband").is_in(beyond)
    return cells.with_columns(
        _verband=pl.when(apart & ~pl.col("maat").is_in(at_school)).then("*" + pl.col("_verband")).otherwise("_verband")
    )


def _unpublished_blocks(cells: pl.DataFrame, k: int) -> pl.DataFrame:
    """Blocks that are not published but follow from what is: cells with a starred name."""
    level, in_starred = pl.col("_niveau"), pl.col("_verband").str.starts_with("*")
    blocks = [
        _summed(cells.filter((level == DEEPEST) & pl.col("_gemeente").str.starts_with("*")), 3, k),
        _summed(cells.filter((level > LEVELS["samenwerkingsverband"]) & in_starred), 2, k),
        _outside(
            cells.filter((level == LEVELS["gemeente"]) & in_starred),
            cells.filter(level == LEVELS["samenwerkingsverband"]),
            k,
        ),
    ]
    return pl.concat(blocks, how="diagonal")


def _summed(children: pl.DataFrame, level: int, k: int) -> pl.DataFrame:
    """The sum of cells as one block at a level; sensitive when it is small, or its only part is."""
    own = ["maat", "periode", "uitsplitsing", "categorie", "familie", "jaar", *list(ANCESTORS.values())[:level]]
    finest = children.filter(pl.col("_niveau") == pl.col("_niveau").max().over("maat", "periode"))
    return (
        finest.filter("open")
        .group_by(own)
        .agg(pl.col("personen").sum(), _bekend=pl.col("personen").is_not_null().all(), primair=_only(pl.col("primair")))
        .with_columns(
            primair=pl.col("primair") | (pl.col("_bekend") & (pl.col("personen") < k)),
            open=pl.lit(value=True),
            _niveau=pl.lit(level, dtype=pl.Int64),
            gebied=pl.col(ANCESTORS[level]),
        )
        .drop("_bekend")
    )


def _only(sensitive: pl.Expr) -> pl.Expr:
    return (pl.len() == 1) & sensitive.any()


def _outside(inside: pl.DataFrame, verbanden: pl.DataFrame, k: int) -> pl.DataFrame:
    """What a samenwerkingsverband counts beyond the region, when that is a small number."""
    on = ["maat", "periode", "uitsplitsing", "categorie", "_verband"]
    known = inside.with_columns(_verband=pl.col("_verband").str.strip_prefix("*")).group_by(on)
    rest = pl.col("personen") - pl.col("_binnen")
    return (
        verbanden.join(known.agg(_binnen=pl.col("personen").sum()), on=on)
        .filter((rest > 0) & (rest < k))
        .with_columns(primair=pl.lit(value=True), open=pl.lit(value=False), gebied=pl.lit("*buiten"))
        .drop("_binnen", "niveau")
    )


def _small_differences(cells: pl.DataFrame, k: int) -> pl.DataFrame:
    """A measure that leaves out some schools is sensitive where what it leaves out is small.

    What a school reported itself may also be less than what was counted of it: a small difference either way.
    """
    on = ["periode", "_niveau", "gebied", "uitsplitsing", "categorie"]
    whole = cells.select("maat", *on, _heel="personen", _heel_geleverd="geleverd").unique(["maat", *on])
    rest = pl.col("_heel") - pl.col("personen")
    left_out = (rest > 0) | (pl.col("_heel_geleverd") > pl.col("geleverd"))
    small = (
        cells.join(_parts(cells), on="maat")
        .join(whole, left_on=["_heel_maat", *on], right_on=["maat", *on])
        .filter((left_out & (rest < k) & ~pl.col("_gelijk")) | ((rest != 0) & (rest.abs() < k)))
        .select("maat", *on, _klein=pl.lit(value=True))
        .unique()
    )
    return (
        cells.join(small, on=["maat", *on], how="left", maintain_order="left")
        .with_columns(pl.col("primair") | pl.col("_klein").fill_null(value=False))
        .drop("_klein")
    )


def _left_over(cells: pl.DataFrame, k: int) -> pl.DataFrame:
    """What the region counts beyond its samenwerkingsverbanden, such as answers that name no school.

    Where that is few, the samenwerkingsverbanden are sensitive: taken off the region they would give it away.
    """
    on = ["maat", "periode", "uitsplitsing", "categorie"]
    level, real = pl.col("_niveau"), ~pl.col("gebied").str.starts_with("*")
    region = cells.filter(level == LEVELS["regio"]).select(*on, _heel="personen")
    inside = cells.filter((level == LEVELS["samenwerkingsverband"]) & real).group_by(on).agg(_delen=pl.sum("personen"))
    rest = pl.col("_heel") - pl.col("_delen")
    few = region.join(inside, on=on).filter((rest > 0) & (rest < k)).select(*on, _klein=pl.lit(value=True))
    is_few = pl.col("_klein").fill_null(value=False) & (level == LEVELS["samenwerkingsverband"])
    return (
        cells.join(few, on=on, how="left", maintain_order="left")
        .with_columns(primair=pl.col("primair") | is_few, open=pl.col("open") | is_few)
        .drop("_klein")
    )


def _small_rests_of_the_year(cells: pl.DataFrame, k: int) -> pl.DataFrame:
    """A half year is sensitive where few persons are in the school year and not in it: they came later, or left before.

    Not for what is so on the last day, where the school year is its last half: nobody is counted by a difference there.
    """
    on = ["maat", "_niveau", "gebied", "uitsplitsing", "categorie"]
    halves, years = cells.filter(~pl.col("jaar")), cells.filter("jaar").select(*on, _jaar="personen")
    rests = (
        halves.join(years, on=on)
        .with_columns(_rest=pl.col("_jaar") - pl.col("personen"))
        .filter((pl.col("_rest") != 0).any().over("maat", "periode"))
        .filter(pl.col("periode").n_unique().over("maat") == halves.get_column("periode").n_unique())
        .filter(pl.col("_rest") > 0, pl.col("_rest") < k)
        .select(*on, "periode", _klein=pl.lit(value=True))
    )
    return (
        cells.join(rests, on=[*on, "periode"], how="left", maintain_order="left")
        .with_columns(pl.col("primair") | pl.col("_klein").fill_null(value=False))
        .drop("_klein")
    )


def _parts(cells: pl.DataFrame) -> pl.DataFrame:
    """Every measure beside the ones it is a part of; a count of records is a part of one with reported totals.

    Two counts of the same records, each with what schools reported for its own indicator (``_gelijk``), stand beside
    each other: a school that reported for one of them only is their difference.
    """
    records = {name: name.split(REPORTED_IN)[0] for name in sorted(cells.get_column("maat").unique())}
    reported = {name: of for name, of in records.items() if name != of}
    pairs = [
        *((part, whole, False) for part, whole in PARTS.items()),
        *((of, name, False) for name, of in reported.items()),
        *((one, other, True) for one, other in combinations(reported, 2) if reported[one] == reported[other]),
    ]
    return pl.DataFrame(pairs, schema={"maat": pl.String, "_heel_maat": pl.String, "_gelijk": pl.Boolean}, orient="row")


def _equal_counts(cells: pl.DataFrame) -> pl.DataFrame:
    """Passes sensitivity on to every count that equals a sensitive one, until there is none left."""
    before = -1
    while (now := int(cells.get_column("primair").sum())) != before:
        before = now
        cells = _only_half(_only_category(_only_areas(cells)))
    return cells


def _only_areas(cells: pl.DataFrame) -> pl.DataFrame:
    """From the only open part of an area, at any finer level, to the area."""
    slice_ = ["maat", "periode", "uitsplitsing", "categorie"]
    for level, ancestor in ANCESTORS.items():
        finer = cells.filter("open", pl.col("_niveau") > level, ~pl.col("gebied").str.starts_with("*"))
        found = (
            finer.group_by([*slice_, "_niveau", ancestor])
            .agg(_door=_only(pl.col("primair")))
            .filter("_door")
            .select(*slice_, ancestor, "_door", _niveau=pl.lit(level, dtype=pl.Int64))
            .unique()
        )
        cells = _passed_on(cells, found, [*slice_, "_niveau", ancestor])
    return cells


def _only_category(cells: pl.DataFrame) -> pl.DataFrame:
    """From the only category that occurs in an area to the total of the area."""
    on = ["maat", "periode", "_niveau", "gebied"]
    found = (
        cells.filter("open", pl.col("uitsplitsing") != TOTAL)
        .group_by([*on, "uitsplitsing"])
        .agg(_door=_only(pl.col("primair")))
        .filter("_door")
        .select(*on, "_door", uitsplitsing=pl.lit(TOTAL))
        .unique()
    )
    return _passed_on(cells, found, [*on, "uitsplitsing"])


def _only_half(cells: pl.DataFrame) -> pl.DataFrame:
    """From the only half year with the count to the school year."""
    on = ["maat", "_niveau", "gebied", "uitsplitsing", "categorie"]
    found = (
        cells.filter("open", ~pl.col("jaar"))
        .group_by(on)
        .agg(_door=_only(pl.col("primair")))
        .filter("_door")
        .select(*on, "_door", jaar=pl.lit(value=True))
    )
    return _passed_on(cells, found, [*on, "jaar"])


def _passed_on(cells: pl.DataFrame, found: pl.DataFrame, on: list[str]) -> pl.DataFrame:
    return (
        cells.join(found, on=on, how="left", maintain_order="left")
        .with_columns(primair=pl.col("primair") | pl.col("_door").fill_null(value=False))
        .drop("_door")
    )


# --- how deep a table stays visible ------------------------------------------------------------------------


def _depths(cells: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """The depth of every table: ``familie, jaar, uitsplitsing, diepte``."""
    own = cells.group_by(_DEPTH).agg(
        diepte=(pl.col("_niveau").filter("primair").min() - 1).fill_null(DEEPEST).cast(pl.Int64)
    )
    if not _nested(areas):
        # gemeenten that straddle samenwerkingsverbanden: two ways to add up schools, so only one stays visible
        own = own.with_columns(
            diepte=pl.when(pl.col("diepte") == LEVELS["gemeente"])
            .then(LEVELS["samenwerkingsverband"])
            .otherwise("diepte")
        )
    years = _filled(_under_total(own.filter("jaar")), cells)
    halves = _under(_under_total(own.filter(~pl.col("jaar"))), years)
    halves = _open_halves(_filled(halves, cells), years, cells)
    return pl.concat([years, halves])


def _nested(areas: pl.DataFrame) -> bool:
    inside = areas.filter(pl.col("gemeente").is_not_null()).select("gemeente", "samenwerkingsverband").unique()
    return inside.get_column("gemeente").is_unique().all()


def _under_total(depths: pl.DataFrame) -> pl.DataFrame:
    """A breakdown is never more visible than its total."""
    total = depths.filter(pl.col("uitsplitsing") == TOTAL).select("familie", "jaar", _totaal="diepte")
    return depths.join(total, on=["familie", "jaar"], how="left", maintain_order="left").select(
        *_DEPTH, diepte=pl.min_horizontal("diepte", "_totaal")
    )


def _under(halves: pl.DataFrame, years: pl.DataFrame) -> pl.DataFrame:
    """A half year is never more visible than the school year."""
    year = years.select("familie", "uitsplitsing", _jaar="diepte")
    lowered = halves.join(year, on=["familie", "uitsplitsing"], how="left", maintain_order="left").select(
        *_DEPTH, diepte=pl.min_horizontal("diepte", "_jaar")
    )
    return _under_total(lowered)


def _filled(depths: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Closes a breakdown further where a visible block with something sensitive inside has holes.

    In a full table of areas by categories with visible margins every cell can vary; with holes it may not.
    """
    open_cells = cells.filter("open", pl.col("uitsplitsing") != TOTAL)
    for depth, ancestor in sorted(ANCESTORS.items(), reverse=True):
        here = depths.filter(pl.col("diepte") == depth, pl.col("uitsplitsing") != TOTAL)
        block = [*_DEPTH, "maat", "periode", "_niveau", ancestor]
        inside = open_cells.filter(pl.col("_niveau") > depth).join(here.select(_DEPTH), on=_DEPTH, how="semi")
        holed = (
            inside.group_by(block)
            .agg(_vol=pl.len() == pl.col("gebied").n_unique() * pl.col("categorie").n_unique())
            .filter(~pl.col("_vol"))
        )
        sensitive = cells.filter("primair", pl.col("_niveau") > depth)
        where = ["familie", "periode", ancestor]
        leaks = [
            holed.join(sensitive, on=[*where, "uitsplitsing"], how="semi"),
            holed.join(sensitive.filter(pl.col("uitsplitsing") == TOTAL), on=where, how="semi"),
        ]
        closer = pl.concat(leaks).select(_DEPTH).unique().with_columns(_lek=pl.lit(value=True))
        depths = depths.join(closer, on=_DEPTH, how="left", maintain_order="left").select(
            *_DEPTH, diepte=pl.when("_lek").then(pl.col("diepte") - 1).otherwise("diepte")
        )
    return depths


def _open_halves(halves: pl.DataFrame, years: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Hides a half year's breakdown altogether when it is hidden further than its total and its school year.

    A measure whose halves do not occur in the same places is hidden for half years altogether when it is closed
    further than for the school year.
    """
    year = years.select("familie", "uitsplitsing", _jaar="diepte")
    total = halves.filter(pl.col("uitsplitsing") == TOTAL).select("familie", _totaal="diepte")
    joined = halves.join(year, on=["familie", "uitsplitsing"], how="left", maintain_order="left").join(
        total, on="familie", how="left", maintain_order="left"
    )
    closed = joined.with_columns(
        diepte=pl.when(pl.col("diepte") < pl.min_horizontal("_jaar", "_totaal")).then(0).otherwise("diepte")
    )
    uneven = _uneven(cells)
    behind = (pl.col("diepte") < pl.col("_jaar")).any().over("familie")
    return closed.select(*_DEPTH, diepte=pl.when(pl.col("familie").is_in(uneven) & behind).then(0).otherwise("diepte"))


def _uneven(cells: pl.DataFrame) -> list[str]:
    """The families of which one half year has counts where the other has none, though both have begun."""
    halves = cells.filter("open", ~pl.col("jaar"))
    begun = halves.group_by("familie").agg(_begonnen=pl.col("periode").n_unique())
    counts = halves.group_by("familie", "maat", "_niveau", "gebied", "uitsplitsing", "categorie").agg(_helften=pl.len())
    return (
        counts.join(begun, on="familie")
        .filter(pl.col("_helften") < pl.col("_begonnen"))
        .get_column("familie")
        .unique()
        .to_list()
    )

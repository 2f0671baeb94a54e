"""Accepted deliveries of one school year -> base tables.

One pure function per base table, all with the same signature: ``frames`` holds per soort the accepted rows of all
suppliers in force (a missing soort is an empty one). Areas are dated and therefore not added here: the cube asks for
them on the last day of a window. What a table looks like is in ``schemas.linked``.
"""

from collections.abc import Callable, Mapping
from datetime import date

import polars as pl

from jos_pipeline.boundary import checked
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear
from schemas import linked
from schemas.codelists import ONDERWIJSSOORT
from schemas.contract import PRECISION
from schemas.linked import LinkedTable, accepted_columns

Frames = Mapping[str, pl.DataFrame]
Link = Callable[[Frames, Region, str], pl.DataFrame]


def empty_frame(soort: str) -> pl.DataFrame:
    """Accepted rows of a soort of which nothing was delivered. Raises KeyError for an unknown soort."""
    return pl.DataFrame(schema={column.name: column.dtype for column in accepted_columns(soort)})


def link(frames: Frames, region: Region, schooljaar: str) -> dict[str, pl.DataFrame]:
    """Every base table of a school year, each checked against its schema.

    Raises BrokenContractError when an accepted frame is not what its contract promises.
    """
    return {
        name: checked(build(frames, region, schooljaar), linked.LINKED_TABLES[name].schema())
        for name, build in LINKS.items()
    }


def leerling(frames: Frames, _region: Region, _schooljaar: str) -> pl.DataFrame:
    """Enrolments with the onderwijstype of their onderwijssoort."""
    onderwijstype = pl.col("onderwijssoort").replace_strict(ONDERWIJSSOORT.groups, default=None, return_dtype=pl.String)
    return _shaped(_accepted(frames, linked.LEERLING).with_columns(onderwijstype=onderwijstype), linked.LEERLING)


def traject(frames: Frames, region: Region, schooljaar: str) -> pl.DataFrame:
    """Trajecten with the onderwijstype of the pupil (or of the school) and the start of a next traject."""
    enrolled = (
        leerling(frames, region, schooljaar)
        .filter(pl.col("leerling_id").is_not_null())
        .sort("inschrijfdatum", "onderwijssoort")
        .unique(["leerling_id", "school"], keep="last", maintain_order=True)
        .select("leerling_id", "school", "onderwijstype")
    )
    own_type = pl.col("school").replace_strict(
        _types_of_schools(region, schooljaar), default=None, return_dtype=pl.String
    )
    rows = (
        _accepted(frames, linked.TRAJECT)
        .join(enrolled, on=["leerling_id", "school"], how="left", maintain_order="left")
        .with_columns(pl.col("onderwijstype").fill_null(own_type))
    )
    return _shaped(_with_next_start(rows), linked.TRAJECT)


def enquete(frames: Frames, _region: Region, _schooljaar: str) -> pl.DataFrame:
    """Answers with a respondent that no other supplier has: codes are given out per supplier."""
    own = pl.concat_str("leverancier", "respondent", separator="/")
    return _shaped(_accepted(frames, linked.ENQUETE).with_columns(respondent=own), linked.ENQUETE)


def as_delivered(frames: Frames, table: LinkedTable) -> pl.DataFrame:
    """The accepted rows and nothing more: a team's inzet stays one row, jeugdhulp came in spells from the gate."""
    return _shaped(_accepted(frames, table), table)


def open_data(frames: Frames, table: LinkedTable, region: Region, schooljaar: str) -> pl.DataFrame:
    """DUO's rows of the year about schools that the region lists."""
    listed = [school.school for school in region.scholen]
    rows = frames.get(table.name, table.empty())
    return _shaped(rows.filter((pl.col("schooljaar") == schooljaar) & pl.col("school").is_in(listed)), table)


def _link_of(table: LinkedTable) -> Link:
    if table.soort is None:
        return lambda frames, region, schooljaar: open_data(frames, table, region, schooljaar)
    return lambda frames, _region, _schooljaar: as_delivered(frames, table)


LINKS: dict[str, Link] = {name: _link_of(table) for name, table in linked.LINKED_TABLES.items()} | {
    "leerling": leerling,
    "traject": traject,
    "enquete": enquete,
}
"""How each base table is made: those that add something by a function of their own."""


def _accepted(frames: Frames, table: LinkedTable) -> pl.DataFrame:
    if table.soort is None:
        raise ValueError(f"{table.name} does not come from a delivery")
    found = frames.get(table.soort)
    return empty_frame(table.soort) if found is None else found


def _shaped(rows: pl.DataFrame, table: LinkedTable) -> pl.DataFrame:
    """The columns of the table, in its order; an all-empty column gets its type.

    Text is never cast: a failing cast would tell the values, and the schema refuses the column anyway.
    """
    return rows.select(
        pl.col(name) if rows.schema[name] == pl.String else pl.col(name).cast(dtype)
        for name, dtype in table.dtypes.items()
    )


def _types_of_schools(region: Region, schooljaar: str) -> dict[str, str]:
    """School to its own onderwijstype; the entry that holds at the end of the year wins over an older one."""
    last_day = SchoolYear.parse(schooljaar).last_day
    entries = sorted(region.scholen, key=lambda school: (school.holds_on(last_day), school.geldig_van or date.min))
    return {school.school: school.onderwijstype for school in entries}


def _with_next_start(rows: pl.DataFrame) -> pl.DataFrame:
    """Adds ``volgende_begindatum``: the nearest begindatum of the same pupil after this traject's einddatum.

    Of the begin dates that are known to the day: to another there is no number of days.
    """
    starts = (
        rows.filter(pl.col("begindatum" + PRECISION) == "dag")
        .select("leerling_id", volgende_begindatum="begindatum")
        .drop_nulls()
        .unique(maintain_order=True)
        .sort("volgende_begindatum")
    )
    ended = rows.lazy().select("leerling_id", "einddatum").drop_nulls().unique().sort("einddatum")
    following = ended.join_asof(
        starts.lazy(),
        left_on="einddatum",
        right_on="volgende_begindatum",
        by="leerling_id",
        strategy="forward",
        allow_exact_matches=False,
        check_sortedness=False,
    ).collect()
    return rows.join(following, on=["leerling_id", "einddatum"], how="left", maintain_order="left")

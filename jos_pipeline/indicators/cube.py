"""The internal cube: every window x area x indicator x category has a row, with a value or the reason why not.

Full precision and nothing hidden: rounding and disclosure control are publication's. What is counted is declared in
``catalogue``; how, in ``counting``; who delivered, in ``jos_pipeline.coverage``.
"""

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from jos_pipeline.areas import Level, all_areas
from jos_pipeline.coverage import DUO, DUO_EXAMENS, Coverage, Sources, UnitCoverage
from jos_pipeline.indicators.breakdowns import FUNCTIE
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.catalogue_reach import M_DUO, M_LEERLINGEN
from jos_pipeline.indicators.context import (
    STAFF_TABLE,
    SUPPLIER_TABLE,
    View,
    ground_of,
    members,
    seen_in,
    team_only_schools,
)
from jos_pipeline.indicators.counting import Pass, Wanted, count, passes, used_columns
from jos_pipeline.indicators.entry import PERSON, TOTAAL, Denominator, Ground, Indicator, Kind, Measure
from jos_pipeline.indicators.figures import with_figures
from jos_pipeline.indicators.links import unlinkable
from jos_pipeline.indicators.narrow import Source, narrowed
from jos_pipeline.indicators.reported import REPORTED, with_reported
from jos_pipeline.region import Region
from jos_pipeline.school_year import SchoolYear

CUBE: dict[str, type[pl.DataType]] = {
    "indicator": pl.String,
    "indicator_versie": pl.Int64,
    "schooljaar": pl.String,
    "periode": pl.String,
    "niveau": pl.String,
    "gebied": pl.String,
    "uitsplitsing": pl.String,
    "categorie": pl.String,
    "waarde": pl.Float64,
    "waarde_min": pl.Float64,
    "waarde_max": pl.Float64,
    "teller": pl.Float64,
    "noemer": pl.Float64,
    "eenheid": pl.String,
    "rang": pl.Int64,
    "n_verwacht": pl.Int64,
    "n_geleverd": pl.Int64,
    "dekking": pl.Float64,
    "waarde_status": pl.String,
    "herkomst": pl.String,
    "peildatum": pl.Date,
    "teller_maat": pl.String,
    "noemer_maat": pl.String,
    "teller_personen": pl.Int64,
    "noemer_personen": pl.Int64,
    "teller_medewerkers": pl.Int64,
    "publiek_totaal": pl.Int64,
    "personen": pl.Boolean,
}
"""The columns of the cube. ``teller_maat`` and ``noemer_maat`` name the counts, for disclosure control works per
count; ``teller_medewerkers`` is how many medewerkers stand behind the fte, hours or activities of a row;
``publiek_totaal`` is the number of leerlingen out of which persons are counted, null when unknown or when the row
is that number itself; it is 0 only where DUO says too that there is nobody."""

_AREA = ["niveau", "gebied"]
_CELL = [*_AREA, "uitsplitsing", "categorie"]
_STAFF = {
    "inzet": Measure("_medewerkers_inzet", "inzet", Kind.DISTINCT, pl.col("actief"), key="medewerker"),
    "activiteit": Measure("_medewerkers_actief", STAFF_TABLE, Kind.DISTINCT, pl.col("actief"), key="medewerker"),
}

_ALWAYS_COUNTED: tuple[Wanted, ...] = (
    (M_LEERLINGEN, TOTAAL, None, ()),
    (M_DUO, TOTAAL, None, ()),
    *((measure, TOTAAL, None, ()) for measure in _STAFF.values()),
    *((measure, FUNCTIE.id, "functie", FUNCTIE.categories) for measure in _STAFF.values()),
)
"""What every cube needs besides its indicators: the total of deliveries and of DUO, and the staff behind a figure."""


def compute_cube(
    base: Mapping[str, Source],
    coverage: Coverage,
    region: Region,
    schooljaar: str,
    peildatum: date,
    *,
    indicators: Iterable[Indicator] = tuple(INDICATORS.values()),
) -> pl.DataFrame:
    """The cube of one school year as it stood on the peildatum.

    ``base`` holds every base table (``jos_pipeline.linking.link``). Windows that have not begun are left out; before
    the school year there are no rows. Raises ValueError for a malformed schooljaar.
    """
    year = SchoolYear.parse(schooljaar)
    chosen = tuple(indicators)
    todo = passes(chosen, _ALWAYS_COUNTED)
    tables = narrowed(base, used_columns(todo))
    present = schools_present(tables)
    parts = [
        _window_cube(
            View(region, year, peildatum, window, UnitCoverage(region, coverage, window.b, present, since=window.a)),
            tables,
            chosen,
            todo,
        )
        for window in year.windows(peildatum)
    ]
    return pl.concat(parts) if parts else pl.DataFrame(schema=CUBE)


def schools_present(base: Mapping[str, pl.DataFrame]) -> dict[str, list[str]]:
    """The schools that DUO's files and the survey have rows of: nobody is the expected supplier of these."""
    sources = {
        DUO: base["duo_vestiging"].filter(pl.col("aantal_leerlingen").is_not_null()),
        DUO_EXAMENS: base["duo_examen"],
        "enquete": base["enquete"],
    }
    return {source: rows.get_column("school").drop_nulls().unique().to_list() for source, rows in sources.items()}


def _window_cube(
    view: View, base: Mapping[str, pl.DataFrame], indicators: tuple[Indicator, ...], todo: tuple[Pass, ...]
) -> pl.DataFrame:
    tables = seen_in(view, base)
    counts = count(todo, tables, members(view))
    rows = _skeleton(indicators, all_areas(view.region, view.window.b, view.window.a))
    rows = _with_coverage(rows, indicators, view)
    rows = with_reported(_with_counts(rows, counts), base["opgave"], view)
    rows = _with_public_total(rows, counts, view)
    rows = _with_staff(rows, counts)
    rows = _without_unlinkable(_with_applicability(rows, base, view), indicators, view)
    return _shaped(with_figures(rows, view.region.min_dekking), view)


def _skeleton(indicators: tuple[Indicator, ...], areas: pl.DataFrame) -> pl.DataFrame:
    """Every (indicator, category, area) that can exist: home ground has no school level."""
    rows = [
        {**_described(indicator), "uitsplitsing": uitsplitsing, "categorie": categorie}
        for indicator in indicators
        for uitsplitsing, categorie in (
            (TOTAAL, TOTAAL),
            *((split.id, category) for split in indicator.uitsplitsingen for category in split.categories),
        )
    ]
    return (
        pl.DataFrame(rows, schema=_DESCRIBED, orient="row")
        .join(areas.select(_AREA), how="cross", maintain_order="left_right")
        .filter((pl.col("grond") != Ground.WOON.value) | (pl.col("niveau") != Level.SCHOOL.value))
    )


_DESCRIBED: dict[str, type[pl.DataType]] = {
    "indicator": pl.String,
    "indicator_versie": pl.Int64,
    "eenheid": pl.String,
    "statistiek": pl.String,
    "teller_maat": pl.String,
    "noemer_maat": pl.String,
    "verdeling": pl.Boolean,
    "waarnemingen_tellen": pl.Boolean,
    "teller_over_personen": pl.Boolean,
    "noemer_over_personen": pl.Boolean,
    "personen": pl.Boolean,
    "over_leerlingen": pl.Boolean,
    "grond": pl.String,
    "bronnen": pl.String,
    "rang_tot": pl.Int64,
    "medewerkers_maat": pl.String,
    "per_team": pl.String,
    "uitsplitsing": pl.String,
    "categorie": pl.String,
}


def _described(indicator: Indicator) -> dict[str, object]:
    per_team = next((measure.table for measure in indicator.measures if measure.table in _STAFF), None)
    return {
        "indicator": indicator.id,
        "indicator_versie": indicator.versie,
        "eenheid": indicator.eenheid,
        "statistiek": indicator.statistiek.value,
        "teller_maat": indicator.teller.id,
        "noemer_maat": indicator.noemer.id if indicator.noemer else None,
        "verdeling": indicator.noemer_van is Denominator.TOTAAL,
        "waarnemingen_tellen": indicator.from_observations,
        "teller_over_personen": indicator.teller.persons,
        "noemer_over_personen": indicator.noemer is not None and indicator.noemer.persons,
        "personen": indicator.persons,
        "over_leerlingen": any(measure.key == PERSON for measure in indicator.measures),
        "grond": str(ground_of(indicator.teller.table)),
        "bronnen": _sources_key(indicator.bronnen),
        "rang_tot": indicator.rang_tot,
        "medewerkers_maat": _STAFF[per_team].id if per_team else None,
        "per_team": per_team,
    }


def _sources_key(sources: Sources) -> str:
    return "+".join(sorted(sources))


def _with_coverage(rows: pl.DataFrame, indicators: tuple[Indicator, ...], view: View) -> pl.DataFrame:
    needed = {(str(ground_of(i.teller.table)), _sources_key(i.bronnen)): i.bronnen for i in indicators}
    found = [
        _covered(view, ground, sources).with_columns(grond=pl.lit(ground), bronnen=pl.lit(key))
        for (ground, key), sources in needed.items()
    ]
    on = ["grond", "bronnen", *_AREA]
    return (
        rows.join(pl.concat(found), on=on, how="left", maintain_order="left")
        .with_columns(pl.col("n_verwacht", "n_geleverd").fill_null(0))
        .with_columns(dekking=pl.when(pl.col("n_verwacht") > 0).then(pl.col("n_geleverd") / pl.col("n_verwacht")))
    )


def _covered(view: View, ground: str, sources: Sources) -> pl.DataFrame:
    if ground == SUPPLIER_TABLE:
        return view.units.of_suppliers()
    return view.units.of_homes(sources) if ground == Ground.WOON else view.units.of_schools(sources)


def _with_counts(rows: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """Adds what was counted for teller and noemer; a category of a distribution is divided by the total."""
    whole = pl.when("verdeling").then(pl.lit(TOTAAL))
    noemer = counts.select(
        *_AREA,
        _noemer_uitsplitsing="uitsplitsing",
        _noemer_categorie="categorie",
        noemer_maat="maat",
        noemer="aantal",
        noemer_hoog="hoog",
        noemer_personen="personen",
    )
    return (
        rows.with_columns(
            _noemer_uitsplitsing=whole.otherwise("uitsplitsing"), _noemer_categorie=whole.otherwise("categorie")
        )
        .join(
            counts.rename(
                {"maat": "teller_maat", "aantal": "teller", "hoog": "teller_hoog", "personen": "teller_personen"}
            ),
            on=[*_CELL, "teller_maat"],
            how="left",
            maintain_order="left",
        )
        .join(
            noemer,
            on=[*_AREA, "_noemer_uitsplitsing", "_noemer_categorie", "noemer_maat"],
            how="left",
            maintain_order="left",
        )
    )


def _with_public_total(rows: pl.DataFrame, counts: pl.DataFrame, view: View) -> pl.DataFrame:
    """Adds ``leerlingen_hier``: the leerlingen out of whom pupils on school ground are counted (not respondents).

    Known only when every school of the area delivered. Of a category it is the same number: how many leerlingen of an
    onderwijstype there are is counted from deliveries, and that there are none is no more public than that there are
    few. ``openbaar_niemand``: DUO counted every school of the area, and nobody there.
    """
    complete = _of_which_all_are_in(view, "leerlingen").with_columns(_compleet=pl.lit(value=True))
    found = counts.filter(maat=M_LEERLINGEN.id, uitsplitsing=TOTAAL).select(*_AREA, leerlingen_hier="aantal")
    of_duo = counts.filter(maat=M_DUO.id, uitsplitsing=TOTAAL).select(*_AREA, _van_duo="aantal")
    nobody = _of_which_all_are_in(view, DUO).join(of_duo.filter(_van_duo=0).select(_AREA), on=_AREA)
    on_school_ground = pl.col("grond") == Ground.SCHOOL.value
    return (
        rows.join(complete, on=_AREA, how="left", maintain_order="left")
        .join(found, on=_AREA, how="left", maintain_order="left")
        .join(nobody.with_columns(openbaar_niemand=pl.lit(value=True)), on=_AREA, how="left", maintain_order="left")
        .with_columns(
            leerlingen_hier=pl.when(pl.col("_compleet") & on_school_ground & pl.col("over_leerlingen")).then(
                pl.col("leerlingen_hier").fill_null(0).cast(pl.Int64)
            ),
            openbaar_niemand=pl.col("openbaar_niemand").fill_null(value=False),
        )
    )


def _of_which_all_are_in(view: View, source: str) -> pl.DataFrame:
    """The areas of which every school is in a source."""
    return view.units.of_schools((source,)).filter(pl.col("n_verwacht") == pl.col("n_geleverd")).select(_AREA)


def _with_staff(rows: pl.DataFrame, counts: pl.DataFrame) -> pl.DataFrame:
    """Adds the medewerkers behind fte, hours and activities: of that functie where the row is about one."""
    staff = counts.filter(pl.col("maat").is_in([measure.id for measure in _STAFF.values()])).select(
        *_AREA,
        _m_uitsplitsing="uitsplitsing",
        _m_categorie="categorie",
        medewerkers_maat="maat",
        teller_medewerkers=pl.col("aantal").cast(pl.Int64),
    )
    by_functie = pl.when(pl.col("uitsplitsing") == FUNCTIE.id)
    return (
        rows.with_columns(
            _m_uitsplitsing=by_functie.then("uitsplitsing").otherwise(pl.lit(TOTAAL)),
            _m_categorie=by_functie.then("categorie").otherwise(pl.lit(TOTAAL)),
        )
        .join(
            staff,
            on=[*_AREA, "_m_uitsplitsing", "_m_categorie", "medewerkers_maat"],
            how="left",
            maintain_order="left",
        )
        .with_columns(
            teller_medewerkers=pl.when(pl.col("medewerkers_maat").is_not_null()).then(
                pl.col("teller_medewerkers").fill_null(0)
            )
        )
    )


def _with_applicability(rows: pl.DataFrame, base: Mapping[str, pl.DataFrame], view: View) -> pl.DataFrame:
    """Adds ``bestaat``: false where what a team does cannot be told apart for this area.

    That is a school served by a team only, and an area of such schools that does not hold all schools of the team. What
    a school reported itself is its own.
    """
    places = members(view)[Ground.SCHOOL]
    parts = [
        places.filter(~pl.col("plaats").is_in(list(team_only_schools(view, base[table]))))
        .select(*_AREA, per_team=pl.lit(table))
        .unique()
        for table in _STAFF
    ]
    exists = pl.concat(parts).with_columns(bestaat=pl.lit(value=True))
    return rows.join(exists, on=[*_AREA, "per_team"], how="left", maintain_order="left").with_columns(
        bestaat=pl.col("per_team").is_null()
        | pl.col("bestaat").fill_null(value=False)
        | (pl.col("herkomst") == REPORTED)
    )


def _without_unlinkable(rows: pl.DataFrame, indicators: tuple[Indicator, ...], view: View) -> pl.DataFrame:
    """A figure that looks persons up does not exist where sources have different keys: nobody would be found.

    What a school reported itself needs no looking up.
    """
    apart = unlinkable(view.units, indicators).select("indicator", *_AREA, _apart=pl.lit(value=True))
    return rows.join(apart, on=["indicator", *_AREA], how="left", maintain_order="left").with_columns(
        bestaat=pl.col("bestaat") & (pl.col("_apart").is_null() | (pl.col("herkomst") == REPORTED))
    )


def _shaped(rows: pl.DataFrame, view: View) -> pl.DataFrame:
    return rows.with_columns(
        schooljaar=pl.lit(str(view.year)),
        periode=pl.lit(view.window.period.value),
        peildatum=pl.lit(view.peildatum),
    ).select(pl.col(name).cast(dtype) for name, dtype in CUBE.items())

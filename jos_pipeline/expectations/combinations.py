"""Rows that are right one by one and cannot be true together, and totals that do not fit each other.

Only counts come out.
"""

from datetime import date

import polars as pl

from jos_pipeline.expectations.measures import ENOUGH_PUPILS, ENOUGH_ROWS, Measure, Sources, share
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.entry import Statistic
from schemas.contract import PRECISION

WEEK = pl.duration(days=7)
"""A change of school may take a week in which both have the pupil."""
MOST_FTE = 1.2
_FAR = pl.lit(date(9999, 1, 1))


def two_schools(sources: Sources) -> list[Measure]:
    """The share of pupils who stand at two schools at once for more than a week."""
    spells = (
        sources["leerlingen"]
        .drop_nulls("leerling_id")
        .select("leerling_id", "school", "inschrijfdatum", "uitschrijfdatum")
    )
    pairs = spells.join(spells, on="leerling_id", suffix="_ander").filter(pl.col("school") < pl.col("school_ander"))
    first = pl.max_horizontal("inschrijfdatum", "inschrijfdatum_ander")
    last = pl.min_horizontal(pl.col("uitschrijfdatum").fill_null(_FAR), pl.col("uitschrijfdatum_ander").fill_null(_FAR))
    doubled = pairs.filter(first + WEEK < last).get_column("leerling_id").n_unique()
    pupils = spells.get_column("leerling_id").n_unique()
    return [Measure("op_twee_scholen_tegelijk", share(doubled, pupils, ENOUGH_PUPILS))]


def absent_though_enrolled(sources: Sources) -> list[Measure]:
    """Pupils with absoluut verzuim (no school) who on its first day had been at a school for a week."""
    spells = sources["leerlingen"].select("leerling_id", "inschrijfdatum", "uitschrijfdatum").drop_nulls("leerling_id")
    if spells.is_empty():
        return []
    absent = sources.own.filter((pl.col("soort") == "absoluut") & _to_the_day("begindatum"))
    begun = pl.col("inschrijfdatum") + WEEK <= pl.col("begindatum")
    not_ended = pl.col("uitschrijfdatum").fill_null(_FAR) > pl.col("begindatum")
    found = absent.join(spells, on="leerling_id").filter(begun & not_ended)
    return _per_supplier("absoluut_en_toch_ingeschreven", absent, found, "leerling_id")


def placed_before_granted(sources: Sources) -> list[Measure]:
    """Verklaringen with a plaatsing before the afgifte, both known to the day."""
    rows = sources["tlv"].filter(_to_the_day("plaatsingsdatum") & _to_the_day("afgiftedatum"))
    found = rows.filter(pl.col("plaatsingsdatum") < pl.col("afgiftedatum"))
    return _per_supplier("geplaatst_voor_afgifte", rows, found, "tlv_nummer")


def too_much_fte(sources: Sources) -> list[Measure]:
    """Medewerkers whose rows together are more than a job and a bit, on the first day of any of them."""
    rows = sources["inzet"].select("leverancier", "medewerker", "begindatum", "einddatum", "fte")
    days = rows.select("leverancier", "medewerker", dag="begindatum").unique()
    active = (pl.col("begindatum") <= pl.col("dag")) & (pl.col("einddatum").fill_null(_FAR) >= pl.col("dag"))
    sums = (
        days.join(rows, on=["leverancier", "medewerker"])
        .filter(active)
        .group_by("leverancier", "medewerker", "dag")
        .agg(pl.col("fte").sum())
    )
    return _per_supplier(
        "medewerkers_met_te_veel_fte", rows, sums.filter(pl.col("fte") > MOST_FTE + 1e-9), "medewerker"
    )


def more_helped_than_enrolled(sources: Sources) -> list[Measure]:
    """Schools with more pupils in trajecten than in their enrolments."""
    enrolled = _pupils_by_school(sources["leerlingen"], "leerlingen")
    helped = _pupils_by_school(sources["trajecten"], "geholpen")
    both = enrolled.join(helped, on="school")
    value = float(both.filter(pl.col("geholpen") > pl.col("leerlingen")).height) if both.height else None
    return [Measure("scholen_met_te_veel_trajecten", value)]


def idle_functions(sources: Sources) -> list[Measure]:
    """Per supplier of activities the functies with staff and without a single activity."""
    done = sources["activiteiten"].select("leverancier", "functie").unique()
    staffed = sources["inzet"].select("leverancier", "functie").unique()
    staffed = staffed.filter(pl.col("leverancier").is_in(done.get_column("leverancier").unique().to_list()))
    idle = staffed.join(done, on=["leverancier", "functie"], how="anti")
    return _per_supplier("functies_zonder_activiteiten", staffed, idle, "functie")


def idle_schools(sources: Sources) -> list[Measure]:
    """Per supplier of activities the schools with staff of their own and without an activity or a traject."""
    teams = pl.DataFrame(
        [(team.id, school) for team in sources.region.teams for school in team.scholen],
        schema={"team": pl.String, "school": pl.String},
        orient="row",
    )
    work, trajects = sources["activiteiten"], sources["trajecten"]
    helped = pl.concat(
        [
            work.select("leverancier", "school"),
            work.select("leverancier", "team").join(teams, on="team").select("leverancier", "school"),
            trajects.select("leverancier", "school"),
        ]
    ).unique()
    delivered = work.get_column("leverancier").unique().to_list()
    staffed = sources["inzet"].drop_nulls("school").filter(pl.col("leverancier").is_in(delivered))
    idle = staffed.join(helped, on=["leverancier", "school"], how="anti")
    return _per_supplier("scholen_met_inzet_zonder_hulp", staffed, idle, "school")


def outside_school_days(sources: Sources) -> list[Measure]:
    """Per supplier the share of activities in a weekend or in the weeks of July and August that are always holiday."""
    rows = sources["activiteiten"].filter(_to_the_day("datum"))
    day = pl.col("datum").dt.month() * 100 + pl.col("datum").dt.day()
    free = (pl.col("datum").dt.weekday() >= 6) | day.is_between(725, 815)
    counted = rows.group_by("leverancier").agg(pl.len(), free.sum().alias("vrij")).sort("leverancier")
    return [
        Measure("activiteiten_buiten_schooldagen", share(hits, count, ENOUGH_ROWS), supplier)
        for supplier, count, hits in counted.iter_rows()
    ]


def more_pupils_than_inhabitants(sources: Sources) -> list[Measure]:
    """Gemeente and age class with more pupils according to schools than inhabitants, on the latest peildatum."""
    pupils = (
        sources["leerlingen"]
        .drop_nulls("leerling_id")
        .unique("leerling_id")
        .group_by("woongemeente", "leeftijdsklasse")
        .agg(leerlingen=pl.len())
    )
    living = (
        sources["inwoners"].sort("peildatum").unique(["leverancier", "woongemeente", "leeftijdsklasse"], keep="last")
    )
    both = living.join(pupils, on=["woongemeente", "leeftijdsklasse"])
    found = both.filter(pl.col("leerlingen") > pl.col("aantal")).select("leverancier", wie="leeftijdsklasse")
    return _per_supplier("leeftijden_met_te_weinig_inwoners", both, found, "wie")


def totals_that_do_not_add_up(sources: Sources) -> list[Measure]:
    """Per supplier the opgaven of a share of which even the least teller is above the largest noemer."""
    shares = [name for name, entry in INDICATORS.items() if entry.statistiek is Statistic.AANDEEL]
    rows = sources["opgave"].filter(pl.col("indicator").is_in(shares))
    found = rows.filter(pl.col("teller_min") > pl.col("noemer_max"))
    counted = found.with_row_index("rij")
    return _per_supplier("opgaven_met_te_grote_teller", rows, counted, "rij")


def _to_the_day(column: str) -> pl.Expr:
    return pl.col(column + PRECISION) == "dag"


def _pupils_by_school(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    return frame.drop_nulls("leerling_id").group_by("school").agg(pl.col("leerling_id").n_unique().alias(name))


def _per_supplier(name: str, judged: pl.DataFrame, found: pl.DataFrame, what: str) -> list[Measure]:
    """For every supplier with rows to judge, how many different ``what`` were found; nought is told too."""
    counted = dict(found.group_by("leverancier").agg(pl.col(what).n_unique()).iter_rows())
    suppliers = sorted(judged.get_column("leverancier").unique())
    return [Measure(name, float(counted.get(supplier, 0)), supplier) for supplier in suppliers]

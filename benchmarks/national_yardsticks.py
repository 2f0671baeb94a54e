"""The yardsticks of ``national``: the counts of the catalogue by hand, in DuckDB and in polars, on the same Parquet.

What an analyst would write who knows all definitions and needs nothing else: no base tables, no check of them, no
coverage, no status, no matrix of rows. Per soort, window (three) and breakdown one grouped query over four levels,
with the persons behind every count of persons' rows, as disclosure control needs them. Left out are the counts that
need another soort or the whole history of a pupil; they would only slow a yardstick down.
"""

from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.national_data import LAYER, PEILDATUM, YEAR
from jos_pipeline.region import Region

PERSON = "leerling_id"


@dataclass(frozen=True)
class Query:
    """Conditions by name, in SQL that both engines read; ``{a}`` and ``{b}`` are the window.

    ``rows`` count rows, ``persons`` distinct pupils; ``values`` are (aggregate, value, condition). ``splits``: per
    column the names that are broken down by it.
    """

    soort: str
    place: str
    rows: dict[str, str] = field(default_factory=dict)
    persons: dict[str, str] = field(default_factory=dict)
    values: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    splits: dict[str, tuple[str, ...]] = field(default_factory=dict)
    about_persons: bool = True


def _in(day: str) -> str:
    return f"({day} >= {{a}} AND {day} <= {{b}})"


_ACTIVE = "(begindatum <= {b} AND (einddatum IS NULL OR einddatum >= {a}))"
_ENDED, _STARTED = _in("einddatum"), _in("begindatum")
_EARLY = "uitkomst IN ('voortijdig_client', 'voortijdig_aanbieder', 'voortijdig_overleg')"
_OVER = f"{_ENDED} AND uitkomst IN ('voorliggend_veld', 'sociaal_team', 'specialistische_jeugdhulp')"
_ON_DAY = "inschrijfdatum <= {t} AND (uitschrijfdatum IS NULL OR uitschrijfdatum >= {t})"
_VSO_WAIT = f"soort_onderwijs = 'vso' AND {_in('plaatsingsdatum')}"
_SPELL = "(aanvang <= {b} AND (einde IS NULL OR einde >= {a}))"
_AT_HOME = "(begindatum <= {b} AND (einddatum IS NULL OR einddatum > {b}))"
_DONE = _in("datum")

QUERIES = (
    Query(
        "trajecten",
        "school",
        rows={
            "nieuw": _STARTED,
            "lopend": "begindatum <= {b} AND (einddatum IS NULL OR einddatum >= {b})",
            "afgesloten": _ENDED,
            "actief": _ACTIVE,
            "overbrugging": f"{_ACTIVE} AND overbrugging",
            "kortdurend": f"{_ENDED} AND aantal_gesprekken <= 5",
            "gesprekken": f"{_ENDED} AND aantal_gesprekken IS NOT NULL",
            "zonder_vervolg": f"{_ENDED} AND uitkomst = 'geen_vervolg'",
            "voorkomen": f"{_ENDED} AND specialistische_hulp_in_beeld AND NOT (uitkomst IN "
            "('specialistische_jeugdhulp', 'gespecialiseerd_onderwijs', 'voortijdig_client', 'voortijdig_aanbieder', "
            "'voortijdig_overleg'))",
            "in_beeld": f"{_ENDED} AND specialistische_hulp_in_beeld",
            "warm": f"{_OVER} AND warme_overdracht",
            "overdracht": f"{_OVER} AND warme_overdracht IS NOT NULL",
            "verwezen": f"{_ENDED} AND uitkomst = 'specialistische_jeugdhulp'",
            "uitval": f"{_ENDED} AND {_EARLY}",
            "zonder_hulp": f"{_ENDED} AND zonder_hulp_verder IN ('03', '04')",
            "hulp_bekend": f"{_ENDED} AND zonder_hulp_verder IS NOT NULL",
            "beschikking": f"{_STARTED} AND beschikking_aangevraagd",
        },
        persons={"jos_leerlingen": _ACTIVE, "leerlingen_afgesloten": _ENDED},
        values={
            "doelen_behaald": ("sum", "doelen_behaald", f"{_ENDED} AND doelen_gesteld IS NOT NULL"),
            "doelen_gesteld": ("sum", "doelen_gesteld", f"{_ENDED} AND doelen_behaald IS NOT NULL"),
            "nut": ("avg", "nut", f"{_ENDED} AND nut IS NOT NULL"),
            "trajectduur": ("median", "einddatum - begindatum", _ENDED),
            "wachttijd": ("median", "eerste_contact - aanmelddatum", _in("eerste_contact")),
        },
        splits={
            "functie": (
                *("jos_leerlingen", "nieuw", "lopend", "afgesloten", "actief", "overbrugging", "kortdurend"),
                *("gesprekken", "zonder_vervolg", "voorkomen", "in_beeld", "verwezen", "uitval", "beschikking"),
                *("doelen_behaald", "doelen_gesteld", "nut", "trajectduur", "wachttijd"),
            ),
            "aanmeldreden": ("jos_leerlingen", "nieuw", "lopend", "afgesloten", "zonder_vervolg", "verwezen"),
            "leeftijdsklasse": ("jos_leerlingen",),
            "preventie": ("jos_leerlingen",),
            "aard": ("jos_leerlingen",),
            "vorm": ("jos_leerlingen",),
            "informant": ("zonder_hulp", "hulp_bekend", "nut"),
        },
    ),
    Query(
        "leerlingen",
        "school",
        persons={
            "leerlingen": _ON_DAY,
            "ondersteund": f"{_ON_DAY} AND extra_ondersteuning",
            "uitgevallen": f"{_ON_DAY} AND {_in('uitschrijfdatum')} AND uitstroom = 'geen_vervolg'",
        },
        splits={"onderwijssoort": ("leerlingen", "ondersteund", "uitgevallen"), "leerjaar": ("leerlingen",)},
    ),
    Query(
        "activiteiten",
        "school",
        rows={
            "consultaties": f"{_DONE} AND activiteit = 'consultatie'",
            "observaties": f"{_DONE} AND activiteit IN ('observatie', 'handelingsadvies', 'diagnostiek')",
            "oudercontacten": f"{_DONE} AND activiteit IN ('oudergesprek', 'huisbezoek')",
            "inloop": f"{_DONE} AND activiteit = 'inloopspreekuur'",
        },
        values={
            "minuten": ("sum", "minuten", _DONE),
            "minuten_primair": ("sum", "minuten", f"{_DONE} AND preventie = 'primair'"),
            "vragen": ("sum", "coalesce(aantal_deelnemers, 1)", f"{_DONE} AND activiteit = 'inloopspreekuur'"),
            "bereik": (
                "sum",
                "aantal_deelnemers",
                f"{_DONE} AND activiteit IN ('groepsaanbod', 'collectieve_activiteit', 'professionalisering')",
            ),
        },
        splits={
            "activiteit": ("minuten",),
            "functie": ("minuten", "minuten_primair", "consultaties", "observaties", "oudercontacten"),
            "preventie": ("minuten",),
            "doelgroep": ("inloop", "vragen", "bereik"),
            "vraagcategorie": ("inloop", "vragen"),
        },
        about_persons=False,
    ),
    Query(
        "verzuim",
        "school",
        persons={
            "verzuim_16uur": f"{_STARTED} AND soort = '16_uur'",
            "verzuim_langdurig": f"{_STARTED} AND soort = 'langdurig_relatief'",
        },
    ),
    Query(
        "tlv",
        "school",
        rows={
            "afgegeven": _in("afgiftedatum"),
            "wachtend": "soort_onderwijs = 'vso' AND afgiftedatum <= {b} AND "
            "(plaatsingsdatum IS NULL OR plaatsingsdatum > {b})",
        },
        values={"wachttijd_vso": ("median", "plaatsingsdatum - afgiftedatum", _VSO_WAIT)},
        splits={"categorie": ("afgegeven",), "soort_onderwijs": ("afgegeven",)},
    ),
    Query(
        "jeugdhulp",
        "woongemeente",
        rows={"gestart": _in("aanvang")},
        persons={
            "met_jeugdhulp": _SPELL,
            "met_verblijf": f"{_SPELL} AND hulpvorm IN ('11', '12', '13', '14')",
            "van_12_tot_17": f"{_SPELL} AND leeftijdsklasse IN ('12-13', '14-15', '16-17')",
        },
        splits={"verwijzer": ("gestart",), "leeftijdsklasse": ("van_12_tot_17",)},
    ),
    Query(
        "wachttijden",
        "woongemeente",
        rows={
            "wachtend": "aanmelddatum <= {b} AND (startdatum IS NULL OR startdatum > {b})",
            "intake": f"soort = 'jeugdhulp' AND {_in('intakedatum')}",
            "start": f"soort = 'jeugdhulp' AND {_in('startdatum')}",
        },
        values={
            "sociaal_team": ("median", "startdatum - aanmelddatum", f"soort = 'sociaal_team' AND {_in('startdatum')}"),
            "jeugdhulp": ("median", "startdatum - aanmelddatum", f"soort = 'jeugdhulp' AND {_in('startdatum')}"),
        },
        splits={"soort": ("wachtend",)},
    ),
    Query(
        "thuiszitters",
        "woongemeente",
        persons={"thuiszitters": _AT_HOME, "actief": _ACTIVE, "teruggeleid": f"{_ACTIVE} AND {_ENDED} AND teruggeleid"},
        splits={"soort": ("thuiszitters",)},
    ),
    Query("leerplicht", "woongemeente", persons={"absoluut": f"{_ACTIVE} AND NOT vrijstelling"}),
    Query(
        "enquete",
        "school",
        rows={"bekend": "missie_bekend", "beter": "verbetering = 'ja'", "antwoorden": "verbetering IS NOT NULL"},
        values={"samenwerking": ("avg", "samenwerking", "samenwerking IS NOT NULL")},
        splits={"rol": ("bekend", "beter", "antwoorden", "samenwerking")},
        about_persons=False,
    ),
)


def places(region: Region) -> dict[str, pl.DataFrame]:
    """Per kind of place the areas it lies in, wide: ``plaats, gemeente, swv`` and what every row has in common."""
    swv = {area.gemeente: area.samenwerkingsverband for area in region.gebieden}
    schools = [(s.school, s.gemeente, swv[s.gemeente]) for s in region.scholen]
    homes = [(gemeente, gemeente, verband) for gemeente, verband in swv.items()]
    columns = ["plaats", "gemeente", "swv"]
    return {
        "school": pl.DataFrame(schools, schema=columns, orient="row"),
        "woongemeente": pl.DataFrame(homes, schema=columns, orient="row"),
    }


def _windowed(text: str, a: object, b: object) -> str:
    return text.format(a=f"DATE '{a}'", b=f"DATE '{b}'", t=f"DATE '{YEAR.counting_day}'")


def _wanted(query: Query, split: str | None) -> set[str]:
    return {*query.rows, *query.persons, *query.values} if split is None else set(query.splits[split])


def _levels(query: Query) -> tuple[str, ...]:
    return ("plaats", "gemeente", "swv", "regio") if query.place == "school" else ("gemeente", "swv", "regio")


def by_duckdb(root: Path, region: Region) -> int:
    """Counts everything with DuckDB; gives the number of groups."""
    connection = duckdb.connect(config={"threads": 2})
    found = places(region)
    groups = 0
    for query in QUERIES:
        connection.register("plaatsen", found[query.place].to_arrow())
        source = root / LAYER / query.soort / f"{YEAR}.parquet"
        for window in YEAR.windows(PEILDATUM):
            for split in (None, *query.splits):
                text = _sql(query, split, str(source))
                groups += connection.sql(_windowed(text, window.a, window.b)).to_arrow_table().num_rows
    return groups


def _sql(query: Query, split: str | None, source: str) -> str:
    wanted = _wanted(query, split)
    cells = [f"count(*) FILTER ({where}) AS {name}" for name, where in query.rows.items() if name in wanted]
    counted = query.persons | (query.rows if query.about_persons else {})
    cells += [
        f"count(DISTINCT {PERSON}) FILTER ({where}) AS {name}_personen"
        for name, where in counted.items()
        if name in wanted
    ]
    cells += [
        f"{how}({value}) FILTER ({where}) AS {name}"
        for name, (how, value, where) in query.values.items()
        if name in wanted
    ]
    more = f", {split}" if split else ""
    sets = ", ".join(
        f"({'' if level == 'regio' else level}{(more if level != 'regio' else more[2:])})" for level in _levels(query)
    )
    keys = "gemeente, swv" if query.place == "woongemeente" else "plaats, gemeente, swv"
    return (
        f"SELECT {keys}{more}, {', '.join(cells)} FROM read_parquet('{source}') r "
        f"JOIN plaatsen ON r.{query.place} = plaats GROUP BY GROUPING SETS ({sets})"
    )


def by_polars(root: Path, region: Region) -> int:
    """Counts everything with polars, lazily; gives the number of groups."""
    found = places(region)
    groups = 0
    for query in QUERIES:
        source = pl.scan_parquet(root / LAYER / query.soort / f"{YEAR}.parquet")
        rows = source.join(
            found[query.place].lazy().with_columns(regio=pl.lit("regio")), left_on=query.place, right_on="plaats"
        ).with_columns(plaats=pl.col(query.place))
        for window in YEAR.windows(PEILDATUM):
            todo = [
                rows.group_by(level, *([split] if split else ())).agg(_aggregates(query, split, window.a, window.b))
                for split in (None, *query.splits)
                for level in _levels(query)
            ]
            groups += sum(frame.height for frame in pl.collect_all(todo))
    return groups


def _aggregates(query: Query, split: str | None, a: object, b: object) -> list[pl.Expr]:
    wanted = _wanted(query, split)

    def says(text: str) -> pl.Expr:
        return pl.sql_expr(_windowed(text, a, b))

    cells = [says(where).sum().alias(name) for name, where in query.rows.items() if name in wanted]
    counted = query.persons | (query.rows if query.about_persons else {})
    cells += [
        pl.col(PERSON).filter(says(where)).n_unique().alias(f"{name}_personen")
        for name, where in counted.items()
        if name in wanted
    ]
    how = {"sum": pl.Expr.sum, "avg": pl.Expr.mean, "median": pl.Expr.median}
    cells += [
        how[kind](says(value).filter(says(where))).alias(name)
        for name, (kind, value, where) in query.values.items()
        if name in wanted
    ]
    return cells

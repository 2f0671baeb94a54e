"""Every kind of relation between counts gives one hidden count away, and nothing does when that kind is left out."""

from collections.abc import Callable

import polars as pl
import pytest
from disclosure_rows import K, cube, row

from jos_pipeline.auditor.audit import audit
from jos_pipeline.linear_system import geography, halves, linear_system, system
from jos_pipeline.linear_system.relations import Relations

Row = dict[str, object]
Without = Callable[[pytest.MonkeyPatch], None]

LEVELS = {"r": "regio", "v": "samenwerkingsverband", "g": "gemeente", "s": "school"}
TREE = pl.DataFrame(
    [
        ("regio", "r", None, None, None, False),
        *(("samenwerkingsverband", v, None, v, None, False) for v in ("v1", "v2")),
        *(("gemeente", g, g, v, None, False) for g, v in (("g1", "v1"), ("g2", "v2"), ("g3", "v1"))),
        *(("school", s, g, v, "praktijkonderwijs", False) for s, g, v in (("s1", "g1", "v1"), ("s2", "g1", "v1"))),
        ("school", "s3", "g2", "v2", "regulier", False),
    ],
    schema={
        **dict.fromkeys(("niveau", "gebied", "gemeente", "samenwerkingsverband", "onderwijstype"), pl.String),
        "buiten": pl.Boolean,
    },
    orient="row",
)
YEAR, FIRST, SECOND = "schooljaar", "halfjaar_1", "halfjaar_2"
PRAKTIJK = {"uitsplitsing": "onderwijstype", "categorie": "praktijkonderwijs"}
REGULIER = PRAKTIJK | {"categorie": "regulier"}
A_REASON = {"uitsplitsing": "aanmeldreden", "categorie": "verzuim"}
STAFF = {"personen": False, "teller_personen": None, "teller_medewerkers": 1, "publiek_totaal": None}


def of(maat: str, gebied: str, n: float, periode: str = YEAR, **changes: object) -> Row:
    counts = {"teller": float(n), "waarde": float(n), "teller_personen": int(n), "teller_maat": maat}
    return row(niveau=LEVELS[gebied[0]], gebied=gebied, periode=periode, **counts) | changes


def at_schools(maat: str, first: int, second: int, periode: str = YEAR) -> list[Row]:
    return [of(maat, "s1", first, periode), of(maat, "s2", second, periode)]


def share(gebied: str, n: int, total: int) -> Row:
    noemer = {"noemer_maat": "n", "noemer": float(total), "noemer_personen": total, "eenheid": "aandeel"}
    return of("t", gebied, n, publiek_totaal=None, **noemer)


def running(gebied: str, before: int, ended_before: int, began: int, now: int) -> list[Row]:
    """Trajecten at the end of both half years, and those that ended in the first and began in the second."""
    numbers = [("lopend", FIRST, before), ("afgesloten", FIRST, ended_before), ("nieuw", SECOND, began)]
    return [of(f"trajecten_{name}", gebied, n, period) for name, period, n in [*numbers, ("lopend", SECOND, now)]]


def no_link(part: str, whole: str) -> Without:
    links = geography._links

    def others(placed: pl.DataFrame, p: str, w: str, loose: str | None = None) -> pl.DataFrame:
        found = links(placed, p, w, loose)
        return found.clear() if (p, w) == (part, whole) else found

    return lambda patch: patch.setattr(geography, "_links", others)


def no_register(patch: pytest.MonkeyPatch) -> None:
    known = system.kinds_of_school
    patch.setattr(system, "kinds_of_school", lambda view, areas: known(view, areas.drop("onderwijstype")))


def nothing(place: object, name: str) -> Without:
    return lambda patch: patch.setattr(place, name, lambda *_: None)


def none_of(name: str, empty: object = ()) -> Without:
    return lambda patch: patch.setattr(system, name, empty)


CASES: dict[str, tuple[list[Row], list[Row], Without]] = {
    "schools of a gemeente": (
        [of("m", "s2", 4)],
        [of("m", "g1", 30), of("m", "s1", 26)],
        no_link("school", "gemeente"),
    ),
    "schools of a samenwerkingsverband": (
        [of("m", "s2", 4)],
        [of("m", "v1", 30), of("m", "s1", 26)],
        no_link("school", "samenwerkingsverband"),
    ),
    "samenwerkingsverbanden of the region": (
        [of("jos_leerlingen", "v2", 4)],
        [of("jos_leerlingen", "r", 30), of("jos_leerlingen", "v1", 26)],
        no_link("samenwerkingsverband", "regio"),
    ),
    "gemeenten of the region": (
        [of("jos_leerlingen", "g3", 4)],
        [of("jos_leerlingen", "r", 30), of("jos_leerlingen", "g1", 15), of("jos_leerlingen", "g2", 11)],
        no_link("gemeente", "regio"),
    ),
    "gemeenten of the region, also where elsewhere somebody is at two schools": (
        [of("jos_leerlingen", "g3", 4)],
        [
            *(of("jos_leerlingen", "r", 30), of("jos_leerlingen", "g1", 15), of("jos_leerlingen", "g2", 11)),
            *(of("jos_leerlingen", "g1", 59, FIRST), *at_schools("jos_leerlingen", 30, 30, FIRST)),
        ],
        no_link("gemeente", "regio"),
    ),
    "gemeenten of a samenwerkingsverband, by home": (
        [of("thuiszitters", "g3", 4)],
        [of("thuiszitters", "v1", 30), of("thuiszitters", "g1", 26)],
        no_link("gemeente", "samenwerkingsverband"),
    ),
    "categories": (
        [of("m", "r", 4, uitsplitsing="u", categorie="a")],
        [of("m", "r", 30), of("m", "r", 26, uitsplitsing="u", categorie="b")],
        nothing(system, "_add_categories"),
    ),
    "schools of one onderwijstype": (
        [
            of("m", "s1", 4),
            *(one | PRAKTIJK for one in at_schools("m", 4, 26)),
            *(one | REGULIER for one in at_schools("m", 0, 0)),
        ],
        [of("m", "s2", 26), of("m", "g1", 30, **PRAKTIJK)],
        no_register,
    ),
    "schools of one onderwijstype that have no breakdown": (
        [of("m", "s1", 4)],
        [of("m", "s2", 26), of("m", "g1", 30, **PRAKTIJK)],
        no_register,
    ),
    "a part of its noemer": (
        [share("s1", 12, 12), share("s2", 11, 11)],
        [of("n", "s1", 12), of("n", "s2", 11), of("t", "g1", 23)],
        nothing(system, "_add_shares"),
    ),
    "nested": (
        at_schools("nut_waarnemingen", 3, 20),
        [of("nut_waarnemingen", "g1", 23), *at_schools("trajecten_afgesloten", 3, 20)],
        none_of("NESTED", (("jos_leerlingen", "trajecten_actief"),)),
    ),
    "all of it": (
        [of("jos_leerlingen_geteld", "s1", 4)],
        [of("jos_leerlingen", "s1", 4)],
        none_of("ALL_OF_IT", frozenset()),
    ),
    "disjoint": (
        [of("verwezen_specialistisch", "r", 4)],
        [of("trajecten_afgesloten", "r", 40), of("zonder_vervolg", "r", 20), of("uitval_hulp", "r", 16)],
        none_of("DISJOINT"),
    ),
    "apart": (
        at_schools("overdracht_bekend", 4, 3),
        [
            *(of("overdracht_bekend", "g1", 7), *at_schools("trajecten_afgesloten", 40, 23)),
            *(*at_schools("zonder_vervolg", 20, 10), *at_schools("uitval_hulp", 16, 10)),
        ],
        none_of("APART"),
    ),
    "the same": (
        [of("uren", "r", 4, uitsplitsing="preventie", categorie="primair", **STAFF)],
        [of("uren_primair", "r", 4, **STAFF)],
        none_of("SAME"),
    ),
    "half years that add up": (
        [of("trajecten_nieuw", "r", 4, SECOND)],
        [of("trajecten_nieuw", "r", 30), of("trajecten_nieuw", "r", 26, FIRST)],
        nothing(halves, "_add_flows"),
    ),
    "what is so on the last day": (
        [of("trajecten_lopend", "r", 4, SECOND)],
        [of("trajecten_lopend", "r", 4), of("trajecten_lopend", "r", 30, FIRST)],
        lambda patch: patch.setattr(halves, "course", lambda _: halves.Course.STOCK),
    ),
    "what is the same in every period": (
        [of("leerlingen", "r", 4, FIRST)],
        [of("leerlingen", "r", 4), of("leerlingen", "r", 4, SECOND)],
        lambda patch: patch.setattr(halves, "_constant", lambda _: []),
    ),
    "a half year that is all of the year": (
        [of("m", "r", 4, FIRST)],
        [of("m", "r", 4)],
        lambda patch: patch.setattr(Relations, "same", lambda *_: None),
    ),
    "half years that overlap": (
        at_schools("jos_leerlingen", 3, 4, SECOND),
        [
            *(of("jos_leerlingen", "g1", 7, SECOND), *at_schools("jos_leerlingen", 23, 14)),
            *at_schools("jos_leerlingen", 20, 10, FIRST),
        ],
        nothing(halves, "_add_stocks"),
    ),
    "means of half years": (
        [of("fte", "r", 2, SECOND, **STAFF)],
        [of("fte", "r", 4, **STAFF), of("fte", "r", 5, FIRST, **STAFF)],
        nothing(halves, "_add_means"),
    ),
    "running before and after": (
        [of("trajecten_afgesloten", "r", 6, SECOND)],
        running("r", 30, 0, 10, 34),
        nothing(halves, "_add_running"),
    ),
    "running before and after, where elsewhere one ended on the last day": (
        [of("trajecten_afgesloten", "g1", 6, SECOND)],
        [*running("g1", 30, 0, 10, 34), *running("g2", 30, 20, 10, 35), of("trajecten_afgesloten", "g2", 6, SECOND)],
        nothing(halves, "_add_running"),
    ),
    "running of a kind, where of all together none ended on the last day": (
        [of("trajecten_afgesloten", "g1", 6, SECOND, **A_REASON)],
        [
            *(one | A_REASON for one in running("g1", 30, 20, 10, 34)),
            *running("g1", 60, 40, 20, 65),
            *(of("trajecten_actief", "g1", 100, FIRST), of("trajecten_actief", "g1", 80, SECOND)),
            of("trajecten_afgesloten", "g1", 15, SECOND),
        ],
        nothing(halves, "_add_running"),
    ),
    "what is new began": (
        at_schools("trajecten_nieuw", 3, 4, SECOND),
        [
            *(of("trajecten_nieuw", "g1", 7, SECOND), *at_schools("jos_leerlingen", 23, 14)),
            *at_schools("jos_leerlingen", 20, 10, FIRST),
        ],
        nothing(halves, "_add_come_and_go"),
    ),
    "what is gone ended": (
        at_schools("trajecten_afgesloten", 3, 4, FIRST),
        [
            *(of("trajecten_afgesloten", "g1", 7, FIRST), *at_schools("jos_leerlingen", 23, 14)),
            *at_schools("jos_leerlingen", 20, 10, SECOND),
        ],
        nothing(halves, "_add_come_and_go"),
    ),
    "waiting before and after": (
        [of("tlv_afgegeven", "r", 4, SECOND, uitsplitsing="soort_onderwijs", categorie="vso")],
        [
            *(of("wachtend_vso", "r", 20, FIRST), of("wachtend_vso", "r", 18, SECOND)),
            of("wachttijd_vso_waarnemingen", "r", 6, SECOND),
        ],
        nothing(halves, "_add_waiting"),
    ),
    "carried over": (
        [of("thuiszitters", gebied, n, FIRST) for gebied, n in (("g1", 3), ("g3", 4))],
        [
            of("thuiszitters", "v1", 7, FIRST),
            *(of("thuiszitters_actief", gebied, n, SECOND) for gebied, n in (("g1", 3), ("g3", 4))),
        ],
        nothing(halves, "_add_carried_over"),
    ),
}


BOUNDED = (
    "disjoint",
    "running before and after",
    "running before and after, where elsewhere one ended on the last day",
)
"""Kinds that tell how much a count is at most, and no more."""


def told(hidden: list[Row], shown: list[Row], *, bounded: bool) -> bool:
    """Whether somebody who sees the shown rows can tell the first of the hidden ones, or too narrowly (``bounded``)."""
    # every period has begun, whatever a case is about
    begun = [of("andere", "r", 50, period) for period in {str(one["periode"]) for one in shown + hidden} | {YEAR}]
    rows = cube(*hidden, *shown, *begun)
    built = linear_system(rows, TREE, K)
    unseen = pl.int_range(pl.len()) < len(hidden)
    published = rows.with_columns(waarde_status=pl.when(unseen).then(pl.lit("onderdrukt")).otherwise("waarde_status"))
    number = built.stands.filter(rij=0, maat=hidden[0]["teller_maat"]).get_column("nummer").item()
    found = audit(built.table, built.hidden_in(published)).exposures
    return number in (found if bounded else found.filter("exact"))["cell"]


@pytest.mark.parametrize("kind", CASES)
def test_a_kind_of_relation_gives_a_hidden_count_away_and_nothing_else_does(kind: str, monkeypatch: pytest.MonkeyPatch):
    hidden, shown, without = CASES[kind]
    assert told(hidden, shown, bounded=kind in BOUNDED)
    without(monkeypatch)
    assert not told(hidden, shown, bounded=kind in BOUNDED)

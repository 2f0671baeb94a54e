"""For every expectation a small case in which it comes true and one in which it fails, as (soort, measures)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from jos_pipeline.expectations.deliveries import Compared, Sent, delivery_measures
from jos_pipeline.expectations.measures import Measure, Sources
from jos_pipeline.expectations.publication import publication_measures
from jos_pipeline.expectations.sources import also_read, source_measures
from jos_pipeline.linking import empty_frame
from schemas.expectations.publication import PUBLICATION
from tests.unit.linked_rows import rows, small_region

YEAR, BEFORE = "2022-2023", "2021-2022"
FEBRUARY = date(2023, 2, 1)
Found = tuple[str, list[Measure]]


@dataclass(frozen=True)
class Case:
    """An expectation that comes true on ``right`` and fails on ``wrong``; made when they are needed."""

    name: str
    right: Callable[[], Found]
    wrong: Callable[[], Found]


def pupil(number: int) -> str:
    return f"{number:064x}"


# --- deliveries --------------------------------------------------------------------------------------------


def sent(soort: str, count: int, year: str = YEAR, peildatum: date = FEBRUARY, by: str = "jos") -> Sent:
    return Sent(by, soort, year, peildatum, "0" * 64, count)


def resized(soort: str, now: int, before: int) -> Callable[[], Found]:
    """A delivery of ``now`` rows in place of one of ``before`` rows of the same day."""
    return lambda: (soort, _measures(Compared(sent(soort, now), sent(soort, before), None), pl.DataFrame(), None))


def a_year_on(soort: str, now: int, before: int) -> Callable[[], Found]:
    old = sent(soort, before, BEFORE, date(2022, 2, 1))
    return lambda: (soort, _measures(Compared(sent(soort, now), None, old), pl.DataFrame(), None))


def changed(
    soort: str, now: Iterable[dict[str, Any]], before: Iterable[dict[str, Any]], by: str = "jos"
) -> Callable[[], Found]:
    """A delivery with these rows in place of one with those, a day apart."""
    new, old = rows(soort, *now, leverancier=by), rows(soort, *before, leverancier=by)
    found = Compared(sent(soort, new.height, by=by), sent(soort, old.height, by=by), None)
    return lambda: (soort, _measures(found, new, old))


def _measures(found: Compared, frame: pl.DataFrame, earlier: pl.DataFrame | None) -> list[Measure]:
    soort = found.sent.soort
    return delivery_measures(frame if frame.width else empty_frame(soort), found, earlier, small_region())


def many(count: int, **cell: Any) -> list[dict[str, Any]]:
    return [{"leerling_id": pupil(number), **cell} for number in range(count)]


ON_DELIVERIES = (
    Case("levering_heeft_rijen", resized("inzet", 1, 0), resized("inzet", 0, 40)),
    Case("omvang_springt_niet", resized("inzet", 45, 40), resized("inzet", 60, 40)),
    Case("omvang_zakt_niet", resized("trajecten", 36, 40), resized("trajecten", 30, 40)),
    Case("niet_veel_meer_dan_vorig_jaar", a_year_on("tlv", 50, 40), a_year_on("tlv", 70, 40)),
    Case("niet_veel_minder_dan_vorig_jaar", a_year_on("tlv", 30, 40), a_year_on("tlv", 20, 40)),
    Case(
        "eigen_school_komt_voor",
        changed("leerlingen", many(3, school="10AA00"), [], by="10aa00"),
        changed("leerlingen", many(3, school="10BB00"), [], by="10aa00"),
    ),
    Case(
        "geen_school_verdwijnt",
        changed("trajecten", many(1, school="10BB00"), many(30, school="10BB00")),
        changed("trajecten", many(40, school="10AA00"), many(30, school="10BB00")),
    ),
    Case(
        "vulling_zakt_niet",
        changed("trajecten", many(35, woongemeente="GM0001") + many(5), many(40, woongemeente="GM0001")),
        changed("trajecten", many(20, woongemeente="GM0001") + many(20), many(40, woongemeente="GM0001")),
    ),
    Case(
        "leerling_is_bekend",
        changed("wachttijden", many(38) + [{}] * 2, []),
        changed("wachttijden", many(20) + [{}] * 20, []),
    ),
    Case(
        "verdeling_verschuift_niet",
        changed("trajecten", many(40, aard="structureel"), many(38) + many(2, aard="incidenteel")),
        changed("trajecten", many(20) + many(20, aard="incidenteel"), many(40, aard="structureel")),
    ),
    Case(
        "mediaan_verschuift_niet",
        changed("activiteiten", [{"minuten": 50}] * 40, [{"minuten": 60}] * 40),
        changed("activiteiten", [{"minuten": 30}] * 40, [{"minuten": 60}] * 40),
    ),
)


# --- sources -----------------------------------------------------------------------------------------------


def sources(soort: str, **frames: list[dict[str, Any]]) -> Callable[[], Found]:
    """The measures of a soort beside the others; every frame is of the supplier ``jos``."""
    made = {name: rows(name, *frames.get(name, []), leverancier="jos") for name in (soort, *also_read(soort))}
    return lambda: (soort, source_measures(Sources(soort, made, small_region())))


ENROLLED = many(20, school="10AA00")
LEFT = [{**row, "uitschrijfdatum": date(2022, 10, 1)} for row in ENROLLED]
STRANGERS = [{"leerling_id": pupil(number)} for number in range(100, 120)]


def schools_named(at_first: list[dict[str, Any]]) -> Callable[[], Found]:
    """Two schools that enrolled pupils 0-19 and 20-39; of the first an aanbieder names these, of the second its own."""
    second = [{"leerling_id": pupil(number), "school": "10BB00"} for number in range(20, 40)]
    enrolled = [rows("leerlingen", *many(20), leverancier="10aa00"), rows("leerlingen", *second, leverancier="10bb00")]
    made = {
        "leerlingen": pl.concat(enrolled),
        "trajecten": rows("trajecten", *at_first, *second, leverancier="jos"),
        "tlv": empty_frame("tlv"),
    }
    return lambda: ("leerlingen", source_measures(Sources("leerlingen", made, small_region())))


def _activity(day: date, count: int = 40) -> list[dict[str, Any]]:
    return [{"datum": day, "school": "10AA00"}] * count


ON_SOURCES = (
    Case(
        "leerling_staat_ingeschreven",
        sources("trajecten", leerlingen=ENROLLED, trajecten=many(20)),
        sources("verzuim", leerlingen=ENROLLED, verzuim=many(10) + STRANGERS[:5]),
    ),
    Case(
        "bronnen_delen_sleutel",
        sources("tlv", leerlingen=ENROLLED, tlv=many(10) + STRANGERS[:5]),
        sources("tlv", leerlingen=ENROLLED, tlv=STRANGERS),
    ),
    Case("school_deelt_sleutel", schools_named(many(20)), schools_named(STRANGERS)),
    Case(
        "geen_dubbele_rijen",
        sources("verzuim", verzuim=many(40)),
        sources("verzuim", verzuim=many(40) + many(5)),
    ),
    Case(
        "traject_is_bekend",
        sources("activiteiten", trajecten=[{"traject_id": "T1"}], activiteiten=[{"traject_id": "T1"}]),
        sources("activiteiten", trajecten=[{"traject_id": "T1"}], activiteiten=[{"traject_id": "T2"}]),
    ),
    Case(
        "school_komt_overeen",
        sources("trajecten", leerlingen=ENROLLED, trajecten=many(20, school="10AA00")),
        sources(
            "trajecten",
            leerlingen=[*ENROLLED, {"leerling_id": pupil(99), "school": "10BB00"}],
            trajecten=many(20, school="10BB00"),
        ),
    ),
    Case(
        "woongemeente_komt_overeen",
        sources("jeugdhulp", leerlingen=ENROLLED, jeugdhulp=many(20, woongemeente="GM0001")),
        sources("leerplicht", leerlingen=ENROLLED, leerplicht=many(20, woongemeente="GM0002")),
    ),
    Case(
        "leeftijd_komt_overeen",
        sources("jeugdhulp", leerlingen=ENROLLED, jeugdhulp=many(20, leeftijdsklasse="14-15")),
        sources("jeugdhulp", leerlingen=ENROLLED, jeugdhulp=many(20, leeftijdsklasse="16-17")),
    ),
    Case(
        "geen_traject_na_vertrek",
        sources("trajecten", leerlingen=LEFT, trajecten=many(1, begindatum=date(2022, 10, 31))),
        sources("trajecten", leerlingen=LEFT, trajecten=many(1, begindatum=date(2022, 11, 1))),
    ),
    Case(
        "een_inschrijving_tegelijk",
        sources("leerlingen", leerlingen=LEFT + many(20, school="10BB00", inschrijfdatum=date(2022, 9, 26))),
        sources("leerlingen", leerlingen=LEFT + many(20, school="10BB00", inschrijfdatum=date(2022, 9, 1))),
    ),
    Case(
        "absoluut_is_zonder_school",
        sources("thuiszitters", leerlingen=LEFT, thuiszitters=many(1, begindatum=date(2022, 10, 1))),
        sources("thuiszitters", leerlingen=LEFT, thuiszitters=many(1, begindatum=date(2022, 9, 30))),
    ),
    Case(
        "plaatsing_na_afgifte",
        sources("tlv", tlv=many(1, afgiftedatum=date(2022, 10, 1), plaatsingsdatum=date(2022, 10, 1))),
        sources("tlv", tlv=many(1, afgiftedatum=date(2022, 10, 1), plaatsingsdatum=date(2022, 9, 30))),
    ),
    Case(
        "geen_dubbele_baan",
        sources(
            "inzet",
            inzet=[{"fte": 1.0, "einddatum": date(2022, 10, 31)}, {"fte": 1.0, "begindatum": date(2022, 11, 1)}],
        ),
        sources(
            "inzet",
            inzet=[{"fte": 1.0, "einddatum": date(2022, 10, 31)}, {"fte": 1.0, "begindatum": date(2022, 10, 31)}],
        ),
    ),
    Case(
        "meer_leerlingen_dan_trajecten",
        sources("trajecten", leerlingen=ENROLLED, trajecten=many(20)),
        sources("trajecten", leerlingen=ENROLLED, trajecten=many(21)),
    ),
    Case(
        "elke_functie_doet_iets",
        sources("inzet", inzet=[{"school": "10AA00"}], activiteiten=_activity(date(2022, 10, 3), 1)),
        sources(
            "inzet",
            inzet=[{"school": "10AA00", "functie": "gedragswetenschapper"}],
            activiteiten=_activity(date(2022, 10, 3), 1),
        ),
    ),
    Case(
        "elke_school_met_inzet_krijgt_hulp",
        sources("inzet", inzet=[{"school": "10BB00"}], activiteiten=[{"team": "duo"}]),
        sources("inzet", inzet=[{"school": "10AA00"}], activiteiten=[{"team": "duo"}]),
    ),
    Case(
        "gewerkt_op_schooldagen",
        sources("activiteiten", activiteiten=_activity(date(2022, 10, 3))),
        sources("activiteiten", activiteiten=_activity(date(2022, 10, 3)) + _activity(date(2022, 10, 1), 10)),
    ),
    Case(
        "niet_meer_leerlingen_dan_inwoners",
        sources("inwoners", leerlingen=ENROLLED, inwoners=[{"aantal": 20}]),
        sources("inwoners", leerlingen=ENROLLED, inwoners=[{"aantal": 19}]),
    ),
    Case(
        "opgave_telt_op",
        sources("opgave", opgave=[{"teller_min": 0, "teller_max": 9, "noemer_min": 5, "noemer_max": 5}]),
        sources("opgave", opgave=[{"teller_min": 6, "teller_max": 6, "noemer_min": 1, "noemer_max": 5}]),
    ),
)


# --- publication -------------------------------------------------------------------------------------------

_FIGURE = {
    "eenheid": "aandeel",
    "waarde": 0.5,
    "teller": 5.0,
    "noemer": 10.0,
    "rang": None,
    "dekking": 1.0,
    "waarde_status": "ok",
}


def published(*figures: dict[str, Any]) -> Callable[[], Found]:
    schema = {
        **dict.fromkeys(("eenheid", "waarde_status"), pl.String),
        **dict.fromkeys(("waarde", "teller", "noemer", "dekking"), pl.Float64),
        "rang": pl.Int64,
    }
    frame = pl.DataFrame([{**_FIGURE, **figure} for figure in figures], schema=schema)
    return lambda: (PUBLICATION, publication_measures(frame))


RIGHT = published({})
ON_PUBLICATION = (
    Case("er_is_iets", RIGHT, published()),
    Case("aandeel_niet_onder_0", RIGHT, published({"waarde": -0.1})),
    Case("aandeel_niet_boven_1", RIGHT, published({"waarde": 1.1})),
    Case("teller_past_in_noemer", RIGHT, published({"teller": 11.0})),
    Case("dekking_niet_boven_1", RIGHT, published({"dekking": 1.1})),
    Case("verborgen_is_leeg", RIGHT, published({"waarde_status": "onderdrukt"})),
)

CASES = {case.name: case for case in (*ON_DELIVERIES, *ON_SOURCES, *ON_PUBLICATION)}

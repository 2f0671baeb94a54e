"""What schools and gemeenten send beside leerlingen and jeugdhulp: verzuim, begeleiders, leerplicht, inwoners,
the survey, and the totals of a school that sends no records.
"""

from dataclasses import replace

from jos_pipeline.demo import mess
from jos_pipeline.demo.mess import Style, write
from jos_pipeline.demo.sends_authorities import LATE
from jos_pipeline.demo.sends_schools import MISSING_SCHOOL
from jos_pipeline.demo.shipping import (
    ACCEPTED,
    Shipment,
    arrives,
    columns_of,
    deliver,
    filled,
    is_row,
    named,
    planter,
    put,
    raw_names,
    straight,
    swap,
    with_persons,
    with_pseudonyms,
)
from jos_pipeline.demo.world import World
from schemas.codelists import SOORT_VERZUIM

_PLAIN = Style()
DALTON_ABSENCE = Style(
    encoding="cp1252",
    heading=lambda name: name.replace("_", " ").capitalize(),
    dates=(mess.day_first,),
    booleans=(("J", "N"),),
    labels={"soort": SOORT_VERZUIM.labels},
    missing=("", "-"),
    totals="Totaal",
)
PCC_ABSENCE = Style(delimiter="\t", encoding="utf-16", dates=(mess.slashes,), titles=("Verzuimmeldingen",))
THIJSSE_ABSENCE = Style(sheet="verzuim", dates=(mess.as_date,), booleans=(("true", "false"),))
COUNTS = Style(sheet="inwoners", heading=str.upper, titles=("Inwoners naar leeftijd", "Bron: basisregistratie"))
SURVEY = Style(sheet="Antwoorden", heading=lambda name: name.replace("_", " ").title(), missing=("", "n.v.t."))
_STYLES = {"19ZQ00": DALTON_ABSENCE, "02QX03": PCC_ABSENCE, "20MH00": THIJSSE_ABSENCE}


def shipments(world: World) -> list[Shipment]:
    """Everything of these soorten, in no particular order."""
    schools = [code for code in world.pupils if code != MISSING_SCHOOL]
    homes = list(world.inwoners)
    return [
        *(_verzuim(world, code) for code in schools),
        *(_begeleiders(world, code) for code in schools),
        *(_leerplicht(world, home) for home in homes),
        *(_inwoners(world, home) for home in homes),
        _enquete(world),
        _opgave(world),
    ]


def _base(world: World, supplier: str, soort: str, days: int, story: str, ending: str = "csv") -> Shipment:
    late = LATE[1] if supplier == LATE[0] else days
    name = named(world, soort, ending=ending)
    return Shipment(supplier, name, soort, str(world.year), arrives(world, late, 14), b"", ACCEPTED, story)


def _verzuim(world: World, code: str) -> Shipment:
    rows, style = world.verzuim[code], _STYLES.get(code, _PLAIN)
    if code != "20MH00":
        raw = ("verzuim export.csv", write(with_persons(rows), raw_names("verzuim"), style))
        base = _base(world, code.lower(), "verzuim", 4, "Export van meldingen, door 'jos prepare' gehaald.")
        return deliver(world, base, raw, world.peildatum)
    plants = planter(with_pseudonyms(rows, world.key, world.peildatum), style, world.stream("20mh00/verzuim"))
    plants.plant("JOS-E036", "einddatum", swap("begindatum", "einddatum"), "einde voor begin", 1, where=_later)
    plants.plant("JOS-E033", "uren", put("uren", "0"), "nul uren verzuim", 1, where=filled("uren"))
    plants.touch(
        lambda row: {"soort": "langdurig_relatief", "einddatum": row["begindatum"]}, 2, is_row("soort", "overig")
    )
    story = "De school maakt zelf pseudoniemen; twee meldingen van langdurig verzuim duurden een dag."
    base = replace(_base(world, code.lower(), "verzuim", 6, story, "xlsx"), signalen=("JOS-S017",))
    return straight(base, plants, columns_of("verzuim"), style)


def _later(row: dict[str, object]) -> bool:
    return row["einddatum"] is not None and row["einddatum"] != row["begindatum"]


def _begeleiders(world: World, code: str) -> Shipment:
    base = _base(world, code.lower(), "begeleiders", 4, "Hoeveel begeleiders van buiten er komen.")
    plants = planter(world.begeleiders[code], _PLAIN, world.stream("x"))
    return straight(base, plants, columns_of("begeleiders"), _PLAIN)


def _leerplicht(world: World, home: str) -> Shipment:
    style = Style(dates=(mess.compact,), missing=("", "NULL"))
    raw = ("leerplicht.csv", write(with_persons(world.leerplicht[home]), raw_names("leerplicht"), style))
    base = _base(world, home.lower(), "leerplicht", 5, "Leerplichtadministratie, door 'jos prepare' gehaald.")
    return deliver(world, base, raw, world.peildatum)


def _inwoners(world: World, home: str) -> Shipment:
    alkmaar = home == "GM0361"
    style = COUNTS if alkmaar else _PLAIN
    base = _base(world, home.lower(), "inwoners", 3, "Inwoners per leeftijdsklasse.", "xlsx" if alkmaar else "csv")
    signals = ("JOS-S003",) if alkmaar else ()
    plants = planter(world.inwoners[home], style, world.stream("x"))
    return straight(replace(base, signalen=signals), plants, columns_of("inwoners"), style)


def _enquete(world: World) -> Shipment:
    plants = planter(world.enquete, SURVEY, world.stream("enquete"))
    plants.plant("JOS-E033", "samenwerking", put("samenwerking", "11"), "cijfer hoger dan 10", 2)
    plants.plant("JOS-E027", "rol", put("rol", "buurman"), "buiten de codelijst", 1)
    names = [name for name in columns_of("enquete") if name != "woongemeente"]
    base = _base(world, "groeimee", "enquete", 7, "De vragenlijst, door de aanbieder uitgezet.", "xlsx")
    return straight(base, plants, names, SURVEY)


def _opgave(world: World) -> Shipment:
    story = "Een school levert geen leerlingen maar vulde een formulier in; kleine aantallen zijn afgeschermd."
    plants = planter(world.opgave, _PLAIN, world.stream("opgave"))
    base = _base(world, "vo2704", "opgave", 8, story)
    return straight(base, plants, columns_of("opgave"), _PLAIN)

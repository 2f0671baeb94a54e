"""What samenwerkingsverbanden and gemeenten send: tlv, thuiszitters, jeugdhulp and wachttijden."""

from dataclasses import replace

from jos_pipeline.demo import mess
from jos_pipeline.demo.mess import Literal, Style, labels_of, write
from jos_pipeline.demo.shipping import (
    ACCEPTED,
    REFUSED,
    Expected,
    Planter,
    Shipment,
    arrives,
    columns_of,
    deliver,
    filled,
    month_only,
    named,
    planter,
    put,
    raw_names,
    straight,
    swap,
    with_persons,
    with_pseudonyms,
)
from jos_pipeline.demo.support import Row
from jos_pipeline.demo.world import World

LATE = ("gm0450", 47)
"""The gemeente that is late, and how many days after the peildatum its files arrive."""
NEVER_SENT = ("gm0373", "wachttijden")
"""The supplier and soort of which nothing arrives."""
OLD_EXCEL = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(504)

NOORD_TLV = Style(sheet="TLV", sheets_before=(("Lijsten", "verborgen"),), heading=str.title, dates=(mess.as_date,))
NOORD_HOME = Style(
    delimiter=",",
    encoding="cp1252",
    heading=lambda name: name.replace("_", " ").upper(),
    dates=(mess.day_first,),
    booleans=(("ja", "nee"), ("J", "N")),
    labels={"soort": {"langdurig_relatief": "LRV", "absoluut": "Absoluut verzuim"}},
    missing=("", "NULL", "-"),
    extra=(("Beëindigd door", ("", "leerplicht", "school")),),
)
MIDDEN_TLV = Style(
    delimiter="\t", newline="\n", dates=(mess.iso,), aliases={"bsn": "BSN leerling", "tlv_nummer": "TLV-nr"}, trailing=1
)
MIDDEN_HOME = Style(encoding="utf-8-sig", dates=(mess.compact, mess.iso), booleans=(("1", "0"),), totals="Totaal")
ALKMAAR_HELP = Style(encoding="cp1252", heading=str.upper, dates=(mess.day_first,), missing=("", "NULL"))
BERGEN_HELP = Style(
    delimiter="|",
    newline="\n",
    heading=lambda name: name.replace("_", "-"),
    dates=(mess.compact, mess.iso),
    labels={"hulpvorm": labels_of("hulpvorm"), "geslacht": labels_of("geslacht")},
    spaced=frozenset({"aanbieder"}),
)
CASTRICUM_HELP = Style(
    sheet="Beleidsinformatie", heading=str.title, dates=(mess.as_date, mess.serial), titles=("Beleidsinformatie Jeugd",)
)
DIJK_EN_WAARD_HELP = Style(delimiter="\t", encoding="utf-8-sig", dates=(mess.slashes,))
HEILOO_HELP = Style(
    delimiter=",",
    dates=(mess.iso,),
    labels={"verwijzer": {f"0{n}": str(n) for n in range(1, 9)}, "hulpvorm": {f"0{n}": str(n) for n in range(1, 5)}},
    bare_municipality=True,
)
UITGEEST_HELP = Style(aliases={"bsn": "bsn jeugdige"}, newline="\n", dates=(mess.day_first,))

ALKMAAR_WAIT = Style(titles=("Wachttijden jeugd",), heading=str.title, dates=(mess.day_first, mess.slashes), trailing=1)
CASTRICUM_WAIT = Style(
    sheet="wachttijden", heading=str.upper, dates=(mess.as_date,), aliases={"woongemeente": "Gemeente code"}
)
DIJK_EN_WAARD_WAIT = Style(delimiter="|", dates=(mess.iso,), labels={"soort": {"sociaal_team": "Wijkteam"}})
HEILOO_WAIT = Style(
    delimiter="\t", encoding="utf-16", dates=(mess.day_first,), heading=str.upper, bare_municipality=True
)
_PLAIN = Style()


def shipments(world: World) -> list[Shipment]:
    """Every file of the two samenwerkingsverbanden and the six gemeenten."""
    return [*_noord(world), *_midden(world), *_jeugdhulp(world), *_wachttijden(world)]


def _base(
    world: World, supplier: str, soort: str, days: int, story: str, *, suffix: str = "", ending: str = "csv"
) -> Shipment:
    name = named(world, soort, suffix, ending)
    return Shipment(supplier, name, soort, str(world.year), arrives(world, days, 13), b"", ACCEPTED, story)


def _refused(base: Shipment, content: bytes, code: str, why: str, column: str | None = None) -> Shipment:
    return replace(base, content=content, oordeel=REFUSED, bevindingen=(Expected(code, column, 1, (), why),))


def _own(world: World, rows: list[Row]) -> list[Row]:
    return with_pseudonyms(rows, world.key, world.peildatum)


def _noord(world: World) -> list[Shipment]:
    tlv = write(with_persons(world.tlv["VO2703"]), raw_names("tlv"), NOORD_TLV)
    names, rows = columns_of("thuiszitters"), _own(world, world.thuiszitters["VO2703"])
    impossible = _base(world, "vo2703", "thuiszitters", 1, "De peildatum in de naam bestaat niet.")
    impossible = replace(impossible, bestand=f"thuiszitters_{world.year}_{world.peildatum.year}-02-30.csv")
    plants = planter(rows, NOORD_HOME, world.stream("vo2703"))
    plants.plant(
        "JOS-E036", "einddatum", swap("begindatum", "einddatum"), "einde voor begin", 2, where=filled("einddatum")
    )
    plants.plant(
        "JOS-E038",
        "teruggeleid",
        lambda _: {"teruggeleid": None},
        "beëindigd, teruggeleid is leeg",
        2,
        where=filled("einddatum"),
    )
    story = "Het samenwerkingsverband maakt zelf pseudoniemen; komma's, Windows-1252, soort als omschrijving."
    home = replace(_base(world, "vo2703", "thuiszitters", 3, story), signalen=("JOS-S001", "JOS-S005", "JOS-S007"))
    return [
        deliver(
            world,
            _base(world, "vo2703", "tlv", 2, "Excel-export door 'jos prepare' gehaald."),
            ("TLV-register.xlsx", tlv),
            world.peildatum,
        ),
        _refused(impossible, write(rows, names, _PLAIN), "JOS-E014", "30 februari bestaat niet"),
        straight(home, plants, names, NOORD_HOME),
    ]


def _midden(world: World) -> list[Shipment]:
    tlv = write(with_persons(world.tlv["VO2704"]), raw_names("tlv"), MIDDEN_TLV)
    plants = planter(with_persons(world.thuiszitters["VO2704"]), MIDDEN_HOME, world.stream("vo2704"))
    plants.touch(month_only("begindatum"), 5, lambda row: row["einddatum"] is None)
    home = write(plants.rows, raw_names("thuiszitters"), MIDDEN_HOME)
    empty = _base(world, "vo2704", "tlv", 1, "Een leeg bestand.", suffix="_leeg")
    told = replace(
        _base(world, "vo2704", "thuiszitters", 4, "Van vijf thuiszitters is alleen de maand bekend."),
        signalen=("JOS-S009",),
    )
    return [
        _refused(empty, b"", "JOS-E001", "het bestand heeft geen inhoud"),
        deliver(
            world, _base(world, "vo2704", "tlv", 5, "De goede levering."), ("tlv midden.tsv", tlv), world.peildatum
        ),
        deliver(world, told, ("thuiszitters midden.csv", home), world.peildatum),
    ]


def _jeugdhulp(world: World) -> list[Shipment]:
    xls = _base(world, "gm0383", "jeugdhulp", 2, "Een oud Excel-bestand (.xls).", suffix="_oud", ending="xls")
    stories = {
        "gm0361": (
            2,
            "BSN's van acht cijfers, een onderwijsnummer en onbekende BSN's.",
            "jeugdhulp Alkmaar.csv",
            ALKMAAR_HELP,
        ),
        "gm0383": (5, "De goede levering.", "Beleidsinformatie Jeugd.xlsx", CASTRICUM_HELP),
        "gm1980": (3, "Met overlappende hulp.", "cbs_jeugd.txt", DIJK_EN_WAARD_HELP),
        "gm0450": (LATE[1], "Te laat, wel goed.", "Uitgeest jeugdhulp.csv", UITGEEST_HELP),
    }
    found = [_refused(xls, OLD_EXCEL, "JOS-E005", "oud Excel-formaat"), _bergen(world), _heiloo(world)]
    for supplier, (days, story, name, style) in stories.items():
        plants = planter(with_persons(world.jeugdhulp[supplier.upper()]), style, world.stream(supplier))
        base = _base(world, supplier, "jeugdhulp", days, story)
        if supplier == "gm0361":
            base = _unusable_persons(base, plants)
        found.append(deliver(world, base, (name, write(plants.rows, raw_names("jeugdhulp"), style)), world.peildatum))
    return found


def _unusable_persons(base: Shipment, plants: Planter) -> Shipment:
    """Numbers that mean unknown or are wrong, and a birth date and a postcode that say nothing.

    ``jos prepare`` names what is wrong; the gate sees a required cell that is empty.
    """
    plants.plant("JOS-S015", "pseudoniem", put("bsn", "999999999"), "BSN onbekend", 2)
    plants.plant("JOS-S015", "pseudoniem", put("bsn", ""), "BSN leeg", 1)
    plants.plant("JOS-E050", "pseudoniem", put("bsn", "999912345"), "BSN voldoet niet aan de elfproef", 2)
    plants.plant("JOS-E051", "leeftijdsklasse", put("geboortedatum", "31-02-2010"), "geboortedatum bestaat niet", 1)
    plants.plant("JOS-E052", "woongemeente", put("postcode", "9999 XX"), "postcode ver buiten de regio", 2)
    found = _together(plants.expected)
    empty = (replace(finding, code="JOS-E020", uitleg=f"leeg na omzetten: {finding.uitleg}") for finding in found)
    return replace(base, bij_klaarmaken=found, bevindingen=_together([*empty]))


def _together(findings: list[Expected] | tuple[Expected, ...]) -> tuple[Expected, ...]:
    """Findings of one code and column as one."""
    merged: dict[tuple[str, str | None], Expected] = {}
    for finding in findings:
        name = (finding.code, finding.kolom)
        known = merged.get(name)
        merged[name] = finding if known is None else _plus(known, finding)
    return tuple(merged.values())


def _plus(first: Expected, second: Expected) -> Expected:
    return replace(
        first,
        aantal=first.aantal + second.aantal,
        rijen=tuple(sorted((*first.rijen, *second.rijen))),
        uitleg=f"{first.uitleg}; {second.uitleg}",
    )


def _bergen(world: World) -> Shipment:
    plants = planter(_own(world, world.jeugdhulp["GM0373"]), BERGEN_HELP, world.stream("gm0373"))
    plants.plant("JOS-E021", "aanvang", put("aanvang", "2022-11-31"), "datum bestaat niet", 1)
    plants.plant("JOS-E027", "verwijzer", put("verwijzer", "07"), "code bestaat niet", 2)
    plants.plant("JOS-E032", "woongemeente", put("woongemeente", "GM0416"), "Langedijk bestaat niet meer", 2)
    plants.plant(
        "JOS-E038",
        "reden_beeindiging",
        lambda _: {"reden_beeindiging": None},
        "beëindigd zonder reden",
        2,
        where=filled("einde"),
    )
    plants.touch(month_only("aanvang"), 6, lambda row: row["einde"] is None)
    story = "De gemeente maakt zelf pseudoniemen; streepjes in de kolomnamen, hulpvorm als omschrijving."
    base = replace(_base(world, "gm0373", "jeugdhulp", 4, story), signalen=("JOS-S007", "JOS-S009", "JOS-S013"))
    return straight(base, plants, columns_of("jeugdhulp"), BERGEN_HELP)


def _heiloo(world: World) -> Shipment:
    plants = planter(_own(world, world.jeugdhulp["GM0399"]), HEILOO_HELP, world.stream("gm0399"))
    plants.plant("JOS-E033", "nut", put("nut", "11"), "cijfer hoger dan 10", 1)
    story = "De gemeente maakt zelf pseudoniemen; codes zonder voorloopnullen (361, 2)."
    base = replace(_base(world, "gm0399", "jeugdhulp", 2, story), signalen=("JOS-S004",))
    return straight(base, plants, columns_of("jeugdhulp"), HEILOO_HELP)


def _wachttijden(world: World) -> list[Shipment]:
    names = [name for name in columns_of("wachttijden") if name != "pseudoniem"]
    castricum = world.wachttijden["GM0383"]
    headless = _base(world, "gm0383", "wachttijden", 2, "De verplichte kolom aanmelddatum ontbreekt.", suffix="_eerste")
    without = write(castricum, [name for name in names if name != "aanmelddatum"], _PLAIN)
    free = _base(world, "gm0399", "wachttijden", 4, "Vrije naam: herkend aan de kolommen, schooljaar uit de datums.")
    free = replace(free, bestand="wachtlijst export Heiloo.csv", signalen=("JOS-S004", "JOS-S014"))
    late = _base(world, "gm0450", "wachttijden", LATE[1], "Te laat, wel goed.")
    good = _base(world, "gm0383", "wachttijden", 5, "De goede levering.", ending="xlsx")
    return [
        _alkmaar_waits(world, names),
        _refused(headless, without, "JOS-E009", "verplichte kolom ontbreekt", "aanmelddatum"),
        straight(good, planter(castricum, CASTRICUM_WAIT, world.stream("x")), names, CASTRICUM_WAIT),
        *_dijk_en_waard_waits(world, names),
        straight(free, planter(world.wachttijden["GM0399"], HEILOO_WAIT, world.stream("x")), names, HEILOO_WAIT),
        straight(late, planter(world.wachttijden["GM0450"], _PLAIN, world.stream("x")), names, _PLAIN),
    ]


def _alkmaar_waits(world: World, names: list[str]) -> Shipment:
    plants = planter(world.wachttijden["GM0361"], ALKMAAR_WAIT, world.stream("gm0361/wachttijden"))
    plants.plant("JOS-E020", "woongemeente", put("woongemeente", ""), "verplichte waarde leeg", 2)
    plants.plant("JOS-E021", "aanmelddatum", put("aanmelddatum", "2/13/2023"), "maand 13 bestaat niet", 2)
    plants.plant("JOS-E027", "soort", put("soort", "logopedie"), "buiten de codelijst", 1)
    plants.touch(swap("aanmelddatum", "intakedatum"), 3, _apart)
    story = "Zonder pseudoniem, rechtstreeks geleverd. Bij drie rijen was de intake voor de toewijzing: ze tellen mee."
    base = replace(_base(world, "gm0361", "wachttijden", 3, story), signalen=("JOS-S003", "JOS-S018"))
    return straight(base, plants, names, ALKMAAR_WAIT)


def _apart(row: Row) -> bool:
    """Asked for and intake on different days, and not started yet."""
    return row["intakedatum"] is not None and row["intakedatum"] > row["aanmelddatum"] and row["startdatum"] is None


def _dijk_en_waard_waits(world: World, names: list[str]) -> list[Shipment]:
    rows = world.wachttijden["GM1980"]
    good = replace(_base(world, "gm1980", "wachttijden", 3, "De levering die blijft gelden."), signalen=("JOS-S007",))
    plants = planter(rows, DIJK_EN_WAARD_WAIT, world.stream("gm1980/wachttijden"))
    plants.plant(
        "JOS-E021",
        "aanmelddatum",
        lambda row: {"aanmelddatum": Literal(f"{row['aanmelddatum']:%d.%m.%y}")},
        "datum onleesbaar",
        30,
    )
    too_many = Expected("JOS-E017", None, 30, (), "meer dan 5 % van de rijen is afgekeurd")
    story = "Meer dan 5 % van de rijen is fout: afgekeurd, de vorige levering blijft gelden."
    bad = replace(
        _base(world, "gm1980", "wachttijden", 8, story, suffix="_februari"), oordeel=REFUSED, bevindingen=(too_many,)
    )
    return [
        straight(good, planter(rows, DIJK_EN_WAARD_WAIT, world.stream("x")), names, DIJK_EN_WAARD_WAIT),
        straight(bad, plants, names, DIJK_EN_WAARD_WAIT),
    ]

"""What the schools send: leerlingen, from seven systems; one school sends nothing and one sends what is not its own."""

from dataclasses import replace

from jos_pipeline.demo import mess, surroundings
from jos_pipeline.demo.mess import Style, write
from jos_pipeline.demo.people import is_bsn
from jos_pipeline.demo.shipping import (
    ACCEPTED,
    REFUSED,
    Expected,
    Shipment,
    arrived_before,
    arrives,
    columns_of,
    deliver,
    filled,
    named,
    named_before,
    planter,
    put,
    raw_names,
    straight,
    swap,
    with_persons,
    with_pseudonyms,
)
from jos_pipeline.demo.support import Row
from jos_pipeline.demo.world import FORM_SCHOOL, LAST_YEAR_SCHOOLS, World
from jos_pipeline.school_year import SchoolYear

MISSING_SCHOOL = FORM_SCHOOL
"""The school that delivers nothing at all this year."""
UNKNOWN_FOLDER = "nieuweschool"
SOORT = "leerlingen"
_PLAIN = Style()

DALTON = Style(
    encoding="cp1252",
    titles=("Leerlingenlijst – alle leerjaren", "Schooljaar volgens administratie"),
    heading=lambda name: name.replace("_", " ").title(),
    aliases={"bsn": "BSN", "school": "BRIN6"},
    dates=(mess.day_first,),
    booleans=(("Ja", "Nee"),),
    extra=(("Profiel", ("", "N&T", "E&M", "C&M")),),
    totals="Totaal",
    trailing=2,
)
ARENTSZ = Style(
    sheet="leerlingen",
    sheets_before=(("Voorblad", "zichtbaar"),),
    heading=lambda name: name.replace("_", "-").upper(),
    aliases={"bsn": "Burgerservicenummer", "school": "Vestigingscode"},
    dates=(mess.as_date,),
    booleans=(("x", "nee"),),
)
PCC = Style(
    delimiter="\t",
    encoding="utf-16",
    heading=lambda name: name.replace("_", " ").title(),
    aliases={
        "school": "Brin-Vestiging",
        "onderwijssoort": "Schoolsoort",
        "leeftijdsklasse": "Leeftijdsgroep",
        "woongemeente": "Gemeentecode",
    },
    dates=(mess.slashes, mess.day_first),
    booleans=(("J", "N"), ("1", "0"), ("true", "false")),
    labels={"onderwijssoort": {"vmbo_b": "vmbo-bb", "vmbo_k": "vmbo-kb", "vmbo_gt": "vmbo-tl", "brugklas": "Brugjaar"}},
    bare_municipality=True,
    spaced=frozenset({"onderwijssoort", "school"}),
    trailing=3,
)
SPINAKER = Style(
    delimiter=",", encoding="utf-8-sig", aliases={"bsn": "PGN"}, dates=(mess.compact,), booleans=(("01", "02"),)
)
FOCUS = Style(delimiter="|", newline="\n", heading=str.upper, dates=(mess.iso, mess.compact), booleans=(("1", "0"),))
THIJSSE = Style(
    sheet="Export",
    titles=("Export leerlingadministratie", "", "Peildatum 1 februari"),
    heading=str.capitalize,
    aliases={"leerjaar": "Leer- of verblijfsjaar", "extra_ondersteuning": "OPP"},
    dates=(mess.serial, mess.as_date),
    booleans=(("true", "false"), ("ja", "nee")),
    extra=(("Gym", ("", "ja")),),
    trailing=2,
)
BONHOEFFER = Style(
    encoding="utf-16",
    delimiter=";",
    dates=(mess.slashes,),
    booleans=(("J", "N"),),
    extra=(("Notitie", ("", "zie map\nblad 2")),),
)


def shipments(world: World) -> list[Shipment]:
    """Every file of the schools, and of a folder that belongs to no supplier."""
    found = [
        *_dalton(world),
        *_arentsz(world),
        _pcc(world),
        *_small_schools(world),
        _thijsse(world),
        *_bonhoeffer(world),
    ]
    found += [_unknown_folder(world)]
    return found + (_before(world, world.before) if world.before else [])


def _rows(world: World, code: str) -> list[Row]:
    return surroundings.leerlingen(world.pupils[code])


def _own(world: World, code: str) -> list[Row]:
    return with_pseudonyms(_rows(world, code), world.key, world.peildatum)


def _base(world: World, code: str, days: int, story: str, *, suffix: str = "", ending: str = "csv") -> Shipment:
    name = named(world, SOORT, suffix, ending)
    return Shipment(code.lower(), name, SOORT, str(world.year), arrives(world, days, 11), b"", ACCEPTED, story)


def _refused(base: Shipment, content: bytes, code: str, why: str) -> Shipment:
    return replace(base, content=content, oordeel=REFUSED, bevindingen=(Expected(code, None, 1, (), why),))


def _dalton(world: World) -> list[Shipment]:
    persons = with_persons(_rows(world, "19ZQ00"))
    raw = write(persons, raw_names(SOORT), DALTON)
    guilty = [place for place, row in enumerate(persons) if is_bsn(row["bsn"])]
    dropped = _base(world, "19ZQ00", 1, "De ruwe export is zo in de map gezet, met BSN, naam en geboortedatum.")
    headings = Expected("JOS-E010", None, 5, (), "kolommen BSN, roepnaam, achternaam, geboortedatum en postcode")
    first = len(DALTON.titles) + 2
    numbers = Expected(
        "JOS-E011", None, len(guilty), tuple(place + first for place in guilty), "BSN's van negen cijfers"
    )
    good = _base(world, "19ZQ00", 6, "Herlevering, nu door 'jos prepare' gehaald.", suffix="_herlevering")
    return [
        replace(dropped, content=raw, oordeel=REFUSED, bevindingen=(headings, numbers)),
        deliver(world, good, ("Leerlingenlijst alle leerjaren.csv", raw), world.peildatum),
        _not_agreed(world),
    ]


def _not_agreed(world: World) -> Shipment:
    """A school that sends the tlv's of its pupils: those come from the samenwerkingsverband."""
    rows = [row for row in world.tlv["VO2703"] if row["school"] == "19ZQ00"][:6]
    content = write(with_pseudonyms(rows, world.key, world.peildatum), columns_of("tlv"), _PLAIN)
    base = _base(world, "19ZQ00", 3, "De school levert tlv's; dat is met het samenwerkingsverband afgesproken.")
    base = replace(base, soort="tlv", bestand=named(world, "tlv"))
    return _refused(base, content, "JOS-E016", "soort is met deze leverancier niet afgesproken")


def _arentsz(world: World) -> list[Shipment]:
    rows = with_persons(_rows(world, "02TD03"))
    whole = write(_own(world, "02TD03"), columns_of(SOORT), ARENTSZ)
    broken = _base(
        world,
        "02TD03",
        1,
        "Het uploaden brak af: het eind van het Excel-bestand ontbreekt.",
        suffix="_upload",
        ending="xlsx",
    )
    first = _base(world, "02TD03", 2, "De levering, door 'jos prepare' gehaald; negen leerlingen ontbreken nog.")
    again = _base(world, "02TD03", 9, "Herlevering met de negen leerlingen erbij.", suffix="_aangevuld")
    return [
        _refused(broken, whole[: len(whole) * 3 // 5], "JOS-E003", "het bestand houdt halverwege op"),
        deliver(
            world,
            first,
            ("Leerlingen per 1 februari.xlsx", write(rows[:-9], raw_names(SOORT), ARENTSZ)),
            world.peildatum,
        ),
        deliver(
            world,
            again,
            ("Leerlingen per 1 februari (2).xlsx", write(rows, raw_names(SOORT), ARENTSZ)),
            world.peildatum,
        ),
    ]


def _pcc(world: World) -> Shipment:
    plants = planter(_own(world, "02QX03"), PCC, world.stream("02qx03"))
    plants.plant("JOS-E020", "inschrijfdatum", put("inschrijfdatum", ""), "verplichte waarde leeg", 2)
    plants.plant("JOS-E027", "onderwijssoort", put("onderwijssoort", "lwoo-plus"), "buiten de codelijst", 2)
    plants.plant("JOS-E028", "pseudoniem", lambda row: {"pseudoniem": row["pseudoniem"][:40]}, "pseudoniem afgekapt", 2)
    plants.plant("JOS-E032", "woongemeente", put("woongemeente", "GM0398"), "Heerhugowaard bestaat niet meer", 3)
    plants.plant("JOS-E033", "leerjaar", put("leerjaar", "9"), "leerjaar 9 bestaat niet", 2)
    leaves = filled("uitschrijfdatum")
    plants.plant(
        "JOS-E036",
        "uitschrijfdatum",
        swap("inschrijfdatum", "uitschrijfdatum"),
        "uitgeschreven voor de inschrijving",
        2,
        where=leaves,
    )
    plants.plant(
        "JOS-E038", "uitstroom", lambda _: {"uitstroom": None}, "uitgeschreven zonder uitstroom", 3, where=leaves
    )
    plants.repeat(None, "de leerling staat er twee keer")
    story = "De school maakt zelf pseudoniemen; UTF-16, tabs, gemeentecodes zonder GM, schoolsoorten als omschrijving."
    base = replace(_base(world, "02QX03", 3, story), signalen=("JOS-S004", "JOS-S007"))
    return straight(base, plants, columns_of(SOORT), PCC)


def _small_schools(world: World) -> list[Shipment]:
    """De Spinaker and Focus; the latter sends a pdf first."""
    names = raw_names(SOORT)
    spinaker = write(with_persons(_rows(world, "99SP00")), names, SPINAKER)
    focus = write(with_persons(_rows(world, "08UV00")), names, FOCUS)
    pdf = _base(world, "08UV00", 1, "Een pdf die is hernoemd naar .csv.", suffix="_lijst")
    binary = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n"
    return [
        deliver(
            world,
            _base(world, "99SP00", 2, "Kleine school: de cijfers worden verborgen."),
            ("leerlingen.csv", spinaker),
            world.peildatum,
        ),
        _refused(pdf, binary, "JOS-E002", "geen CSV maar een pdf"),
        deliver(world, _base(world, "08UV00", 4, "De goede levering."), ("export_focus.txt", focus), world.peildatum),
    ]


def _thijsse(world: World) -> Shipment:
    plants = planter(_own(world, "20MH00"), THIJSSE, world.stream("20mh00"))
    plants.plant(
        "JOS-E022", "inschrijfdatum", put("inschrijfdatum", "01-08-2202"), "jaartal met verwisselde cijfers", 3
    )
    plants.plant("JOS-E023", "leerjaar", put("leerjaar", "derde"), "geen getal", 2)
    plants.plant("JOS-E026", "extra_ondersteuning", put("extra_ondersteuning", "in onderzoek"), "geen ja of nee", 4)
    plants.plant("JOS-E030", "school", put("school", "20MH09"), "vestiging niet in de regio", 2)
    plants.plant("JOS-E031", "woongemeente", put("woongemeente", "Castricum"), "naam in plaats van code", 3)
    story = "De school maakt zelf pseudoniemen; Excel met titelregels, echte datums en dagnummers door elkaar."
    base = replace(_base(world, "20MH00", 5, story, ending="xlsx"), signalen=("JOS-S001", "JOS-S003", "JOS-S010"))
    return straight(base, plants, columns_of(SOORT), THIJSSE)


def _bonhoeffer(world: World) -> list[Shipment]:
    rows = with_persons(_rows(world, "00ZD00"))
    lines = write(_own(world, "00ZD00")[:40], columns_of(SOORT), _PLAIN).split(b"\r\n", 1)[1]
    headless = _base(world, "00ZD00", 2, "Export zonder kolomnamen.", suffix="_zonder kop")
    good = _base(world, "00ZD00", 4, "De goede levering.")
    return [
        _refused(headless, lines, "JOS-E007", "de kopregel ontbreekt"),
        deliver(world, good, ("Bonhoeffer leerlingen.csv", write(rows, raw_names(SOORT), BONHOEFFER)), world.peildatum),
    ]


def _unknown_folder(world: World) -> Shipment:
    content = write(_own(world, MISSING_SCHOOL)[:30], columns_of(SOORT), _PLAIN)
    base = _base(world, UNKNOWN_FOLDER, 6, "Een map die bij geen leverancier hoort.")
    return _refused(base, content, "JOS-E015", "leverancier is niet bekend")


def _before(world: World, year: SchoolYear) -> list[Shipment]:
    """Three schools delivered the school year before as well."""
    found = []
    for code in LAST_YEAR_SCHOOLS:
        rows = surroundings.leerlingen_before(world.pupils[code], world.leavers[code], world.year)
        base = Shipment(
            code.lower(), named_before(world, SOORT), SOORT, str(year), arrived_before(world, 12), b"", ACCEPTED,
            "Slotlevering van het vorige schooljaar.",
        )  # fmt: skip
        raw = (f"leerlingen {year}.csv", write(with_persons(rows), raw_names(SOORT), _PLAIN))
        found.append(deliver(world, base, raw, world.peildatum_before))
    return found

"""What the aanbieder sends: trajecten, inzet and activiteiten, in tries that go wrong before they go right."""

from dataclasses import replace

from jos_pipeline.demo import mess, support
from jos_pipeline.demo.mess import Literal, Style, labels_of, write
from jos_pipeline.demo.people import is_bsn
from jos_pipeline.demo.shipping import (
    ACCEPTED,
    DUPLICATE,
    REFUSED,
    Expected,
    Shipment,
    arrived_before,
    arrives,
    columns_of,
    deliver,
    filled,
    is_row,
    month_only,
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
from jos_pipeline.demo.support import PERSON, Row
from jos_pipeline.demo.world import World
from jos_pipeline.school_year import SchoolYear

SUPPLIER = "groeimee"
FIELD_LABELS = {
    "jeugd_en_gezinscoach": "J&G coach",
    "gedragswetenschapper": "gedragswetenschapper JGGZ-VO",
    "preventief_ambulant_jeugdhulpverlener": "PAJ'er",
}
_PLAIN = Style()
_REMARKS = (
    "",
    "",
    'Gesprek met "externen",\nzie dossier',
    "",
    "Locatie: lokaal 1.12; op tijd",
    "",
    "",
    "Eén vervolgafspraak",
)

TRAJECTEN_XLSX = Style(
    sheet="Blad1",
    sheets_before=(("Instellingen", "verborgen"),),
    heading=str.upper,
    aliases={"bsn": "Burgerservicenummer", "traject_id": "Trajectnummer", "eerste_contact": "Datum eerste contact"},
    dates=(mess.as_date,),
    booleans=(("x", "nee"), ("ja", "nee")),
    labels={"aanmeldreden": labels_of("aanmeldreden"), "functie": FIELD_LABELS},
)
TRAJECTEN_TAB = Style(
    delimiter="\t",
    encoding="utf-8-sig",
    newline="\n",
    heading=lambda name: name.replace("_", "-").title(),
    dates=(mess.iso, mess.compact, mess.day_first, mess.slashes),
    booleans=(("J", "N"), ("1", "0"), ("true", "false"), ("01", "02"), ("Ja", "NEE")),
    missing=("", "NULL", "-", "n.v.t."),
)
INZET_XLSX = Style(
    sheet="inzet",
    sheets_before=(("Toelichting", "zichtbaar"),),
    heading=lambda name: name.replace("_", " ").upper(),
    dates=(mess.as_date, mess.serial),
    labels={"functie": FIELD_LABELS},
)
ACTIVITEITEN_CSV = Style(
    encoding="cp1252",
    titles=("Overzicht activiteiten JOS – regio Alkmaar", "Afgedrukt door de registratie van de aanbieder"),
    heading=lambda name: name.replace("_", " ").capitalize(),
    aliases={"minuten": "Tijd (min)", "aantal_deelnemers": "Aantal-Deelnemers"},
    dates=(mess.day_first, mess.slashes, mess.compact),
    labels={
        "functie": FIELD_LABELS,
        "activiteit": labels_of("activiteit"),
        "vraagcategorie": labels_of("aanmeldreden"),
    },
    missing=("", " ", "-"),
    spaced=frozenset({"activiteit"}),
    extra=(("Opmerking", _REMARKS),),
    totals="Totaal",
    trailing=2,
)


def shipments(world: World) -> list[Shipment]:
    """Every file of the aanbieder, of this school year and the one before."""
    found = [*_trajecten(world), *_inzet(world), *_activiteiten(world)]
    return found + (_before(world, world.before) if world.before else [])


def _base(world: World, soort: str, days: int, story: str, *, suffix: str = "", ending: str = "csv") -> Shipment:
    name = named(world, soort, suffix, ending)
    return Shipment(SUPPLIER, name, soort, str(world.year), arrives(world, days), b"", ACCEPTED, story)


def _trajecten(world: World) -> list[Shipment]:
    rows = world.trajecten_now()
    rng = world.stream("groeimee/trajecten")
    added = {row["traject_id"] for row in rng.sample(rows, 12)}
    dropped = {row["traject_id"] for row in rng.sample([row for row in rows if row["traject_id"] not in added], 7)}
    first = [row for row in rows if row["traject_id"] not in added]
    again = [row for row in rows if row["traject_id"] not in dropped]
    return [_with_bsn(world, first), _first_trajecten(world, first), _trajecten_again(world, again)]


def _with_bsn(world: World, rows: list[Row]) -> Shipment:
    """The first try: the aanbieder's own file number turns out to be the BSN."""
    wrong = [row | {"traject_id": row[PERSON].number} for row in with_pseudonyms(rows, world.key, world.peildatum)]
    guilty = [place for place, row in enumerate(wrong) if is_bsn(row["traject_id"])]
    content = write(wrong, columns_of("trajecten"), _PLAIN)
    story = "Eerste poging: in traject_id staat het BSN. Het bestand wordt geweigerd en niet bewaard."
    base = _base(world, "trajecten", 1, story, suffix="_eerste poging")
    why = "BSN in de kolom traject_id"
    finding = Expected("JOS-E011", None, len(guilty), tuple(place + 2 for place in guilty), why)
    return replace(base, content=content, oordeel=REFUSED, bevindingen=(finding,))


def _first_trajecten(world: World, rows: list[Row]) -> Shipment:
    content = write(with_persons(rows), raw_names("trajecten"), TRAJECTEN_XLSX)
    base = _base(world, "trajecten", 2, "De goede levering: Excel-export door 'jos prepare' gehaald.")
    return deliver(world, base, ("Export trajecten (eerste).xlsx", content), world.peildatum)


def _trajecten_again(world: World, rows: list[Row]) -> Shipment:
    plants = planter(with_persons(rows), TRAJECTEN_TAB, world.stream("groeimee/trajecten/fouten"))
    closed = filled("einddatum")
    plants.plant("JOS-E036", "einddatum", swap("begindatum", "einddatum"), "einddatum voor begindatum", 3, where=closed)
    too_early = put("eerste_contact", f"{world.year.start_year - 2}-06-01")
    seen = filled("eerste_contact")
    plants.plant("JOS-E037", "eerste_contact", too_early, "eerste contact voor de aanmelding", 2, where=seen)
    plants.plant("JOS-E038", "uitkomst", lambda _: {"uitkomst": None}, "afgesloten zonder uitkomst", 4, where=closed)
    many = put("doelen_behaald", "9")
    plants.plant("JOS-E040", "doelen_behaald", many, "meer doelen behaald dan gesteld", 2, where=closed)
    plants.plant("JOS-E026", "overbrugging", put("overbrugging", "misschien"), "geen ja of nee", 2)
    plants.plant("JOS-E027", "functie", put("functie", "psycholoog"), "functie buiten de codelijst", 2)
    plants.plant("JOS-E020", "vorm", put("vorm", ""), "verplichte waarde leeg", 1)
    plants.repeat("traject_id", "de rij staat er twee keer")
    plants.touch(month_only("aanmelddatum"), 10)
    plants.touch(lambda row: {"aanmelddatum": Literal(f"{row['aanmelddatum']:%Y}0000")}, 3)
    content = write(plants.rows, raw_names("trajecten"), TRAJECTEN_TAB)
    story = "Herlevering: 12 trajecten erbij, 7 weggelaten; de vorige levering vervalt."
    base = replace(
        _base(world, "trajecten", 7, story, suffix="_herlevering"),
        bevindingen=tuple(plants.expected),
        signalen=("JOS-S009",),
    )
    return deliver(world, base, ("Export trajecten (herstel).txt", content), world.peildatum)


def _inzet(world: World) -> list[Shipment]:
    rows = support.inzet_on(world.inzet, world.year, world.peildatum)
    names, rng = columns_of("inzet"), world.stream("groeimee/inzet")
    extra: list[Row] = [
        rows[0] | {"medewerker": "M901"},
        rows[-1] | {"medewerker": "M902", "school": None, "team": Literal("noord")},
    ]
    first = planter([*rows, *extra], INZET_XLSX, rng)
    first.plant("JOS-E041", "team", lambda _: {}, "onbekend team", 1, where=is_row("medewerker", "M902"))
    first.plant("JOS-E024", "fte", put("fte", "1.125"), "punt kan ook een duizendtal zijn")
    first.plant("JOS-E033", "fte", put("fte", "8"), "fte 8 in plaats van 0,8")
    first.plant("JOS-E039", "team", lambda _: {"school": None, "team": None}, "geen school en geen team", 2)
    first.plant("JOS-E025", "fte", put("fte", "halve dag"), "geen getal")
    bad = sum(finding.aantal for finding in first.expected)
    too_many = Expected("JOS-E017", None, bad, (), "meer dan 5 % van de rijen is afgekeurd")
    base = _base(world, "inzet", 1, "Meer dan 5 % van de rijen is fout: het hele bestand is afgekeurd.", ending="xlsx")
    refused = straight(replace(base, oordeel=REFUSED, bevindingen=(too_many,)), first, names, INZET_XLSX)
    second = planter([*rows, *extra], INZET_XLSX, rng)
    second.plant(
        "JOS-E024", "fte", put("fte", "1.125"), "punt kan ook een duizendtal zijn", where=is_row("medewerker", "M901")
    )
    second.plant("JOS-E041", "team", lambda _: {}, "onbekend team", 1, where=is_row("medewerker", "M902"))
    story = "Verbeterd; twee rijen zijn nog fout en tellen niet mee."
    base = replace(
        _base(world, "inzet", 5, story, suffix="_verbeterd", ending="xlsx"), signalen=("JOS-S007", "JOS-S010")
    )
    return [refused, straight(base, second, names, INZET_XLSX)]


def _activiteiten(world: World) -> list[Shipment]:
    plants = planter(world.activiteiten, ACTIVITEITEN_CSV, world.stream("groeimee/activiteiten"))
    at_school, by_team = filled("school"), filled("team")
    plants.plant("JOS-E020", "minuten", put("minuten", ""), "verplichte waarde leeg", 4)
    plants.plant("JOS-E020", "functie", put("functie", ""), "verplichte waarde leeg", 2)
    plants.plant("JOS-E021", "datum", put("datum", "31-02-2023"), "datum bestaat niet", 3)
    plants.plant("JOS-E022", "datum", put("datum", "01-09-2202"), "jaartal met verwisselde cijfers", 2)
    plants.plant("JOS-E023", "minuten", put("minuten", "drie kwartier"), "geen getal", 5)
    plants.plant("JOS-E023", "aantal_deelnemers", put("aantal_deelnemers", "2,5"), "geen geheel getal", 1)
    plants.plant("JOS-E027", "activiteit", put("activiteit", "koffiedrinken"), "buiten de codelijst", 6)
    plants.plant("JOS-E029", "school", put("school", "19ZQ"), "vestiging ontbreekt", 3, where=at_school)
    plants.plant("JOS-E030", "school", put("school", "19ZQ09"), "school niet in de regio", 4, where=at_school)
    plants.plant("JOS-E033", "minuten", put("minuten", "1500"), "meer minuten dan een dag heeft", 4)
    plants.plant(
        "JOS-E039", "team", lambda _: {"team": "castricum"}, "school en team allebei gevuld", 5, where=at_school
    )
    plants.plant("JOS-E041", "team", put("team", "noord"), "onbekend team", 2, where=by_team)
    plants.touch(lambda _: {"aantal_deelnemers": 1_050}, 3, is_row("activiteit", "collectieve_activiteit"))
    plants.touch(lambda _: {"traject_id": "T22-99999"}, 4, filled("traject_id"))
    story = "Rommelig maar leesbaar: titelregels, totaalregel, Windows-1252, regeleinden in cellen, duizendpunten."
    story += " Vier rijen noemen een traject dat niet bestaat, andere een traject dat is weggelaten of afgekeurd."
    signals = ("JOS-S001", "JOS-S002", "JOS-S003", "JOS-S005", "JOS-S007", "JOS-S012")
    base = replace(_base(world, "activiteiten", 2, story), signalen=signals)
    sent = straight(base, plants, columns_of("activiteiten"), ACTIVITEITEN_CSV)
    copy = _base(world, "activiteiten", 4, "Hetzelfde bestand nog eens, onder een andere naam.", suffix="_kopie")
    twice = Expected("JOS-S008", None, 1, (), "zelfde inhoud als de vorige levering")
    return [sent, replace(copy, content=sent.content, oordeel=DUPLICATE, bevindingen=(twice,))]


def _before(world: World, year: SchoolYear) -> list[Shipment]:
    """The closing deliveries of the school year before: no mess left in them."""
    day = world.peildatum_before
    story = "Slotlevering van het vorige schooljaar."
    rows = with_persons(support.trajecten_on(world.trajecten, year, day))
    base = Shipment(
        SUPPLIER,
        named_before(world, "trajecten"),
        "trajecten",
        str(year),
        arrived_before(world, 9),
        b"",
        ACCEPTED,
        story,
    )
    raw = (f"Export trajecten {year}.csv", write(rows, raw_names("trajecten"), _PLAIN))
    posts = support.inzet_on(world.inzet, year, day)
    other = replace(base, bestand=named_before(world, "inzet"), soort="inzet")
    return [
        deliver(world, base, raw, day),
        straight(other, planter(posts, _PLAIN, world.stream("geen")), columns_of("inzet"), _PLAIN),
    ]

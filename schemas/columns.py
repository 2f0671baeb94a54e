"""Every column of every delivery, defined once: Dutch name, meaning, kind, unit, code list and privacy class.

Put here a column; put in ``schemas.contracts`` in which delivery it stands and whether it is required.
Direct identifiers have no definition here on purpose: no contract can name one. The headings by which they
are refused on sight (spec 1.1) are ``PERSONAL_HEADINGS``.
"""

from dataclasses import dataclass
from enum import StrEnum

from schemas import codelists as lists
from schemas.codelists import CodeList
from schemas.indicators import INDICATOR_IDS
from schemas.naming import fold


class Kind(StrEnum):
    """How a cell is read and what the gate checks of it by itself."""

    PSEUDONYM = "pseudoniem"
    SCHOOL = "school"
    MUNICIPALITY = "gemeente"
    DATE = "datum"
    BOOLEAN = "ja/nee"
    INTEGER = "geheel getal"
    DECIMAL = "decimaal getal"
    MASKED = "aantal of afgeschermd aantal"
    CODE = "code"
    TEXT = "tekst"


class Privacy(StrEnum):
    """What a value can tell about one child (AVG). ``INDIRECT`` values never leave the lake as records."""

    NONE = "geen"
    INDIRECT = "indirect"


@dataclass(frozen=True)
class Column:
    """A column of a delivery.

    ``minimum`` and ``maximum`` bound numbers (inclusive unless ``above``: then x > above). ``aliases`` are other
    headings met in the field. ``unit`` is in the unit of the value (uur, fte, minuten).
    """

    name: str
    description: str
    kind: Kind
    codes: CodeList | None = None
    unit: str | None = None
    minimum: float | None = None
    maximum: float | None = None
    above: float | None = None
    aliases: tuple[str, ...] = ()
    privacy: Privacy = Privacy.INDIRECT
    pattern: str | None = None
    """What a text must look like, where that is not what the kind says."""

    @property
    def headings(self) -> frozenset[str]:
        """Every folded heading under which this column may come."""
        return frozenset(fold(heading) for heading in (self.name, *self.aliases))


def _date(name: str, description: str, *aliases: str) -> Column:
    return Column(name, description, Kind.DATE, aliases=aliases)


def _flag(name: str, description: str, *aliases: str) -> Column:
    return Column(name, description, Kind.BOOLEAN, aliases=aliases)


def _code(codes: CodeList, *aliases: str, name: str | None = None, privacy: Privacy = Privacy.INDIRECT) -> Column:
    return Column(name or codes.name, codes.description, Kind.CODE, codes=codes, aliases=aliases, privacy=privacy)


def _count(name: str, description: str, minimum: int, maximum: int, unit: str | None = None, *aliases: str) -> Column:
    return Column(name, description, Kind.INTEGER, unit=unit, minimum=minimum, maximum=maximum, aliases=aliases)


_LETTER, _OPENING = r"[\p{L}\p{N}]", r"['\"(]"
_SIGN = r"""[\p{L}\p{N} ._/&()+'",:!#-]"""
_BEGIN = rf"{_LETTER}{_SIGN}{{0,2}}|{_OPENING}{_LETTER}{_SIGN}?|{_OPENING}{{2}}{_LETTER}|#\p{{N}}{_SIGN}?"
TEXT_PATTERN = rf"^(?:{_BEGIN}){_SIGN}{{0,57}}$"
"""A number or the name of an organisation ("'s Heeren Loo", "#12"), at most 60 characters. What a spreadsheet program
would carry out (=, +, - or @ in front, also behind a quote) is none, nor is an error of Excel ("#N/A"). One tail for
all: a pattern that spells out every length apart grows too large for polars."""
CATEGORY_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9_+-]{0,59}$"
ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._/-]{0,39}$"
PSEUDONYM_PATTERN = r"^[0-9a-f]{64}$"
SCHOOL_PATTERN = r"^\d{2}[A-Z0-9]{2}\d{2}$"
MUNICIPALITY_PATTERN = r"^GM\d{4}$"

PSEUDONIEM = Column(
    "pseudoniem", "Versleuteld nummer van de leerling: HMAC-SHA256, 64 tekens (0-9, a-f).", Kind.PSEUDONYM
)
SCHOOL = Column(
    "school",
    "BRIN en vestiging van de school, zes tekens (bijvoorbeeld 19ZQ00).",
    Kind.SCHOOL,
    aliases=("brin6", "brinvest", "brin vestiging", "vestigingscode", "schoolcode"),
    privacy=Privacy.NONE,
)
WOONGEMEENTE = Column(
    "woongemeente",
    "Gemeente waar de jeugdige woont: GM en vier cijfers (bijvoorbeeld GM0361).",
    Kind.MUNICIPALITY,
    aliases=("gemeentecode", "gemeente", "gemeente code", "woongemeente code"),
)
TRAJECT_ID = Column("traject_id", "Nummer van het traject bij de aanbieder.", Kind.TEXT, aliases=("trajectnummer",))
TLV_NUMMER = Column(
    "tlv_nummer",
    "Nummer van de toelaatbaarheidsverklaring.",
    Kind.TEXT,
    aliases=("tlv nr",),
    pattern=TEXT_PATTERN,
)
MELDING_ID = Column("melding_id", "Nummer van de verzuimmelding.", Kind.TEXT, aliases=("meldingsnummer", "melding nr"))
RESPONDENT = Column(
    "respondent", "Code van wie de vragenlijst invulde (geen naam).", Kind.TEXT, aliases=("respondentnummer",)
)
MEDEWERKER = Column("medewerker", "Code van de medewerker (geen naam).", Kind.TEXT, aliases=("medewerkercode",))
TEAM = Column(
    "team",
    "Team dat meer scholen bedient.",
    Kind.TEXT,
    aliases=("jos-team",),
    privacy=Privacy.NONE,
    pattern=TEXT_PATTERN,
)
AANBIEDER = Column(
    "aanbieder",
    "Organisatie die de hulp levert.",
    Kind.TEXT,
    aliases=("zorgaanbieder",),
    privacy=Privacy.NONE,
    pattern=TEXT_PATTERN,
)

FUNCTIE = _code(lists.FUNCTIE)
ONDERWIJSSOORT = _code(lists.ONDERWIJSSOORT, "schoolsoort", "niveau")
LEEFTIJDSKLASSE = _code(lists.LEEFTIJDSKLASSE, "leeftijd klasse", "leeftijdsgroep")
AANMELDREDEN = _code(lists.AANMELDREDEN, "reden aanmelding", "problematiek")
VRAAGCATEGORIE = _code(lists.AANMELDREDEN, name="vraagcategorie")
ACTIVITEIT = _code(lists.ACTIVITEIT, "soort activiteit")
UITKOMST = _code(lists.UITKOMST, "resultaat")
VORM = _code(lists.VORM)
AARD = _code(lists.AARD)
PREVENTIE = _code(lists.PREVENTIE, "preventieniveau")
DOELGROEP = _code(lists.DOELGROEP)
ZONDER_HULP_VERDER = _code(lists.ZONDER_HULP_VERDER)
INFORMANT = _code(lists.INFORMANT)
UITSTROOM = _code(lists.UITSTROOM)
CATEGORIE = _code(lists.TLV_CATEGORIE, "bekostigingscategorie", name="categorie")
SOORT_ONDERWIJS = _code(lists.SOORT_ONDERWIJS)
SOORT_THUISZITTER = _code(lists.SOORT_THUISZITTER, "soort verzuim", name="soort")
SOORT_WACHTTIJD = _code(lists.SOORT_WACHTTIJD, "wachtlijst", name="soort")
SOORT_VERZUIM = _code(lists.SOORT_VERZUIM, "soort verzuim", "soort melding", name="soort")
SOORT_LEERPLICHT = _code(lists.SOORT_LEERPLICHT, "soort verzuim", name="soort")
ROL = _code(lists.ROL)
VERBETERING = _code(lists.VERBETERING)
GESLACHT = _code(lists.GESLACHT)
VERWIJZER = _code(lists.VERWIJZER)
HULPVORM = _code(lists.HULPVORM)
GESTART_MET_CRISIS = _code(lists.GESTART_MET_CRISIS, "gestart met crisis")
REDEN_BEEINDIGING = _code(lists.REDEN_BEEINDIGING, "reden einde")

BEGINDATUM = _date("begindatum", "Eerste dag.", "startdatum hulp", "datum begin", "ingang")
EINDDATUM = _date("einddatum", "Laatste dag; leeg betekent: loopt nog.", "datum einde", "eind datum")
AANMELDDATUM = _date("aanmelddatum", "Dag van aanmelding (bij jeugdhulp: van de toewijzing).", "datum aanmelding")
EERSTE_CONTACT = _date("eerste_contact", "Dag van het eerste contact na aanmelding.", "datum eerste contact")
INTAKEDATUM = _date("intakedatum", "Dag van de intake.", "datum intake")
STARTDATUM = _date("startdatum", "Dag waarop de hulp begon; leeg betekent: wacht nog.", "datum start")
DATUM = _date("datum", "Dag van de activiteit.")
INSCHRIJFDATUM = _date("inschrijfdatum", "Dag van inschrijving op de school.", "datum inschrijving")
UITSCHRIJFDATUM = _date(
    "uitschrijfdatum", "Dag van uitschrijving; leeg betekent: nog ingeschreven.", "datum uitschrijving"
)
AANVRAAGDATUM = _date("aanvraagdatum", "Dag van de aanvraag.")
AFGIFTEDATUM = _date("afgiftedatum", "Dag waarop de verklaring is afgegeven.", "datum afgifte")
INGANGSDATUM = _date("ingangsdatum", "Eerste dag waarop de verklaring geldt.")
PLAATSINGSDATUM = _date("plaatsingsdatum", "Dag van plaatsing; leeg betekent: nog niet geplaatst.")
TERUGSTROOMDATUM = _date("terugstroomdatum", "Dag waarop de leerling terugging naar regulier onderwijs.")
PEILDATUM = _date("peildatum", "Dag waarop is geteld.", "teldatum", "datum telling")
AANVANG = _date("aanvang", "Eerste dag van de jeugdhulp.", "datum aanvang")
EINDE = _date("einde", "Laatste dag van de jeugdhulp; leeg betekent: loopt nog.", "datum einde")

FTE = Column(
    "fte", "Omvang van de inzet in voltijdbanen.", Kind.DECIMAL, unit="fte", above=0, maximum=1.5, privacy=Privacy.NONE
)
MINUTEN = _count("minuten", "Duur in minuten.", 1, 1440, "minuten", "duur in minuten", "tijd (min)")
AANTAL_DEELNEMERS = _count("aantal_deelnemers", "Aantal deelnemers.", 1, 100_000, "personen", "deelnemers")
AANTAL_GESPREKKEN = _count("aantal_gesprekken", "Aantal gevoerde gesprekken.", 0, 1_000, "gesprekken")
DOELEN_GESTELD = _count("doelen_gesteld", "Aantal doelen dat is gesteld.", 0, 100, "doelen")
DOELEN_BEHAALD = _count("doelen_behaald", "Aantal doelen dat is behaald.", 0, 100, "doelen")
NUT = _count("nut", "Rapportcijfer: hoe nuttig was deze hulp?", 1, 10, "cijfer")
LEERJAAR = _count("leerjaar", "Leerjaar of verblijfsjaar.", 1, 8, None, "klas", "leer- of verblijfsjaar")

SAMENWERKING = _count(
    "samenwerking", "Rapportcijfer voor de samenwerking tussen onderwijs en jeugdhulp.", 1, 10, "cijfer"
)
AANTAL_ORGANISATIES = _count(
    "aantal_organisaties", "Aantal organisaties van buiten die leerlingen in de school begeleiden.", 0, 1_000, "aantal"
)
AANTAL_BEGELEIDERS = _count(
    "aantal_begeleiders", "Aantal begeleiders van buiten de school.", 0, 10_000, "personen", "begeleiders"
)
AANTAL = _count("aantal", "Aantal inwoners.", 0, 10_000_000, "inwoners", "aantal inwoners", "inwoners")
UREN = Column(
    "uren",
    "Aantal uren verzuim (klokuren les of praktijk).",
    Kind.DECIMAL,
    unit="uren",
    above=0,
    maximum=10_000,
    aliases=("aantal uren", "uren verzuim"),
)

SPECIALISTISCHE_HULP_IN_BEELD = _flag(
    "specialistische_hulp_in_beeld", "Was er bij de start al specialistische hulp of een verwijzing daarheen in beeld?"
)
OVERBRUGGING = _flag("overbrugging", "Overbrugt het traject een wachtlijst?")
BESCHIKKING_AANGEVRAAGD = _flag("beschikking_aangevraagd", "Is er vanuit JOS een beschikking aangevraagd?")
WARME_OVERDRACHT = _flag("warme_overdracht", "Is er warm overgedragen?")
EXTRA_ONDERSTEUNING = _flag("extra_ondersteuning", "Heeft de leerling een ontwikkelingsperspectief?", "opp")
TERUGGELEID = _flag("teruggeleid", "Is de leerling teruggeleid naar onderwijs?")
ONGEOORLOOFD = _flag("ongeoorloofd", "Was het verzuim ongeoorloofd?")
VRIJSTELLING = _flag("vrijstelling", "Heeft de jeugdige een vrijstelling van de leerplicht?")
MISSIE_BEKEND = _flag(
    "missie_bekend", "Kent de respondent de missie van Jeugdhulp op school?", "missie en visie bekend"
)

OPGAVE_PERIODE = _code(lists.PERIODE, privacy=Privacy.NONE)
INDICATOR = Column(
    "indicator",
    "Naam van het cijfer, zoals in de lijst van indicatoren (bijvoorbeeld jos_leerlingen).",
    Kind.CODE,
    codes=INDICATOR_IDS,
    privacy=Privacy.NONE,
)
UITSPLITSING = _code(lists.UITSPLITSING, privacy=Privacy.NONE)
OPGAVE_CATEGORIE = Column(
    "categorie",
    "Deel van de uitsplitsing waarover het getal gaat (bijvoorbeeld gedragswetenschapper).",
    Kind.TEXT,
    privacy=Privacy.NONE,
    pattern=CATEGORY_PATTERN,
)
TELLER = Column(
    "teller",
    "Het getal zelf, of bij een aandeel het bovenste getal. Schrijf <5 als u het precieze getal niet wilt noemen.",
    Kind.MASKED,
    minimum=0,
    maximum=10_000_000,
)
NOEMER = Column(
    "noemer",
    "Bij een aandeel of gemiddelde: het aantal waarvan het een deel is. Schrijf <5 om het af te schermen.",
    Kind.MASKED,
    minimum=0,
    maximum=10_000_000,
)

PERSONAL_HEADINGS: frozenset[str] = frozenset(
    fold(heading)
    for heading in (
        *("bsn", "bsnnummer", "bsn nummer", "burgerservicenummer", "burgerservice nr", "sofinummer"),
        *("persoonsgebondennummer", "persoonsgebonden nummer", "pgn", "onderwijsnummer", "onderwijs nr"),
        *("naam", "naam leerling", "leerlingnaam", "leerling naam", "naam jeugdige", "volledige naam"),
        *("achternaam", "geslachtsnaam", "voornaam", "voornamen", "roepnaam", "voorletters", "tussenvoegsel"),
        *("geboortedatum", "geb datum", "gebdatum", "geboorte datum", "datum geboorte"),
        *("straat", "straatnaam", "adres", "huisnummer", "huisnr", "huisnummer toevoeging"),
        *("postcode6", "postcode 6"),
        *("email", "e-mail", "emailadres", "mailadres", "mail"),
        *("telefoon", "telefoonnummer", "tel", "telnr", "mobiel", "mobielnummer", "gsm"),
    )
)
"""Folded headings that name a direct identifier (spec 1.1). ``postcode`` alone is judged by its cells: digits
only (PC4) is an unknown column, letters make it an address."""

PERSONAL_STEMS: tuple[str, ...] = (
    *("burgerservice", "persoonsgebonden", "onderwijsnummer", "bsnnummer", "sofinummer"),
    *("achternaam", "voornaam", "voornamen", "roepnaam", "voorletter", "geboortedatum", "geboortedag"),
    *("geboortedat", "telefoon", "email", "huisnummer", "straatnaam", "woonadres", "familienaam", "meisjesnaam"),
    *("gebdatum", "gebdat", "gebdt", "mailadres", "huisnr", "geslachtsnaam", "tussenvoegsel", "sofinr"),
    *("onderwijsnr", "onderwnr", "ondwnr"),
)
"""Pieces that make any folded heading personal ("achternaam_moeder", "geboortedatum kind")."""

KINDS_OF_EDUCATION: tuple[frozenset[str], ...] = (
    frozenset({"soort", "type", "vorm", "niveau", "sector", "richting"}),
    frozenset({"onderwijs", "onderw", "ondw"}),
    frozenset({"nr", "nummer"}),
)
"""Three whole words that number a kind of education ("soort onderwijs nr"). The last two alone are of a person."""

PERSONAL_WORDS: frozenset[str] = frozenset(
    {
        "bsn",
        "pgn",
        "email",
        "tel",
        "telnr",
        "gsm",
        "mobielnr",
        "mobielnummer",
        "achternaam",
        "voornaam",
        "straat",
        "naw",
    }
)
"""Whole words that make a heading personal ("BSN kind", "e-mail ouder")."""

PERSONAL_EDGES: tuple[str, ...] = ("bsn", "pgn")
"""Words that make a heading personal when it, or one of its words, begins or ends with them ("BSNnr", "B.S.N. nr")."""

PERSON_WORDS: frozenset[str] = frozenset(
    {"leerling", "lln", "pupil", "jongere", "deelnemer", "patient"}
    | {"jeugdige", "kind", "client", "ouder", "ouders", "moeder", "vader", "verzorger", "opvoeder"}
    | {"contactpersoon", "mentor", "docent", "coach", "medewerker", "begeleider", "behandelaar"}
)
"""Whole words that say whose a name, an address or a number is ("naam moeder", "mail ouder")."""

PERSONAL_PARTS: tuple[str, ...] = ("naam", "namen", "adres", "mail", "mobiel")
"""Words that name a direct identifier alone, with each other, or beside a person; a school has them too."""

FILLING_WORDS: frozenset[str] = frozenset({"volledig", "volledige", "voluit", "van", "de", "het", "en", "of"})
"""Whole words that change nothing about what a heading names ("naam voluit")."""

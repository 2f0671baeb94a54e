"""Code lists of spec 1.4 and the labels of the field that stand for a code.

A list holds codes, Dutch labels and aliases. Lists that change over time (schools, gemeenten) are reference
data of a region, not code lists: see ``jos_pipeline.region``.
"""

from dataclasses import dataclass, field
from functools import cached_property

from schemas.naming import fold


@dataclass(frozen=True)
class Code:
    """One value of a code list: the code in the data, the label for people, and other spellings met in the field."""

    code: str
    label: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class CodeList:
    """A closed list of codes."""

    name: str
    description: str
    codes: tuple[Code, ...]
    source: str = "JOS-monitor"
    groups: dict[str, str] = field(default_factory=dict, hash=False)
    """Code to the coarser code it belongs to, where the field groups this list."""

    @cached_property
    def values(self) -> tuple[str, ...]:
        return tuple(code.code for code in self.codes)

    @cached_property
    def labels(self) -> dict[str, str]:
        return {code.code: code.label for code in self.codes}

    @cached_property
    def spellings(self) -> dict[str, str]:
        """Every folded spelling (code, label, alias) to its code."""
        return {fold(spelling): code.code for code in self.codes for spelling in (code.code, code.label, *code.aliases)}


FUNCTIE = CodeList(
    "functie",
    "Functie van de jeugdhulpprofessional in de school.",
    (
        Code(
            "jeugd_en_gezinscoach",
            "Jeugd- en gezinscoach",
            ("J&G coach", "JG coach", "jeugd- en gezinscoach VO", "jeugd en gezinscoach vo", "gezinscoach"),
        ),
        Code(
            "gedragswetenschapper",
            "Gedragswetenschapper",
            ("gedragswetenschapper JGGZ-VO", "gedragswetenschapper JGGZ", "GW"),
        ),
        Code(
            "preventief_ambulant_jeugdhulpverlener",
            "Preventief ambulant jeugdhulpverlener",
            ("PAJ", "PAJ'er", "preventief ambulant jeugdhulpverlener VO"),
        ),
    ),
)

ONDERWIJSTYPE = CodeList(
    "onderwijstype",
    "Groep van onderwijssoorten waarmee de monitor vergelijkt.",
    (
        Code("regulier", "Regulier voortgezet onderwijs"),
        Code("praktijkonderwijs", "Praktijkonderwijs"),
        Code("gespecialiseerd", "Gespecialiseerd onderwijs"),
    ),
)

ONDERWIJSSOORT = CodeList(
    "onderwijssoort",
    "Soort onderwijs waar de leerling staat ingeschreven.",
    (
        Code("vmbo_b", "Vmbo basisberoepsgerichte leerweg", ("vmbo-bb", "vmbo basis", "bbl", "vmbo-b")),
        Code("vmbo_k", "Vmbo kaderberoepsgerichte leerweg", ("vmbo-kb", "vmbo kader", "kbl", "vmbo-k")),
        Code("vmbo_gt", "Vmbo gemengde/theoretische leerweg", ("vmbo-gt", "vmbo-tl", "vmbo tl", "vmbo-gl", "vmbo-g/t")),
        Code("mavo", "Mavo"),
        Code("havo", "Havo"),
        Code("vwo", "Vwo", ("gymnasium", "atheneum")),
        Code("brugklas", "Brugklas", ("onderbouw", "brugjaar")),
        Code("pro", "Praktijkonderwijs", ("praktijkonderwijs", "PrO")),
        Code("vso", "Voortgezet speciaal onderwijs"),
        Code("so", "Speciaal onderwijs"),
        Code("sbo", "Speciaal basisonderwijs"),
    ),
    groups={
        **dict.fromkeys(("vmbo_b", "vmbo_k", "vmbo_gt", "mavo", "havo", "vwo", "brugklas"), "regulier"),
        "pro": "praktijkonderwijs",
        **dict.fromkeys(("vso", "so", "sbo"), "gespecialiseerd"),
    },
)

LEEFTIJDSKLASSE = CodeList(
    "leeftijdsklasse",
    "Leeftijd in klassen op de peildatum van de levering.",
    tuple(
        Code(code, f"{code.replace('-', ' tot en met ')} jaar" if "-" in code else "18 jaar of ouder")
        for code in ("4-7", "8-11", "12-13", "14-15", "16-17", "18+")
    ),
)

AANMELDREDEN = CodeList(
    "aanmeldreden",
    "Belangrijkste reden van aanmelding bij JOS.",
    (
        Code("angst", "Angst"),
        Code("somberheid", "Somberheid"),
        Code("gedrag", "Gedrag"),
        Code("concentratie", "Concentratie"),
        Code("autisme", "Autisme"),
        Code("trauma_hechting", "Trauma en hechting"),
        Code("suicidaliteit", "Suïcidaliteit"),
        Code("sociale_relaties", "Sociale relaties"),
        Code("pesten", "Pesten"),
        Code("weerbaarheid", "Weerbaarheid"),
        Code("gezin_opvoeding", "Gezin en opvoeding"),
        Code("echtscheiding", "Echtscheiding"),
        Code("rouw", "Rouw"),
        Code("verzuim_thuiszitten", "Verzuim en thuiszitten"),
        Code("motivatie_schoolprestaties", "Motivatie en schoolprestaties"),
        Code("overgang_po_vo", "Overgang van po naar vo"),
        Code("middelengebruik", "Middelengebruik"),
        Code("straatcultuur", "Straatcultuur"),
        Code("gender", "Gender"),
        Code("armoede", "Armoede"),
        Code("overig", "Overig"),
    ),
)

ACTIVITEIT = CodeList(
    "activiteit",
    "Soort activiteit van de jeugdhulpprofessional in de school.",
    (
        Code("leerlinggesprek", "Gesprek met leerling"),
        Code("oudergesprek", "Gesprek met ouders"),
        Code("huisbezoek", "Huisbezoek"),
        Code("consultatie", "Consultatie (anonieme casuïstiek)", ("consult",)),
        Code("observatie", "Observatie"),
        Code("handelingsadvies", "Handelingsadvies"),
        Code("diagnostiek", "Diagnostiek"),
        Code("zorgoverleg", "Zorgoverleg", ("ZAT", "ondersteuningsoverleg")),
        Code("inloopspreekuur", "Inloopspreekuur"),
        Code("groepsaanbod", "Groepsaanbod", ("training",)),
        Code("collectieve_activiteit", "Collectieve activiteit"),
        Code("professionalisering", "Professionalisering van het schoolteam"),
        Code("overleg_extern", "Overleg met externe partij"),
        Code("overdracht_po_vo", "Overdracht van po naar vo"),
        Code("overig", "Overig"),
    ),
)

UITKOMST = CodeList(
    "uitkomst",
    "Hoe een traject is afgesloten.",
    (
        Code("geen_vervolg", "Geen vervolghulp nodig"),
        Code("voorliggend_veld", "Door naar voorliggend veld"),
        Code("sociaal_team", "Door naar sociaal team", ("wijkteam",)),
        Code("specialistische_jeugdhulp", "Door naar specialistische jeugdhulp"),
        Code("gespecialiseerd_onderwijs", "Door naar gespecialiseerd onderwijs"),
        Code("voortijdig_client", "Voortijdig gestopt door jeugdige of ouders"),
        Code("voortijdig_aanbieder", "Voortijdig gestopt door de aanbieder"),
        Code("voortijdig_overleg", "Voortijdig gestopt in overleg"),
        Code("overig", "Overig"),
    ),
)

VORM = CodeList(
    "vorm",
    "Vorm van de hulp.",
    (Code("individueel", "Individueel", ("ind",)), Code("groep", "Groep", ("groepsgewijs",))),
)
VORM_COMBINATIE = CodeList(
    "vorm_combinatie",
    "Vorm van de hulp per leerling, over al zijn lopende trajecten.",
    (Code("individueel", "Alleen individueel"), Code("groep", "Alleen groep"), Code("beide", "Individueel en groep")),
)
AARD = CodeList("aard", "Aard van de hulp.", (Code("structureel", "Structureel"), Code("incidenteel", "Incidenteel")))
PREVENTIE = CodeList(
    "preventie",
    "Primair: voor iedereen, problemen voorkomen. Secundair: voor leerlingen met beginnende problemen.",
    (Code("primair", "Primaire preventie", ("1",)), Code("secundair", "Secundaire preventie", ("2",))),
)
DOELGROEP = CodeList(
    "doelgroep",
    "Voor wie de activiteit was.",
    (
        Code("leerling", "Leerling", ("leerlingen", "jeugdige")),
        Code("ouder", "Ouder", ("ouders",)),
        Code("mentor", "Mentor", ("mentoren",)),
        Code("docent", "Docent", ("docenten", "leraar")),
        Code("team", "Schoolteam"),
        Code("extern", "Externe partij"),
    ),
)
ZONDER_HULP_VERDER = CodeList(
    "zonder_hulp_verder",
    "Hoe de jeugdige verder gaat na deze hulp (landelijke outcome-vraag).",
    (
        Code("01", "Eenzelfde soort of zwaardere hulp nodig", ("1",)),
        Code("02", "Met een lichtere vorm van hulp verder", ("2",)),
        Code("03", "Voor nu geen verdere hulp, later misschien", ("3",)),
        Code("04", "Geen verdere hulp nodig", ("4",)),
    ),
    source="CBS Beleidsinformatie Jeugd, protocol v7",
)
INFORMANT = CodeList(
    "informant",
    "Wie de vraag beantwoordde.",
    (Code("jeugdige", "Jeugdige"), Code("ouder", "Ouder of opvoeder", ("opvoeder",))),
)
UITSTROOM = CodeList(
    "uitstroom",
    "Waarheen de leerling vertrok.",
    (
        Code("diploma", "Diploma"),
        Code("andere_school", "Andere school"),
        Code("mbo", "Mbo"),
        Code("vso", "Voortgezet speciaal onderwijs"),
        Code("werk", "Werk"),
        Code("dagbesteding", "Dagbesteding"),
        Code("geen_vervolg", "Geen vervolg"),
        Code("verhuisd", "Verhuisd"),
        Code("overleden", "Overleden"),
        Code("onbekend", "Onbekend"),
    ),
)
TLV_CATEGORIE = CodeList(
    "tlv_categorie",
    "Bekostigingscategorie van de toelaatbaarheidsverklaring.",
    (Code("1", "Laag", ("cat 1",)), Code("2", "Midden", ("cat 2",)), Code("3", "Hoog", ("cat 3",))),
)
SOORT_ONDERWIJS = CodeList(
    "soort_onderwijs",
    "Soort onderwijs waarvoor de toelaatbaarheidsverklaring geldt.",
    (
        Code("vso", "Voortgezet speciaal onderwijs"),
        Code("so", "Speciaal onderwijs"),
        Code("pro", "Praktijkonderwijs", ("praktijkonderwijs",)),
    ),
)
SOORT_THUISZITTER = CodeList(
    "soort_thuiszitter",
    "Absoluut verzuim: niet ingeschreven. Langdurig relatief verzuim: ingeschreven, meer dan vier weken weg.",
    (
        Code("absoluut", "Absoluut verzuim", ("absoluut verzuim",)),
        Code("langdurig_relatief", "Langdurig relatief verzuim", ("LRV",)),
    ),
    source="OCW, definitie thuiszitters 2016",
)
SOORT_WACHTTIJD = CodeList(
    "soort_wachttijd",
    "Waarop de inwoner wacht.",
    (Code("sociaal_team", "Sociaal team", ("wijkteam",)), Code("jeugdhulp", "Jeugdhulp")),
)
GESLACHT = CodeList(
    "geslacht",
    "Geslacht zoals in Beleidsinformatie Jeugd.",
    (Code("V", "Vrouw", ("vrouwelijk",)), Code("M", "Man", ("mannelijk",)), Code("O", "Onbekend")),
    source="CBS Beleidsinformatie Jeugd, protocol v7",
)
VERWIJZER = CodeList(
    "verwijzer",
    "Wie naar de jeugdhulp verwees.",
    (
        Code("01", "Gemeentelijke toegang", ("1",)),
        Code("02", "Huisarts", ("2",)),
        Code("03", "Jeugdarts", ("3",)),
        Code("04", "Gecertificeerde instelling", ("4",)),
        Code("05", "Medisch specialist", ("5",)),
        Code("06", "Geen verwijzer", ("6",)),
        Code("08", "Rechter, officier van justitie of JJI", ("8",)),
    ),
    source="CBS Beleidsinformatie Jeugd, protocol v7",
)
HULPVORM = CodeList(
    "hulpvorm",
    "Vorm van jeugdhulp; 11 tot en met 14 zijn met verblijf.",
    (
        Code("01", "Wijk- of buurtteam", ("1",)),
        Code("02", "Ambulant op locatie van de aanbieder", ("2",)),
        Code("03", "Daghulp op locatie van de aanbieder", ("3",)),
        Code("04", "In het netwerk van de jeugdige", ("4",)),
        Code("11", "Pleegzorg"),
        Code("12", "Gezinsgericht"),
        Code("13", "Gesloten plaatsing"),
        Code("14", "Overig verblijf"),
    ),
    source="CBS Beleidsinformatie Jeugd, protocol v7",
)
GESTART_MET_CRISIS = CodeList(
    "gestart_met_crisis",
    "Of de hulp met een crisis begon.",
    (Code("01", "Ja", ("1", "J")), Code("02", "Nee", ("2", "N"))),
    source="CBS Beleidsinformatie Jeugd, protocol v7",
)
REDEN_BEEINDIGING = CodeList(
    "reden_beeindiging",
    "Waarom de jeugdhulp stopte.",
    (
        Code("01", "Beëindigd volgens plan", ("1",)),
        Code("02", "Voortijdig, in overeenstemming", ("2",)),
        Code("03", "Voortijdig, door de cliënt", ("3",)),
        Code("04", "Voortijdig, door de aanbieder", ("4",)),
        Code("05", "Door externe omstandigheden", ("5",)),
    ),
    source="CBS Beleidsinformatie Jeugd, protocol v7",
)
SOORT_VERZUIM = CodeList(
    "soort_verzuim",
    "Soort verzuimmelding, zoals in het verzuimregister van DUO.",
    (
        Code("16_uur", "16 uur in vier weken", ("16 uur", "16-uursmelding", "16 uursmelding", "eerste melding")),
        Code("langdurig_relatief", "Langdurig relatief verzuim", ("LRV", "langdurig", "langdurig relatief")),
        Code("luxe", "Luxeverzuim", ("luxe verzuim",)),
        Code("overig", "Overig", ("overig verzuim",)),
    ),
    source="DUO, verzuimregister",
)
SOORT_LEERPLICHT = CodeList(
    "soort_leerplicht",
    "Wat de leerplichtambtenaar vastlegde.",
    (Code("absoluut", "Absoluut verzuim", ("absoluut verzuim",)),),
    source="Leerplichtwet 1969",
)
ROL = CodeList(
    "rol",
    "Wie de vragenlijst invulde.",
    (
        Code("jeugdige", "Jeugdige", ("leerling", "jongere")),
        Code("ouder", "Ouder of opvoeder", ("ouders", "opvoeder")),
        Code("onderwijsprofessional", "Onderwijsprofessional", ("docent", "mentor", "school")),
        Code("jeugdhulpprofessional", "Jeugdhulpprofessional", ("hulpverlener", "jeugdprofessional")),
        Code("beleid", "Beleidsmedewerker", ("beleidsadviseur",)),
    ),
)
VERBETERING = CodeList(
    "verbetering",
    "Of het door de hulp beter gaat.",
    (Code("ja", "Ja", ("J",)), Code("deels", "Deels", ("gedeeltelijk",)), Code("nee", "Nee", ("N",))),
)
PERIODE = CodeList(
    "periode",
    "Deel van het schooljaar.",
    (
        Code("schooljaar", "Heel schooljaar", ("heel jaar",)),
        Code("halfjaar_1", "Eerste halfjaar (augustus tot en met december)", ("eerste halfjaar", "halfjaar 1")),
        Code("halfjaar_2", "Tweede halfjaar (januari tot en met juli)", ("tweede halfjaar", "halfjaar 2")),
    ),
)
UITSPLITSING = CodeList(
    "uitsplitsing",
    "Waarnaar een opgegeven getal is uitgesplitst; leeg of totaal betekent: niet.",
    tuple(
        Code(name, label)
        for name, label in (
            ("totaal", "Totaal"),
            ("onderwijstype", "Onderwijstype"),
            ("onderwijssoort", "Onderwijssoort"),
            ("leerjaar", "Leerjaar"),
            ("leeftijdsklasse", "Leeftijdsklasse"),
            ("functie", "Functie"),
            ("aanmeldreden", "Aanmeldreden"),
            ("preventie", "Preventie"),
            ("aard", "Aard van de hulp"),
            ("vorm", "Vorm van de hulp"),
            ("activiteit", "Activiteit"),
            ("doelgroep", "Doelgroep"),
            ("informant", "Informant"),
            ("categorie", "Categorie"),
            ("soort_onderwijs", "Soort onderwijs"),
            ("verwijzer", "Verwijzer"),
            ("soort", "Soort"),
            ("rol", "Rol"),
        )
    ),
)

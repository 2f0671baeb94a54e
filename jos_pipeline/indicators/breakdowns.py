"""The breakdowns of spec 2.1: for each base table the column that holds the category, and the code list."""

from jos_pipeline.indicators.entry import Breakdown
from schemas import codelists as lists
from schemas.codelists import Code, CodeList
from schemas.contracts import CONTRACTS

LEERJAAR_LIST = CodeList(
    "leerjaar",
    "Leerjaar of verblijfsjaar.",
    tuple(Code(str(year), f"Leerjaar {year}") for year in range(1, 9)),
)
SOORT_LEVERING_LIST = CodeList(
    "soort_levering",
    "Soort levering.",
    tuple(Code(contract.soort, contract.title) for contract in CONTRACTS.values()),
)

FUNCTIE = Breakdown("functie", lists.FUNCTIE, {"traject": "functie", "inzet": "functie", "activiteit": "functie"})
ONDERWIJSTYPE = Breakdown(
    "onderwijstype",
    lists.ONDERWIJSTYPE,
    {"traject": "onderwijstype", "leerling": "onderwijstype", "school": "onderwijstype"},
)
AANMELDREDEN = Breakdown(
    "aanmeldreden", lists.AANMELDREDEN, {"traject": "aanmeldreden", "activiteit": "vraagcategorie"}
)
LEEFTIJDSKLASSE = Breakdown("leeftijdsklasse", lists.LEEFTIJDSKLASSE, {"traject": "leeftijdsklasse"})
LEEFTIJD_12_17 = Breakdown(
    "leeftijdsklasse",
    CodeList(
        "leeftijdsklasse_12_17",
        "Leeftijd in klassen van 12 tot en met 17 jaar.",
        tuple(code for code in lists.LEEFTIJDSKLASSE.codes if code.code in ("12-13", "14-15", "16-17")),
    ),
    {"jeugdhulp": "leeftijdsklasse", "inwoner": "leeftijdsklasse"},
)
ONDERWIJSSOORT = Breakdown("onderwijssoort", lists.ONDERWIJSSOORT, {"duo_examen": "onderwijssoort"})
ROL = Breakdown("rol", lists.ROL, {"enquete": "rol"})
PREVENTIE = Breakdown("preventie", lists.PREVENTIE, {"traject": "preventie", "activiteit": "preventie"})
AARD = Breakdown("aard", lists.AARD, {"traject": "aard_leerling"})
VORM = Breakdown("vorm", lists.VORM_COMBINATIE, {"traject": "vorm_leerling"})
LEERJAAR = Breakdown("leerjaar", LEERJAAR_LIST, {"leerling": "leerjaar_code"})
ACTIVITEIT = Breakdown("activiteit", lists.ACTIVITEIT, {"activiteit": "activiteit"})
DOELGROEP = Breakdown("doelgroep", lists.DOELGROEP, {"activiteit": "doelgroep"})
INFORMANT = Breakdown("informant", lists.INFORMANT, {"traject": "informant"})
VERWIJZER = Breakdown("verwijzer", lists.VERWIJZER, {"jeugdhulp": "verwijzer"})
SOORT_THUISZITTER = Breakdown("soort", lists.SOORT_THUISZITTER, {"thuiszitter": "soort"})
SOORT_WACHTTIJD = Breakdown("soort", lists.SOORT_WACHTTIJD, {"wachttijd": "soort"})
SOORT_LEVERING = Breakdown("soort", SOORT_LEVERING_LIST, {"levering": "soort"})
TLV_CATEGORIE = Breakdown("categorie", lists.TLV_CATEGORIE, {"tlv": "categorie"})
SOORT_ONDERWIJS = Breakdown("soort_onderwijs", lists.SOORT_ONDERWIJS, {"tlv": "soort_onderwijs"})

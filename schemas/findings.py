"""The catalogue of findings: every code the gate can give, with cause and remedy in Dutch for the supplier.

One entry per code; messages, ``jos explain``, feedback files and check descriptions are rendered from it. Which
rule gives which code stands in ``schemas.contracts`` and in the gate; no message may ever contain a cell value.
"""

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """``fout`` rejects the row or the file; ``signaal`` is processed and reported; ``info`` only tells."""

    FOUT = "fout"
    SIGNAAL = "signaal"
    INFO = "info"


class Scope(StrEnum):
    """What a fout rejects."""

    FILE = "bestand"
    ROW = "rij"


@dataclass(frozen=True)
class FindingType:
    """One code. ``message`` may use {kolom}, {aantal}, {detail}; ``detail`` never holds a cell value."""

    code: str
    title: str
    message: str
    cause: str
    example: str
    remedy: str
    scope: Scope = Scope.ROW

    @property
    def severity(self) -> Severity:
        return {"E": Severity.FOUT, "S": Severity.SIGNAAL, "I": Severity.INFO}[self.code[4]]


def _file(code: str, title: str, message: str, cause: str, example: str, remedy: str) -> FindingType:
    return FindingType(code, title, message, cause, example, remedy, Scope.FILE)


_TYPES = (
    # --- the file as a whole -------------------------------------------------------------------------------
    _file(
        "JOS-E001",
        "Het bestand is leeg",
        "Het bestand bevat geen gegevens.",
        "Het bestand heeft geen inhoud, of alleen een kopregel zonder rijen.",
        "Een export die is afgebroken, of een filter dat alles wegliet.",
        "Maak de export opnieuw en kijk of er rijen in staan. Is er echt niets te melden? Overleg dan met de monitor.",
    ),
    _file(
        "JOS-E002",
        "Het bestand is niet te lezen",
        "Het bestand is geen leesbaar CSV- of XLSX-bestand.",
        "De inhoud past niet bij een CSV- of Excel-bestand.",
        "Een afbeelding of pdf die is hernoemd naar .csv.",
        "Sla de export op als CSV of als Excel-werkmap (.xlsx) en lever opnieuw.",
    ),
    _file(
        "JOS-E003",
        "Het bestand is afgebroken",
        "Het bestand houdt midden in de gegevens op{detail}.",
        "Het bestand is niet volledig weggeschreven of verstuurd.",
        "Een aanhalingsteken dat niet wordt gesloten, of een Excel-bestand waarvan het eind ontbreekt.",
        "Verstuur het bestand opnieuw. Blijft het zo? Maak de export opnieuw.",
    ),
    _file(
        "JOS-E004",
        "Het bestand is te groot",
        "Het bestand is groter dan de monitor aanneemt{detail}.",
        "Het bestand, een cel, of het aantal kolommen of rijen is groter dan afgesproken.",
        "Een Excel-bestand dat uitgepakt honderden keren groter is.",
        "Lever alleen de gevraagde kolommen en een schooljaar per bestand.",
    ),
    _file(
        "JOS-E005",
        "Dit soort bestand wordt niet aangenomen",
        "Dit soort bestand kan de monitor niet lezen{detail}.",
        "Alleen CSV (.csv) en Excel (.xlsx) worden gelezen, zonder wachtwoord.",
        "Een oud Excel-bestand (.xls) of een werkmap met een wachtwoord.",
        "Sla het bestand op als .csv of .xlsx, zonder wachtwoord.",
    ),
    _file(
        "JOS-E006",
        "Het bestand bevat onleesbare tekens",
        "Het bestand bevat tekens die niet te lezen zijn{detail}.",
        "De tekencodering is beschadigd: het bestand bevat nultekens of bytes die bij geen codering passen.",
        "Een bestand dat twee keer is omgezet, of half UTF-16 is.",
        "Sla het bestand op als 'CSV UTF-8' en lever opnieuw.",
    ),
    _file(
        "JOS-E007",
        "Er is geen kopregel gevonden",
        "In de eerste zes rijen staan geen kolomnamen die de monitor kent.",
        "De kopregel ontbreekt of staat te ver naar beneden.",
        "Een export zonder kolomnamen, of met meer dan vijf titelregels.",
        "Zet de kolomnamen boven de gegevens. Gebruik de namen uit de beschrijving van de levering.",
    ),
    _file(
        "JOS-E008",
        "Een kolom komt twee keer voor",
        "De kolom {kolom} komt meer dan een keer voor.",
        "Twee koppen betekenen hetzelfde, dus het is niet zeker welke kolom geldt.",
        "Zowel 'school' als 'BRIN6'.",
        "Laat een van de twee kolommen weg.",
    ),
    _file(
        "JOS-E009",
        "Een verplichte kolom ontbreekt",
        "De verplichte kolom {kolom} ontbreekt.",
        "De kolom staat niet in het bestand, of heeft een naam die de monitor niet kent.",
        "'Begin' in plaats van 'begindatum'.",
        "Voeg de kolom toe of geef hem de naam uit de beschrijving van de levering.",
    ),
    _file(
        "JOS-E010",
        "Het bestand bevat een kolom met persoonsgegevens",
        "Het bestand bevat een kolom met direct herkenbare persoonsgegevens (kolom {detail}). "
        "Het is geweigerd en de inhoud is niet bewaard.",
        "De monitor mag geen BSN, naam, geboortedatum, adres, e-mail of telefoonnummer ontvangen.",
        "Een export uit het leerlingvolgsysteem die rechtstreeks is geupload.",
        "Verwijder het bestand uit de map. Maak met 'jos prepare' een levering zonder persoonsgegevens en lever die.",
    ),
    _file(
        "JOS-E011",
        "Het bestand bevat nummers die een BSN kunnen zijn",
        "{aantal} cellen bevatten een nummer van negen cijfers dat een BSN kan zijn. "
        "Het bestand is geweigerd en de inhoud is niet bewaard.",
        "Een nummer van negen cijfers dat aan de elfproef voldoet, wordt altijd als BSN behandeld.",
        "Een BSN in de kolom traject_id.",
        "Verwijder het bestand uit de map. Gebruik 'jos prepare', of geef eigen nummers een letter ervoor.",
    ),
    _file(
        "JOS-E012",
        "De soort levering is niet duidelijk",
        "Uit de bestandsnaam en de kolommen blijkt niet welke soort levering dit is.",
        "De naam begint niet met een soort, en de kolommen passen bij geen of bij meer soorten.",
        "Een bestand met de naam 'export.csv' en een onbekende kopregel.",
        "Noem het bestand <soort>_<schooljaar>_<peildatum>.csv, bijvoorbeeld trajecten_2022-2023_2023-02-01.csv.",
    ),
    _file(
        "JOS-E013",
        "Het schooljaar is niet duidelijk",
        "Uit de bestandsnaam en de datums blijkt niet bij welk schooljaar deze levering hoort.",
        "De naam noemt geen schooljaar, en de datums liggen in meer dan een schooljaar.",
        "Een bestand 'trajecten.csv' met datums in 2021 en 2023.",
        "Noem het bestand <soort>_<schooljaar>_<peildatum>.csv, bijvoorbeeld trajecten_2022-2023_2023-02-01.csv.",
    ),
    _file(
        "JOS-E014",
        "De peildatum klopt niet",
        "De peildatum in de bestandsnaam is geen bestaande datum of past niet bij het schooljaar.",
        "De peildatum ligt voor het begin van het schooljaar, of is geen datum.",
        "trajecten_2022-2023_2023-02-30.csv",
        "Noem het bestand <soort>_<schooljaar>_<peildatum>.csv met een peildatum als jjjj-mm-dd.",
    ),
    _file(
        "JOS-E015",
        "De leverancier is niet bekend",
        "De map waarin dit bestand staat, hoort bij geen bekende leverancier.",
        "De naam van de map staat niet in de lijst van leveranciers van deze regio.",
        "inbox/nieuweschool/ terwijl die school nog niet is aangemeld.",
        "Neem contact op met de beheerder van de monitor, of zet het bestand in de juiste map.",
    ),
    _file(
        "JOS-E016",
        "Deze leverancier levert deze soort niet",
        "De soort {detail} is met deze leverancier niet afgesproken.",
        "In de regio is afgesproken wie wat levert; deze combinatie staat daar niet bij.",
        "Een school die 'tlv' levert.",
        "Kijk of het bestand in de juiste map staat. Klopt het wel? Neem contact op met de beheerder.",
    ),
    _file(
        "JOS-E017",
        "Te veel rijen zijn afgekeurd",
        "{aantal} rijen zijn afgekeurd{detail}. Daarom is het hele bestand afgekeurd.",
        "Meer dan het afgesproken deel van de rijen bevat een fout.",
        "Een kolom waarin alle datums de verkeerde vorm hebben.",
        "Los de andere fouten in deze terugkoppeling op en lever het bestand opnieuw.",
    ),
    _file(
        "JOS-E018",
        "Dit schooljaar wordt niet verwerkt",
        "Het schooljaar van deze levering hoort niet bij de jaren die de monitor verwerkt.",
        "Het schooljaar in de naam bestaat niet of ligt buiten de afgesproken jaren.",
        "trajecten_2022-2024_2023-02-01.csv",
        "Controleer het schooljaar in de bestandsnaam.",
    ),
    _file(
        "JOS-E042",
        "Het bestand kan niet worden geopend",
        "Het bestand ligt in de map, maar de monitor kan het niet openen.",
        "De monitor heeft geen recht om het te lezen, of het is een verwijzing naar een andere plek.",
        "Een snelkoppeling in plaats van het bestand zelf.",
        "Zet het bestand zelf in de map. Lukt dat niet? Neem contact op met de beheerder.",
    ),
    # --- a row ---------------------------------------------------------------------------------------------
    FindingType(
        "JOS-E019",
        "De rij heeft te veel of te weinig velden",
        "{aantal} rijen hebben een ander aantal velden dan de kopregel.",
        "Vaak staat het scheidingsteken ook in een tekst, zonder aanhalingstekens.",
        "Een omschrijving met een puntkomma in een bestand met puntkomma's.",
        "Zet tekst met het scheidingsteken tussen aanhalingstekens, of lever als .xlsx.",
    ),
    FindingType(
        "JOS-E020",
        "Een verplichte waarde ontbreekt",
        "{kolom}: {aantal} keer leeg, maar deze waarde is verplicht.",
        "De cel is leeg of bevat een teken voor 'onbekend'.",
        "school is leeg.",
        "Vul de waarde aan in uw systeem en maak de export opnieuw.",
    ),
    FindingType(
        "JOS-E021",
        "De datum is niet te lezen",
        "{kolom}: {aantal} keer geen leesbare datum.",
        "De datum bestaat niet of heeft een vorm die niet eenduidig is.",
        "31-02-2023 of 2/13/2023",
        "Gebruik jjjj-mm-dd of dd-mm-jjjj.",
    ),
    FindingType(
        "JOS-E022",
        "De datum kan niet kloppen",
        "{kolom}: {aantal} keer een datum voor 1990 of meer dan een jaar na de peildatum.",
        "De datum ligt te ver in het verleden of in de toekomst.",
        "2203-02-01 in plaats van 2023-02-01",
        "Verbeter de datum in uw systeem.",
    ),
    FindingType(
        "JOS-E023",
        "Het gehele getal is niet te lezen",
        "{kolom}: {aantal} keer geen geheel getal.",
        "De cel bevat tekst, een breuk of een onduidelijk getal.",
        "'drie' of '2,5'",
        "Vul een geheel getal in, alleen cijfers.",
    ),
    FindingType(
        "JOS-E024",
        "Het decimale getal is dubbelzinnig",
        "{kolom}: {aantal} keer een getal met een punt dat ook een duizendtal kan zijn.",
        "'1.611' kan 1611 zijn, maar ook 1,611. De monitor gokt niet.",
        "1.611",
        "Gebruik een komma voor decimalen: 1,611 of 0,8.",
    ),
    FindingType(
        "JOS-E025",
        "Het decimale getal is niet te lezen",
        "{kolom}: {aantal} keer geen getal.",
        "De cel bevat tekst of een onduidelijk getal.",
        "'halve dag'",
        "Vul een getal in met een komma voor decimalen, bijvoorbeeld 0,8.",
    ),
    FindingType(
        "JOS-E026",
        "Ja of nee is niet te lezen",
        "{kolom}: {aantal} keer geen ja of nee.",
        "De cel bevat iets anders dan ja, nee, J, N, 1, 0, 01, 02 of x.",
        "'misschien'",
        "Vul ja of nee in.",
    ),
    FindingType(
        "JOS-E027",
        "De code staat niet in de codelijst",
        "{kolom}: {aantal} keer een waarde die niet in de codelijst staat.",
        "De waarde is geen code en geen bekende omschrijving.",
        "functie 'psycholoog'",
        "Gebruik een code uit de codelijst. De beschrijving van de levering noemt ze allemaal.",
    ),
    FindingType(
        "JOS-E028",
        "Het pseudoniem heeft niet de juiste vorm",
        "{kolom}: {aantal} keer geen pseudoniem van 64 tekens (0-9, a-f).",
        "Het pseudoniem is afgekapt of niet met 'jos prepare' gemaakt.",
        "Een leerlingnummer in plaats van een pseudoniem.",
        "Maak de levering opnieuw met 'jos prepare'.",
    ),
    FindingType(
        "JOS-E029",
        "De schoolcode heeft niet de juiste vorm",
        "{kolom}: {aantal} keer geen BRIN met vestiging (zes tekens, zoals 19ZQ00).",
        "De vestiging ontbreekt, of er staat een naam.",
        "19ZQ in plaats van 19ZQ00",
        "Vul BRIN en vestiging in: vier en twee tekens.",
    ),
    FindingType(
        "JOS-E030",
        "De school staat niet in de lijst van de regio",
        "{kolom}: {aantal} keer een school die niet in de lijst van de regio staat.",
        "De code is verkeerd, of de school doet niet mee aan de monitor.",
        "19ZQ09",
        "Controleer de code. Klopt hij? Vraag de beheerder de school toe te voegen.",
    ),
    FindingType(
        "JOS-E031",
        "De gemeentecode heeft niet de juiste vorm",
        "{kolom}: {aantal} keer geen gemeentecode (GM en vier cijfers, zoals GM0361).",
        "Er staat een naam of een onvolledige code.",
        "'Alkmaar'",
        "Vul de gemeentecode in: GM en vier cijfers.",
    ),
    FindingType(
        "JOS-E032",
        "De gemeente bestaat niet op de peildatum",
        "{kolom}: {aantal} keer een gemeente die op de peildatum niet bestaat.",
        "De gemeente is opgegaan in een andere, of de code is verkeerd.",
        "GM0398 (Heerhugowaard) na 1 januari 2022",
        "Gebruik de code van de gemeente zoals die nu is, bijvoorbeeld GM1980 voor Dijk en Waard.",
    ),
    FindingType(
        "JOS-E033",
        "Het getal kan niet kloppen",
        "{kolom}: {aantal} keer een getal buiten de grenzen{detail}.",
        "Het getal is te klein of te groot.",
        "fte 6 in plaats van 0,6",
        "Verbeter het getal in uw systeem.",
    ),
    FindingType(
        "JOS-E034",
        "De tekst heeft niet de juiste vorm",
        "{kolom}: {aantal} keer een tekst die te lang is of tekens bevat die niet mogen.",
        "Nummers en namen van teams mogen alleen letters, cijfers en eenvoudige leestekens bevatten.",
        "Een toelichting in de kolom team.",
        "Kort de tekst in en laat bijzondere tekens weg. Zet er geen namen van personen in.",
    ),
    FindingType(
        "JOS-E035",
        "De rij komt meer dan een keer voor",
        "{aantal} rijen hebben dezelfde sleutel ({detail}) als een andere rij.",
        "Dezelfde gegevens staan er dubbel in, of een nummer is twee keer gebruikt.",
        "Twee rijen met hetzelfde traject_id.",
        "Houd een rij per sleutel over. Van gelijke rijen telt de eerste; van verschillende rijen telt er geen.",
    ),
    FindingType(
        "JOS-E036",
        "De einddatum ligt voor de begindatum",
        "{aantal} rijen eindigen voordat ze beginnen ({detail}).",
        "Begin en einde zijn verwisseld, of er is een tikfout in het jaar.",
        "begindatum 2023-02-01, einddatum 2022-12-01",
        "Verbeter de datums in uw systeem.",
    ),
    FindingType(
        "JOS-E037",
        "De volgorde van de datums kan niet",
        "{aantal} rijen hebben datums in een onmogelijke volgorde ({detail}).",
        "Iets gebeurde voordat het kon gebeuren.",
        "Een eerste contact voor de aanmelding.",
        "Verbeter de datums in uw systeem.",
    ),
    FindingType(
        "JOS-E038",
        "Een waarde ontbreekt bij een afgesloten rij",
        "{aantal} rijen zijn afgesloten, maar {detail} is leeg.",
        "Wie een einddatum invult, moet ook zeggen hoe het is afgelopen.",
        "einddatum gevuld, uitkomst leeg",
        "Vul de ontbrekende waarde aan.",
    ),
    FindingType(
        "JOS-E039",
        "School of team klopt niet",
        "{aantal} rijen hebben {detail}.",
        "Van elke inzet of activiteit moet duidelijk zijn bij welke school of welk team hij hoort.",
        "school en team allebei leeg",
        "Vul de school in, of het team als het team meer scholen bedient.",
    ),
    FindingType(
        "JOS-E040",
        "Er zijn meer doelen behaald dan gesteld",
        "{aantal} rijen hebben meer doelen behaald dan gesteld.",
        "De twee getallen zijn verwisseld of verkeerd ingevuld.",
        "doelen_gesteld 2, doelen_behaald 3",
        "Verbeter de aantallen in uw systeem.",
    ),
    FindingType(
        "JOS-E041",
        "Het team is niet bekend",
        "{kolom}: {aantal} keer een team dat de regio niet kent.",
        "De naam van het team staat niet in de lijst van teams van deze regio.",
        "team 'Noord' terwijl alleen 'castricum' bekend is",
        "Controleer de naam, of vraag de beheerder het team toe te voegen.",
    ),
    # --- jos prepare ---------------------------------------------------------------------------------------
    FindingType(
        "JOS-E050",
        "Het BSN klopt niet",
        "{aantal} rijen hebben een BSN of onderwijsnummer dat niet aan de elfproef voldoet.",
        "Er staat een tikfout in het nummer, of het is een ander nummer.",
        "Een leerlingnummer in de kolom BSN.",
        "Verbeter het nummer in uw systeem. Zonder geldig nummer telt de rij niet mee.",
    ),
    FindingType(
        "JOS-E051",
        "De geboortedatum is niet te gebruiken",
        "{aantal} rijen hebben een geboortedatum waaruit geen leeftijdsklasse volgt.",
        "De datum is niet te lezen, of de leeftijd ligt onder de 4 jaar.",
        "31-02-2010",
        "Verbeter de geboortedatum in uw systeem.",
    ),
    FindingType(
        "JOS-E052",
        "De postcode is niet te gebruiken",
        "{aantal} rijen hebben een postcode waarbij de monitor geen gemeente kent.",
        "De postcode is verkeerd, of ligt ver buiten de regio.",
        "9999 XX",
        "Verbeter de postcode, of lever zelf de kolom woongemeente.",
    ),
    # --- signals -------------------------------------------------------------------------------------------
    FindingType(
        "JOS-S001",
        "Een onbekende kolom is overgeslagen",
        "{aantal} kolommen horen niet bij deze levering en zijn niet bewaard (kolom {detail}).",
        "De monitor bewaart alleen de afgesproken kolommen.",
        "Een kolom 'opmerkingen'.",
        "U hoeft niets te doen. Laat de kolom de volgende keer liever weg.",
        Scope.FILE,
    ),
    FindingType(
        "JOS-S002",
        "Een totaalregel is overgeslagen",
        "{aantal} rijen met totalen zijn overgeslagen.",
        "De monitor telt zelf.",
        "Een laatste rij 'Totaal'.",
        "U hoeft niets te doen.",
    ),
    FindingType(
        "JOS-S003",
        "Er staan titelregels boven de kolomnamen",
        "{aantal} rijen boven de kolomnamen zijn overgeslagen.",
        "De kolomnamen staan niet op de eerste rij.",
        "'Overzicht trajecten' op rij 1.",
        "U hoeft niets te doen.",
        Scope.FILE,
    ),
    FindingType(
        "JOS-S004",
        "Voorloopnullen zijn hersteld",
        "{kolom}: {aantal} keer zijn verloren nullen of letters vooraan teruggezet.",
        "Excel haalt nullen aan het begin van een getal weg.",
        "361 in plaats van GM0361",
        "Controleer of de codes kloppen. Maak de kolom in Excel op als tekst.",
    ),
    FindingType(
        "JOS-S005",
        "De tekencodering is Windows-1252",
        "Het bestand is gelezen als Windows-1252.",
        "Het bestand is niet als UTF-8 opgeslagen; letters met accenten kunnen anders worden gelezen.",
        "Een CSV uit een oudere Excel.",
        "Sla het bestand liever op als 'CSV UTF-8'.",
        Scope.FILE,
    ),
    FindingType(
        "JOS-S006",
        "Lege rijen zijn overgeslagen",
        "{aantal} lege rijen tussen de gegevens zijn overgeslagen.",
        "Tussen de gegevens staan rijen zonder waarden.",
        "Een witregel tussen twee scholen.",
        "U hoeft niets te doen.",
    ),
    FindingType(
        "JOS-S007",
        "Een omschrijving is als code gelezen",
        "{kolom}: {aantal} keer is een omschrijving omgezet naar de code.",
        "In plaats van de code stond er een bekende omschrijving.",
        "'J&G coach' is gelezen als jeugd_en_gezinscoach",
        "Controleer of de omzetting klopt. Lever liever de code.",
    ),
    FindingType(
        "JOS-S008",
        "Dit bestand is al eerder geleverd",
        "Precies hetzelfde bestand is al eerder geleverd. Het is niet opnieuw verwerkt.",
        "De inhoud is byte voor byte gelijk aan een eerdere levering.",
        "Hetzelfde bestand onder een andere naam.",
        "U hoeft niets te doen. Wilde u een verbeterde versie sturen? Controleer of u het juiste bestand koos.",
        Scope.FILE,
    ),
    FindingType(
        "JOS-S009",
        "De dag of maand van een datum is onbekend",
        "{kolom}: {aantal} keer is alleen de maand of het jaar bekend.",
        "De datum eindigt op 00. De rij telt mee, maar niet voor duur en wachttijd in dagen.",
        "20230200",
        "Vul de hele datum in als die bekend is.",
    ),
    FindingType(
        "JOS-S010",
        "Een getal is als Excel-datum gelezen",
        "{kolom}: {aantal} keer is een getal als Excel-datum gelezen.",
        "De cel bevat het dagnummer van Excel in plaats van een datum.",
        "44958 is 1 februari 2023",
        "Controleer de datums. Maak de kolom in Excel op als datum.",
    ),
    FindingType(
        "JOS-S011",
        "De peildatum is ouder dan die van de vorige levering",
        "Deze levering heeft een oudere peildatum dan de levering die hij vervangt.",
        "Een levering die later binnenkomt, vervangt altijd de vorige.",
        "Na peildatum 1 februari komt er een bestand met peildatum 1 november.",
        "Was dit de bedoeling? Zo niet, lever dan de nieuwste export opnieuw.",
        Scope.FILE,
    ),
    FindingType(
        "JOS-S012",
        "Een traject is niet gevonden",
        "{aantal} rijen noemen een traject_id dat niet in de trajecten van dit schooljaar staat.",
        "De trajecten zijn nog niet geleverd, of het nummer is anders.",
        "traject_id T-0099",
        "Controleer of de trajecten van hetzelfde schooljaar zijn geleverd.",
    ),
    FindingType(
        "JOS-S013",
        "Overlappende jeugdhulp is samengevoegd",
        "{aantal} rijen overlappen met een andere rij van dezelfde persoon, hulpvorm en aanbieder. "
        "Ze zijn samengevoegd.",
        "CBS telt overlappende hulp van een soort als een periode.",
        "Twee rijen met hulpvorm 02 die elkaar een maand overlappen.",
        "U hoeft niets te doen.",
    ),
    FindingType(
        "JOS-S014",
        "Schooljaar of peildatum is afgeleid",
        "{detail} staat niet in de bestandsnaam en is afgeleid.",
        "De naam van het bestand volgt de afspraak niet.",
        "trajecten.csv",
        "Noem het bestand <soort>_<schooljaar>_<peildatum>.csv.",
        Scope.FILE,
    ),
    FindingType(
        "JOS-S015",
        "Rijen zonder pseudoniem",
        "{aantal} rijen hebben geen BSN en kregen geen pseudoniem.",
        "Het nummer ontbreekt of is 'onbekend' (999999999 of 000000000).",
        "BSN 999999999",
        "Vul het nummer aan als het bekend is. Zonder pseudoniem kan de rij niet worden gekoppeld.",
    ),
    FindingType(
        "JOS-S016",
        "Woongemeente of leeftijdsklasse ontbreekt na omzetten",
        "{kolom}: {aantal} keer niet af te leiden uit de aangeleverde gegevens.",
        "De postcode of geboortedatum ontbreekt of is niet te gebruiken.",
        "postcode leeg",
        "Vul de gegevens aan in uw systeem.",
    ),
    FindingType(
        "JOS-I001",
        "Persoonsgegevens zijn verwijderd",
        "{aantal} kolommen met persoonsgegevens zijn gebruikt en daarna verwijderd.",
        "'jos prepare' maakt van het BSN een pseudoniem en bewaart geen persoonsgegevens.",
        "BSN, naam en geboortedatum.",
        "U hoeft niets te doen.",
        Scope.FILE,
    ),
)

FINDINGS: dict[str, FindingType] = {entry.code: entry for entry in _TYPES}

"""Codes about a file as a whole: what refuses it."""

from schemas.findings.kinds import EXAMPLE_NAME, FindingType, file_finding

FILES: tuple[FindingType, ...] = (
    file_finding(
        "JOS-E001",
        "Het bestand is leeg",
        "Het bestand bevat geen gegevens.",
        "Er staat niets in het bestand, of alleen een rij met kolomnamen.",
        "Een export waarbij een filter alle leerlingen wegliet.",
        "Zet in uw systeem alle filters uit, maak de export opnieuw en kijk of er rijen in staan. Is er echt niets te "
        "melden? Bel of mail dan de beheerder van de monitor.",
    ),
    file_finding(
        "JOS-E002",
        "Het bestand is niet te lezen",
        "Het bestand is geen leesbaar CSV- of XLSX-bestand{detail}.",
        "De inhoud is geen tabel: het bestand is van een ander soort, of de aanhalingstekens in de CSV kloppen niet.",
        "Een pdf of een foto die is hernoemd naar trajecten.csv.",
        "Open de export in Excel. Kies Bestand, Opslaan als, en dan 'Excel-werkmap (*.xlsx)'. Lever dat bestand.",
    ),
    file_finding(
        "JOS-E003",
        "Het bestand is afgebroken",
        "Het bestand houdt midden in de gegevens op{detail}.",
        "Het bestand is niet helemaal opgeslagen of niet helemaal verstuurd.",
        "De internetverbinding viel weg tijdens het versturen, zodat de laatste rijen ontbreken.",
        "Verstuur het bestand nog een keer. Krijgt u dezelfde melding? Maak dan eerst de export opnieuw.",
    ),
    file_finding(
        "JOS-E004",
        "Het bestand is te groot",
        "Het bestand is groter dan de monitor aanneemt{detail}.",
        "Het bestand is groter dan afgesproken, of heeft te veel rijen.",
        "Een export van alle schooljaren samen, met alle kolommen uit het leerlingvolgsysteem.",
        "Maak een export van één schooljaar, met alleen de kolommen uit de beschrijving van de levering.",
    ),
    file_finding(
        "JOS-E005",
        "Oude Excel-bestanden worden niet aangenomen",
        "Het bestand is een oud Excel-bestand (.xls). Dat kan de monitor niet lezen.",
        "De monitor leest alleen CSV (.csv) en Excel (.xlsx). Bestanden van voor 2007 hebben een andere opbouw.",
        "Een oud Excel-bestand (leerlingen.xls), ook als het is hernoemd naar leerlingen.xlsx.",
        "Open het bestand in Excel. Kies Bestand, Opslaan als, 'Excel-werkmap (*.xlsx)' en lever dat bestand.",
    ),
    file_finding(
        "JOS-E006",
        "Het bestand bevat onleesbare tekens",
        "Het bestand bevat tekens die niet te lezen zijn{detail}.",
        "Bij het opslaan of omzetten zijn letters beschadigd geraakt.",
        "In plaats van 'ë' staan er vreemde tekens in het bestand, zoals 'Ã«'.",
        "Maak de export opnieuw. Open hem in Excel, kies Bestand, Opslaan als, 'CSV UTF-8' en lever dat bestand.",
    ),
    file_finding(
        "JOS-E007",
        "Er is geen rij met kolomnamen gevonden",
        "In de eerste zes rijen staan geen kolomnamen die de monitor kent.",
        "De kolomnamen ontbreken, of er staan meer dan vijf titelregels boven.",
        "Een export die meteen begint met de eerste leerling.",
        "Zet de kolomnamen in de eerste rij, precies zoals in de beschrijving van de levering. Een leeg bestand met de "
        "goede kolomnamen maakt u met 'jos sjabloon'.",
    ),
    file_finding(
        "JOS-E008",
        "Een kolom komt twee keer voor",
        "De kolom {kolom} komt meer dan één keer voor.",
        "Twee kolomnamen betekenen hetzelfde. De monitor weet niet welke kolom de goede is.",
        "Er is een kolom 'school' en ook een kolom 'BRIN6'.",
        "Verwijder een van de twee kolommen: klik met rechts op de letter erboven en kies Verwijderen.",
    ),
    file_finding(
        "JOS-E009",
        "Een verplichte kolom ontbreekt",
        "De verplichte kolom {kolom} ontbreekt.",
        "De kolom staat niet in het bestand, of heeft een naam die de monitor niet kent.",
        "De kolom heet 'van' in plaats van 'begindatum'.",
        "Voeg de kolom toe aan de export. Staat hij er al onder een andere naam? Typ dan in de rij met kolomnamen de "
        "naam uit de beschrijving van de levering.",
    ),
    file_finding(
        "JOS-E010",
        "Het bestand bevat een kolom met persoonsgegevens",
        "Het bestand bevat een kolom met direct herkenbare persoonsgegevens (kolom {detail}). "
        "Het is geweigerd en de inhoud is niet bewaard.",
        "De monitor mag geen BSN, naam, geboortedatum, adres, e-mail of telefoonnummer ontvangen.",
        "Een export uit het leerlingvolgsysteem met een kolom 'Achternaam', rechtstreeks in de map gezet.",
        "Verwijder het bestand uit de map. Maak met 'jos prepare' een levering zonder persoonsgegevens en zet die in "
        "de map.",
    ),
    file_finding(
        "JOS-E011",
        "Het bestand bevat nummers die een BSN kunnen zijn",
        "{aantal} cellen bevatten een nummer van negen cijfers dat een BSN kan zijn. "
        "Het bestand is geweigerd en de inhoud is niet bewaard.",
        "Elk nummer van negen cijfers dat een echt BSN kan zijn, behandelt de monitor als een BSN.",
        "In de kolom traject_id staat het BSN van de leerling.",
        "Verwijder het bestand uit de map. Zijn het BSN's? Maak dan met 'jos prepare' een levering zonder BSN. Zijn "
        "het eigen nummers? Zet er een letter voor, zoals T.",
    ),
    file_finding(
        "JOS-E012",
        "De soort levering is niet duidelijk",
        "Uit de bestandsnaam en de kolommen blijkt niet welke soort levering dit is.",
        "De naam begint niet met een soort, en de kolommen passen bij geen of bij meer soorten.",
        "Een bestand met de naam 'export.csv' en kolomnamen die de monitor niet kent.",
        f"Geef het bestand een naam als {EXAMPLE_NAME}: de soort, het schooljaar en de peildatum.",
    ),
    file_finding(
        "JOS-E013",
        "Het schooljaar is niet duidelijk",
        "Uit de bestandsnaam en de datums blijkt niet bij welk schooljaar deze levering hoort.",
        "De naam noemt geen schooljaar, en de datums liggen niet allemaal in één schooljaar.",
        "Een bestand 'trajecten.csv' met datums in 2021 en in 2023.",
        f"Geef het bestand een naam als {EXAMPLE_NAME}: de soort, het schooljaar en de peildatum.",
    ),
    file_finding(
        "JOS-E014",
        "De peildatum klopt niet",
        "De peildatum in de bestandsnaam is geen bestaande datum of past niet bij het schooljaar.",
        "De peildatum bestaat niet, of ligt voor de eerste dag van het schooljaar.",
        "trajecten_2022-2023_2023-02-30.csv: 30 februari bestaat niet.",
        f"Zet de goede peildatum in de naam, als jaar-maand-dag: {EXAMPLE_NAME}.",
    ),
    file_finding(
        "JOS-E015",
        "De leverancier is niet bekend",
        "De map waarin dit bestand staat, hoort bij geen bekende leverancier.",
        "De naam van de map staat niet in de lijst van leveranciers van deze regio.",
        "Een bestand in de map 'nieuweschool', terwijl die school nog niet is aangemeld.",
        "Zet het bestand in uw eigen map. Heeft u nog geen map? Vraag de beheerder van de monitor om u aan te melden.",
    ),
    file_finding(
        "JOS-E016",
        "Deze leverancier levert deze soort niet",
        "De soort {detail} is met deze leverancier niet afgesproken.",
        "In de regio is afgesproken wie wat levert. Deze soort hoort niet bij deze map.",
        "Een bestand 'tlv' in de map van een school; tlv komt van het samenwerkingsverband.",
        "Controleer of het bestand in de goede map staat en de goede naam heeft. Klopt dat? Vraag dan de beheerder om "
        "de afspraak aan te passen.",
    ),
    file_finding(
        "JOS-E017",
        "Te veel rijen zijn afgekeurd",
        "{aantal} rijen zijn afgekeurd{detail}. Daarom is het hele bestand afgekeurd.",
        "Als te veel rijen een fout bevatten, zijn de cijfers niet meer te vertrouwen.",
        "Een kolom waarin alle datums zijn geschreven als 'week 5'.",
        "Los de andere fouten in deze terugkoppeling op, de grootste eerst. Lever daarna het hele bestand opnieuw.",
    ),
    file_finding(
        "JOS-E018",
        "Dit schooljaar wordt niet verwerkt",
        "Het schooljaar van deze levering hoort niet bij de jaren die de monitor verwerkt.",
        "Het schooljaar in de naam bestaat niet, of ligt buiten de afgesproken jaren.",
        "trajecten_2022-2024_2023-02-01.csv: een schooljaar duurt één jaar.",
        "Verbeter het schooljaar in de bestandsnaam, bijvoorbeeld 2022-2023.",
    ),
    file_finding(
        "JOS-E042",
        "Het bestand kan niet worden geopend",
        "Het bestand ligt in de map, maar de monitor kan het niet openen.",
        "De monitor mag het niet lezen, of het is een snelkoppeling naar een andere plek.",
        "Een snelkoppeling naar de netwerkschijf in plaats van het bestand zelf.",
        "Kopieer het bestand zelf naar de map. Lukt dat niet? Vraag de beheerder van de monitor om hulp.",
    ),
)

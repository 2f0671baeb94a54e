"""Codes of expectations: what stands out when deliveries are seen as a whole, over time and beside each other."""

from schemas.findings.kinds import FindingType, Scope


def _expectation(code: str, title: str, message: str, cause: str, example: str, remedy: str) -> FindingType:
    return FindingType(code, title, message, cause, example, remedy, Scope.FILE)


EXPECTATIONS: tuple[FindingType, ...] = (
    _expectation(
        "JOS-S040",
        "De omvang verschilt veel van de vorige levering",
        "De levering heeft geen rijen, of veel meer of veel minder rijen dan de vorige.",
        "Een levering bevat altijd alles van het schooljaar. Mist er een deel, of staat er iets dubbel in, "
        "dan springt het aantal rijen.",
        "In november 400 trajecten, in februari 120.",
        "Controleer of de export het hele schooljaar bevat en niets dubbel. Klopt het aantal toch? "
        "Laat het de beheerder weten; u hoeft dan niets te veranderen.",
    ),
    _expectation(
        "JOS-S041",
        "De omvang verschilt veel van vorig schooljaar",
        "De levering heeft veel meer of veel minder rijen dan een schooljaar eerder.",
        "Er is iets echt veranderd, of de export is anders gemaakt dan vorig jaar.",
        "Vorig jaar 900 leerlingen, nu 450.",
        "Kijk of dezelfde locaties en groepen in de export zitten als vorig jaar. "
        "Is er echt iets veranderd? Laat het de beheerder weten.",
    ),
    _expectation(
        "JOS-S042",
        "Van een school ontbreken alle rijen",
        "Van een of meer scholen staat er geen enkele rij in de levering, terwijl dat wel was verwacht.",
        "Een school is weggevallen uit de export, of staat er onder een andere code in.",
        "De vorige levering had 35 rijen van een school, deze geen.",
        "Controleer of alle scholen in de export zitten en of de BRIN en vestiging kloppen.",
    ),
    _expectation(
        "JOS-S043",
        "Een kolom is veel minder gevuld",
        "Een kolom is opeens veel vaker leeg, of van veel rijen is niet bekend over welke leerling ze gaan.",
        "De kolom is uit de export verdwenen, heeft een andere naam gekregen of wordt niet meer ingevuld.",
        "'woongemeente' was bij 95 procent van de rijen gevuld, nu bij 20 procent.",
        "Controleer de kolom in uw systeem en in de export, en lever opnieuw als er iets mist.",
    ),
    _expectation(
        "JOS-S044",
        "De verdeling van een kolom is sterk verschoven",
        "De antwoorden of aantallen in een kolom zijn heel anders verdeeld dan in een eerdere levering.",
        "Er is anders geregistreerd of omgezet, of er is echt iets veranderd.",
        "Eerst was 10 procent van de aanmeldredenen 'overig', nu 60 procent.",
        "Kijk of codes anders zijn gekozen of omgezet. Is er echt iets veranderd? Laat het de beheerder weten.",
    ),
    _expectation(
        "JOS-S045",
        "Te veel leerlingen zijn niet te koppelen",
        "Een deel van de leerlingen staat niet in de inschrijvingen van de scholen die hebben geleverd.",
        "Een nummer is verkeerd overgenomen, of de leerling staat op een andere school.",
        "Van 100 leerlingen met een traject staan er 70 in de leerlingen van de school.",
        "Controleer het BSN of onderwijsnummer in uw systeem en maak de levering opnieuw met 'jos prepare'.",
    ),
    _expectation(
        "JOS-S046",
        "Bronnen spreken elkaar tegen",
        "Over dezelfde leerlingen noemen twee bronnen een andere school, woongemeente of leeftijdsklasse.",
        "Een van de twee bronnen is niet bijgewerkt, of gebruikt een andere peildatum.",
        "De school noemt Alkmaar als woongemeente, de gemeente Heiloo.",
        "Controleer of de gegevens van deze leerlingen in uw systeem zijn bijgewerkt tot de peildatum.",
    ),
    _expectation(
        "JOS-S047",
        "De pseudoniemen passen bij geen enkele andere bron",
        "(Bijna) geen enkele leerling van deze leverancier is bij de andere bronnen bekend.",
        "De pseudoniemen zijn waarschijnlijk met een andere sleutel gemaakt, of van een ander nummer dan het BSN.",
        "'jos prepare' is gedraaid met een oude sleutel of met het verkeerde bestand achter --sleutel-bestand.",
        "Kijk of --sleutel-bestand het goede bestand is; de sleutelbeheerder weet welke sleutel geldt. Maak de "
        "levering dan opnieuw met 'jos prepare'. Is een andere sleutel afgesproken? Meld dat aan de monitor "
        "(sleuteldomein).",
    ),
    _expectation(
        "JOS-S048",
        "Een combinatie die niet kan",
        "Rijen die elk op zich goed zijn, kunnen niet samen waar zijn.",
        "Een begin- of einddatum is niet bijgewerkt, of een rij staat er dubbel in.",
        "Een traject dat begint nadat de leerling van school is, of een medewerker met samen 1,8 fte.",
        "Controleer de begin- en einddatums van de rijen waar het over kan gaan.",
    ),
    _expectation(
        "JOS-S049",
        "Aantallen passen niet bij elkaar",
        "Aantallen uit twee bronnen, of uit twee delen van een bron, passen niet bij elkaar.",
        "Een van de leveringen is niet volledig, of datums zijn ingevuld op een vaste dag.",
        "Er is inzet op een school, maar geen enkele activiteit.",
        "Controleer of alle functies, scholen en maanden in de export zitten.",
    ),
)

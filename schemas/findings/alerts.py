"""Codes of messages to the steward of the monitor: not about rows but about what did not come or did not work.

``docs/runbook.md`` has a section for each.
"""

from schemas.findings.kinds import FindingType

ALERTS: tuple[FindingType, ...] = (
    FindingType(
        "JOS-E080",
        "De verwerking is mislukt",
        "De laatste verwerking van dit schooljaar is mislukt. De cijfers van daarvoor blijven staan.",
        "Een storing, een volle schijf of een fout in de programmatuur.",
        "De verwerking van vannacht is halverwege gestopt.",
        "Open de run in Dagster of start jos run, en lees wat er misging. Vraag zo nodig de data-engineer.",
    ),
    FindingType(
        "JOS-S050",
        "Een levering is te laat",
        "De uiterste datum is voorbij en er is geen levering die geldt.",
        "De leverancier heeft niets gestuurd, iets ouds gestuurd, of alles is geweigerd.",
        "De trajecten per 1 februari waren er op 22 februari nog niet.",
        "Vraag de leverancier wanneer de levering komt. Kijk in jos status of er wel iets is geweigerd.",
    ),
    FindingType(
        "JOS-S051",
        "Een geweigerd bestand wacht op een betere levering",
        "Een bestand is geweigerd en daarna is er niets beters gekomen.",
        "De leverancier heeft de terugkoppeling niet gezien of weet niet hoe het beter moet.",
        "Een export met een kolom BSN werd geweigerd.",
        "Stuur de leverancier de terugkoppeling en help met een nieuwe levering.",
    ),
    FindingType(
        "JOS-S052",
        "Een leverancier is stil",
        "Deze leverancier is te laat en stuurt al een tijd helemaal niets.",
        "De contactpersoon is weg, het account werkt niet meer, of de afspraak is vergeten.",
        "Een school stuurt het hele schooljaar nog niets.",
        "Bel de leverancier. Doet deze niet meer mee? Zet dan geldig_tot in de lijst van leveranciers.",
    ),
    FindingType(
        "JOS-S053",
        "Een controle is niet in orde",
        "Een controle op de gegevens of op de cijfers is niet in orde.",
        "De gegevens wijken af van wat verwacht mag worden.",
        "Een levering heeft nog maar de helft van de rijen van de vorige.",
        "Open de controle in Dagster, lees wat er afwijkt en vraag het na bij de leverancier.",
    ),
    FindingType(
        "JOS-S054",
        "Een levering komt eraan",
        "Binnenkort is de uiterste datum van een levering die er nog niet is.",
        "De leverancier heeft nog niet geleverd.",
        "Over drie dagen moeten de trajecten per 1 februari er zijn.",
        "Herinner de leverancier aan de datum.",
    ),
    FindingType(
        "JOS-S055",
        "De monitor geeft geen hartslag",
        "Er is langer dan een dag geen verwerking afgerond.",
        "De planning van de nacht staat uit, de daemon draait niet, of elke verwerking mislukt.",
        "De server is na onderhoud niet opnieuw gestart.",
        "Kijk of de daemon van Dagster draait en of de planning 'nacht' aanstaat. Start anders zelf jos run.",
    ),
    FindingType(
        "JOS-E081",
        "Een melding is niet bezorgd",
        "Een adres voor meldingen neemt de melding niet aan. Bij de volgende keer wordt het opnieuw geprobeerd.",
        "Het adres klopt niet, het wachtwoord is verlopen, of de dienst is niet bereikbaar.",
        "De mailserver weigert de melding.",
        "Controleer JOS_MELDINGEN met jos notify --test.",
    ),
)

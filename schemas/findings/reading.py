"""Codes about what a file is made of: why it cannot be read safely, and what the reader had to mend or leave out."""

from schemas.findings.kinds import FindingType, Scope, file_finding

READING: tuple[FindingType, ...] = (
    file_finding(
        "JOS-E060",
        "Het Excel-bestand is van binnen veel te groot",
        "Het Excel-bestand wordt bij het openen veel groter dan de monitor aanneemt{detail}.",
        "Een Excel-bestand is ingepakt. Uitgepakt is dit bestand veel groter dan de gegevens die erin staan.",
        "Een losse cel in de laatste rij en kolom van het werkblad.",
        "Kopieer alleen de tabel naar een nieuw, leeg werkblad, sla dat op als .xlsx of .csv en lever opnieuw.",
    ),
    file_finding(
        "JOS-E061",
        "Het Excel-bestand bevat XML die niet mag",
        "Het Excel-bestand bevat onderdelen die de monitor om veiligheid niet opent{detail}.",
        "Met zulke onderdelen (DTD of ENTITY) kan een bestand andere bestanden laten lezen. "
        "Een gewoon Excel-bestand heeft ze niet.",
        "Een werkmap die door een eigen programma is gemaakt of is aangepast.",
        "Open het bestand in Excel en sla het opnieuw op als .xlsx, of lever als CSV.",
    ),
    file_finding(
        "JOS-E062",
        "Het bestand bevat nultekens",
        "Het bestand bevat nultekens: onzichtbare tekens die in een CSV niet horen.",
        "Het bestand is beschadigd, is geen tekst, of is als 'Unicode' opgeslagen zonder het teken dat dat zegt.",
        "Een export in 'Unicode' waarvan het begin is verdwenen.",
        "Maak de export opnieuw. Open hem in Excel, kies Bestand, Opslaan als, 'CSV UTF-8' en lever dat bestand.",
    ),
    file_finding(
        "JOS-E063",
        "Twee kolomnamen zijn op het oog gelijk",
        "{aantal} kolomnamen lijken op een andere kolomnaam, maar zijn anders geschreven (kolom {detail}).",
        "In een kolomnaam staan letters uit een ander alfabet of onzichtbare tekens. De monitor kiest niet welke van "
        "de twee kolommen geldt.",
        "'school' en nog een keer 'school', maar met een Russische letter o.",
        "Laat een van de twee kolommen weg en typ de kolomnaam opnieuw.",
    ),
    file_finding(
        "JOS-E064",
        "Een formule heeft geen uitkomst",
        "{aantal} cellen bevatten een formule zonder uitkomst.",
        "De monitor rekent formules niet uit, maar leest de uitkomst die Excel heeft bewaard. Die ontbreekt hier.",
        "Een werkmap die door een programma is gemaakt en nooit in Excel is opgeslagen.",
        "Open het bestand in Excel, sla het op en lever opnieuw. Of plak de kolom als waarden.",
    ),
    file_finding(
        "JOS-E065",
        "Het Excel-bestand heeft een wachtwoord",
        "Het Excel-bestand is met een wachtwoord beveiligd. De monitor kan het niet openen.",
        "Met een wachtwoord om te openen is de inhoud versleuteld.",
        "Een werkmap die met 'Versleutelen met wachtwoord' is opgeslagen.",
        "Haal in Excel het wachtwoord weg (Bestand, Info, Werkmap beveiligen), sla op en lever opnieuw. "
        "Stuur het wachtwoord niet mee.",
    ),
    file_finding(
        "JOS-E066",
        "Dit soort bestand wordt niet aangenomen",
        "Dit soort bestand neemt de monitor niet aan{detail}.",
        "Alleen CSV (.csv) en Excel (.xlsx) worden gelezen. Verborgen en tijdelijke bestanden zijn geen levering.",
        "Een bestand van LibreOffice (.ods) of een binaire werkmap (.xlsb).",
        "Kies 'Opslaan als' en sla op als .xlsx of als CSV UTF-8. Lever dat bestand.",
    ),
    file_finding(
        "JOS-E067",
        "Het lezen duurt te lang",
        "Het lezen van het bestand duurt te lang en is gestopt{detail}.",
        "Het bestand is zo groot of zo ingewikkeld dat andere leveringen erop zouden moeten wachten.",
        "Een Excel-bestand met miljoenen cellen.",
        "Lever als CSV, met alleen de gevraagde kolommen en een schooljaar per bestand. "
        "Blijft het zo? Neem contact op met de beheerder.",
    ),
    file_finding(
        "JOS-E068",
        "Het bestand heeft te veel kolommen",
        "Het bestand heeft meer kolommen dan de monitor aanneemt{detail}.",
        "Meestal staat er iets ver naar rechts, of staan er veel te veel puntkomma's of komma's in een regel.",
        "Een export met een kolom per dag.",
        "Lever alleen de gevraagde kolommen.",
    ),
    file_finding(
        "JOS-E069",
        "Een cel of regel is te lang",
        "Een cel of regel bevat meer tekst dan de monitor aanneemt{detail}.",
        "Vaak mist er een aanhalingsteken, zodat de rest van het bestand als een cel wordt gelezen.",
        'Een toelichting die begint met " en nergens eindigt.',
        "Zoek de cel en herstel het aanhalingsteken, of laat de kolom met lange tekst weg.",
    ),
    FindingType(
        "JOS-S020",
        "Van een formule is de uitkomst gelezen",
        "{aantal} cellen bevatten een formule. De uitkomst die in het bestand is bewaard, is gelezen.",
        "De monitor rekent formules niet uit. Wat Excel het laatst heeft uitgerekend, telt.",
        "=VERT.ZOEKEN(...) in de kolom school.",
        "Controleer of de uitkomsten kloppen. Beter: plak de kolom als waarden.",
    ),
    FindingType(
        "JOS-S021",
        "Een cel begint als een formule",
        "{aantal} cellen beginnen als een formule. De tekst is gelezen zoals hij er staat.",
        "Met =, +, - of @ vooraan maakt een rekenprogramma er een formule van. De monitor doet dat nooit.",
        '="0361" of @naam',
        "Laat het teken vooraan weg.",
    ),
    FindingType(
        "JOS-S022",
        "Een kolomnaam is met andere tekens geschreven",
        "{aantal} kolomnamen zijn herkend, maar bevatten letters uit een ander alfabet of onzichtbare tekens "
        "(kolom {detail}).",
        "De naam ziet er goed uit, maar is met andere tekens geschreven. Dat komt van kopieren uit een andere tekst.",
        "'sсhool' met een Russische letter с.",
        "Controleer of de kolom klopt en typ de kolomnaam opnieuw.",
        Scope.FILE,
    ),
    FindingType(
        "JOS-S023",
        "De laatste regel heeft geen einde",
        "De laatste regel (rij {detail}) heeft geen regeleinde, de andere wel. Misschien is het bestand afgebroken.",
        "Als het versturen halverwege stopt, kan de laatste waarde zijn afgekapt. Er zijn ook programma's die het "
        "laatste regeleinde nooit schrijven.",
        "De laatste regel eindigt op '1' in plaats van op '12'.",
        "Kijk of de laatste rij compleet is en of het aantal rijen klopt. Zo niet, verstuur het bestand opnieuw.",
        Scope.FILE,
    ),
    FindingType(
        "JOS-S024",
        "Een ander werkblad met gegevens is niet gelezen",
        "{aantal} andere werkbladen met gegevens voor de monitor zijn niet gelezen (werkblad {detail}).",
        "Van een werkmap wordt een werkblad gelezen: dat met de naam van de soort, anders het eerste zichtbare.",
        "Een werkblad per school.",
        "Controleer of daar gegevens staan die mee moeten tellen. Zet dan alles onder elkaar op een werkblad.",
        Scope.FILE,
    ),
)

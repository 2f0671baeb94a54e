"""What readers are told about small numbers: rule, promise and what is not promised (Dutch, B1).

Numbers come from the threshold of the region and from what the audit asks for, so that nobody is promised more than is
enforced. The report, the explanation with an export and ``docs/kleine-aantallen.md`` say this, word for word (tested).
"""

import math
from dataclasses import dataclass

from jos_pipeline.threshold import LEAST, MANY_SCHOOLS, SCHOOLS_SHARE, USUAL


@dataclass(frozen=True)
class Point:
    """One thing to know: what it is called, and a few sentences."""

    name: str
    text: str

    def __str__(self) -> str:
        return f"{self.name} {self.text}"


def about_threshold(k: int, decision: str | None) -> str:
    """Which threshold holds, and by whose decision where one was recorded."""
    usual = "" if k == USUAL else f" Gewoonlijk is zij {USUAL}."
    decided = f" Het besluit daarover: {' '.join(decision.split()).rstrip('.')}." if decision else ""
    return f"De grens is {k}.{usual}{decided}"


CHOICE = (
    f"Een regio kan een lagere grens kiezen, maar nooit lager dan {LEAST}. Een grens onder {USUAL} vraagt een besluit. "
    "Dat besluit staat in de instellingen van de regio, en iedereen leest het bij de cijfers. Een hogere grens mag "
    "altijd."
)


def rule(k: int) -> tuple[Point, ...]:
    """What is hidden."""
    return (
        Point(
            f"Minder dan {k}.",
            f"Gaat een cijfer over minder dan {k} leerlingen, dan is het verborgen. Ook nul telt als klein, als er op "
            "die plek wel leerlingen zijn.",
        ),
        Point(
            "Bijna iedereen.",
            f"Zijn er minder dan {k} leerlingen niet meegeteld, dan is het cijfer ook verborgen. Anders weet u iets "
            "over bijna elke leerling van die school.",
        ),
        Point(
            "Ook niet door te rekenen.",
            "Soms kunt u een verborgen getal uitrekenen: het totaal min de rest. Daarom verbergen we ook andere, "
            "grotere cijfers. Een verborgen cijfer hoeft dus niet klein te zijn.",
        ),
        Point("Percentages en gemiddelden.", "Die zijn verborgen als het aantal erachter verborgen is."),
        Point(
            "Wat eenmaal is gepubliceerd, ligt vast.",
            f"Verschilt een aantal minder dan {k} van een aantal dat al is gepubliceerd, dan is het nieuwe aantal "
            "verborgen. In een herziene publicatie blijft verborgen wat verborgen was.",
        ),
    )


def promise(k: int) -> str:
    """What every reader is left in doubt about."""
    return (
        "Een gevoelig aantal is niet te zien. Wie alle cijfers van het schooljaar naast elkaar legt, ook die van "
        "eerdere publicaties, en weet hoe wij verbergen, kan niet uitsluiten dat het nul is. En ook niet dat het "
        f"{k} is, of alle leerlingen als er minder dan {k} zijn. Gaat het om bijna iedereen, dan kan het iedereen "
        f"zijn, en ook {k} minder. Verschilt het weinig van een aantal dat al is gepubliceerd, dan kan het verschil "
        f"nul zijn, en ook {k}. Dat geldt over gebieden, groepen en perioden, en voor percentages."
    )


def promise_to_schools(k: int) -> str:
    """What a school that knows its own counts is left in doubt about."""
    left = math.ceil(k * SCHOOLS_SHARE)
    return (
        "Een school die haar eigen cijfers kent, weet meer. Ook zij kan het aantal van een andere school niet "
        f"uitrekenen, maar zij houdt minder ruimte over: {_part(SCHOOLS_SHARE)}, naar boven afgerond. Een klein aantal "
        f"kan voor haar nul zijn, en het kan {left} zijn. Cijfers per school publiceren wij alleen als wij "
        f"dit konden narekenen: bij hoogstens {MANY_SCHOOLS} scholen. Staan er in een publicatie geen cijfers per "
        "school, dan beloven wij minder; dat staat hieronder."
    )


def _part(share: float) -> str:
    return {0.5: "de helft", 1.0: "alles"}.get(share, f"{share * 100:.0f} procent")


ABOUT = (
    Point(
        "Over personen.",
        "De belofte gaat over aantallen leerlingen, en over wat per leerling is geteld, zoals trajecten. Uren, fte en "
        "activiteiten zijn geen personen. Die zijn verborgen als er maar één medewerker achter staat.",
    ),
    Point(
        "Alleen over gevoelige aantallen.",
        "Dat zijn aantallen die zelf klein zijn, bijna iedereen tellen of weinig verschillen van een eerder aantal. "
        "Een groter aantal verbergen we soms om een ander te beschermen. Zo'n groter aantal kunt u soms wel "
        "uitrekenen.",
    ),
    Point(
        "Over wat zeker is.",
        "Wij beloven dat u het aantal niet zeker kunt weten. Wij beloven niet dat elke waarde even waarschijnlijk is.",
    ),
    Point(
        "Over één schooljaar van deze monitor.",
        "Alle publicaties van dat schooljaar tellen mee, ook die niet meer gelden.",
    ),
    Point(
        "Ook als u weet wat voor school het is.",
        "Op een praktijkschool zitten alleen leerlingen van het praktijkonderwijs. Daar rekenen wij mee. Niet bij een "
        "school die in onze cijfers ook leerlingen van een ander soort onderwijs heeft, al is het er één. En niet in "
        "een publicatie zonder cijfers per school.",
    ),
    Point(
        "Niet over wat iedereen al weet.",
        "Is er in een gemeente geen praktijkschool, dan is het aantal leerlingen van praktijkscholen daar nul. Daar "
        "kunnen wij niets aan verbergen. Ook wat eerder is gepubliceerd, is niet meer te verbergen. Dat een school "
        "helemaal geen leerlingen heeft, zeggen wij alleen als DUO dat zelf publiceert. Dat op een gewone school "
        "niemand praktijkonderwijs volgt, zien wij als bekend.",
    ),
)
"""What the promise is about, and what not."""

NOT_PROMISED = (
    Point(
        "Wie ook het register van leveringen leest.",
        "Daarin staat hoeveel rijen elke leverancier stuurde. Zijn dat er weinig, dan kan dat een verborgen aantal "
        "zijn. Daarom ziet alleen de beheerder het hele register, en een leverancier zijn eigen deel.",
    ),
    Point(
        "Wat gemeenten en samenwerkingsverbanden van elkaar kunnen uitrekenen.",
        "Een gemeente kent de aantallen van haar eigen inwoners. Heeft een samenwerkingsverband maar twee gemeenten, "
        "dan kan de ene soms het aantal van de andere uitrekenen. Bij elke publicatie tellen wij hoe vaak dat kan, "
        f"behalve als het er samen meer dan {MANY_SCHOOLS} zijn. Een regio kan kiezen dat er niets verschijnt als wij "
        "zo'n geval vinden.",
    ),
    Point(
        "Wat een school uitrekent in een publicatie zonder cijfers per school.",
        "Zij kan haar eigen aantal aftrekken van dat van haar gemeente of samenwerkingsverband. Blijft voor alle "
        f"andere scholen samen minder dan {_part(SCHOOLS_SHARE)} van de grens over, dan verbergen wij dat aantal. Dat "
        "doen wij ook als het om bijna alle leerlingen van die scholen gaat, en als er maar één andere school is met "
        "een gevoelig aantal. Wat zij met een langere berekening vindt, rekenen wij niet na.",
    ),
    Point(
        "Enkele verbanden tussen publicaties van één schooljaar.",
        "Die rekenen wij nog niet na. Een school kan soms uitrekenen hoeveel een verborgen aantal van een andere "
        "school veranderde, als dat aantal zelf niet klein is. En van wat op één dag is geteld, zoals trajecten die "
        "dan lopen, is soms te zien hoeveel een verborgen aantal veranderde.",
    ),
    Point(
        "Cijfers van twee schooljaren naast elkaar.",
        "Wat aan het eind van het ene jaar liep, is het begin van het volgende. Dat rekenen we nog niet na.",
    ),
    Point(
        "Vragen bij inloop en bereik van groepslessen.",
        "Dat zijn aantallen vragen en aantallen deelnemers, geen leerlingen die de monitor kent. Ze zijn "
        "ook zichtbaar als ze klein zijn.",
    ),
)


def not_guaranteed(k: int) -> tuple[Point, ...]:
    """What no publisher of figures can promise."""
    return (
        Point(
            "Scholen die samen rekenen.",
            "Leggen twee scholen hun eigen cijfers naast elkaar, dan weten zij samen meer.",
        ),
        Point("Wat u al weet.", "Kent u een leerling en zijn situatie, dan kan een cijfer daar iets aan toevoegen."),
        Point("Raden.", f"Tussen nul en {k} is soms de ene waarde waarschijnlijker dan de andere."),
        Point(
            "Cijfers van anderen.",
            "Publiceert een gemeente of het CBS een cijfer over dezelfde leerlingen, dan kennen wij dat niet.",
        ),
    )

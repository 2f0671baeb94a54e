"""The themes of the report: which figures each shows, in order, and the questions that belong to it.

They follow the interim report of the region. Every indicator of the catalogue stands in one theme (tested), and no
question is about one pupil. What a figure means stands in the catalogue; the differences between areas and kinds of
schools are pages of their own.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """A theme. ``id`` is in the name of its page; ``questions`` are for the conversation about it."""

    id: str
    title: str
    intro: str
    indicators: tuple[str, ...]
    questions: tuple[str, ...]

    @property
    def page(self) -> str:
        """The name of its page."""
        return f"thema-{self.id}"


THEMES: tuple[Theme, ...] = (
    Theme(
        "bereik",
        "Bereik",
        "Hoeveel leerlingen krijgen hulp van Jeugdhulp op school (JOS), en waarvoor?",
        (
            *("jos_leerlingen", "jos_bereik", "leerlingen", "scholen", "jos_trajecten_nieuw", "jos_trajecten_lopend"),
            *("jos_trajecten_afgesloten", "jos_aard", "jos_vorm", "problematiek_top10", "jos_buiten_gemeente"),
            "duo_leerlingen",
        ),
        (
            "Past dit bereik bij wat u op de scholen ziet? Welke groepen missen wij nog?",
            "Welke redenen van aanmelding vallen op, en wat kan de school daar zelf aan doen?",
            "Een deel van de leerlingen woont in een andere gemeente. Wat vraagt dat van de afspraken?",
        ),
    ),
    Theme(
        "inzet",
        "Inzet",
        "Hoeveel uren en mensen zijn er, en wat doen zij?",
        (
            *("fte", "leerlingen_per_fte", "jos_leerlingen_per_fte", "uren", "consultaties", "observaties_adviezen"),
            *("oudercontacten", "kortdurend", "trajectduur"),
        ),
        (
            "Staat de inzet daar waar de vraag het grootst is?",
            "Gaat de meeste tijd naar wat u het belangrijkst vindt?",
            "Kloppen het aantal gesprekken en de duur van de trajecten met de afspraken?",
        ),
    ),
    Theme(
        "preventie",
        "Preventie",
        "Hoeveel aandacht is er voor voorkomen, en lukt het om zwaardere hulp te voorkomen?",
        ("preventie_primair", "inloopspreekuren", "inloopvragen", "collectief_bereik", "specialistisch_voorkomen"),
        (
            "Is er een goede balans tussen hulp aan een leerling en activiteiten voor de hele klas of school?",
            "Met welke vragen komen leerlingen, ouders en mentoren naar het spreekuur? Wat leert de school daarvan?",
            "Waardoor lukt het om zwaardere hulp te voorkomen, en wanneer lukt het niet?",
        ),
    ),
    Theme(
        "wachttijden",
        "Wachttijden",
        "Hoe lang wachten jongeren op hulp, en hoeveel jongeren wachten er nog?",
        (
            *("wachttijd_jos", "wachttijd_sociaal_team", "wachttijd_jeugdhulp", "binnen_norm_intake"),
            *("binnen_norm_start", "wachtend", "wachttijd_vso", "wachtend_vso", "overbrugging"),
        ),
        (
            "Waar wachten jongeren het langst, en wat gebeurt er in die tijd?",
            "Hoe vaak vult JOS het gat tot de andere hulp begint? Is dat de bedoeling?",
            "Wat kunnen gemeenten, scholen en aanbieders samen doen om sneller te beginnen?",
        ),
    ),
    Theme(
        "doorstroom",
        "Doorstroom",
        "Hoe gaat het verder na de hulp: is er nog hulp nodig, en welke?",
        (
            *("zonder_vervolg", "warme_overdracht", "verwezen_specialistisch", "beschikkingen_via_jos", "uitval_hulp"),
            *("herhaald_beroep", "doelrealisatie", "nut", "zonder_hulp_verder", "jeugdhulp_verwijzer"),
            *("jeugdhulp_gebruik", "jeugdhulp_met_verblijf", "samenloop"),
        ),
        (
            "Lukt het om leerlingen verder te helpen zonder dat er andere hulp nodig is?",
            "Wat vinden leerlingen en ouders zelf van de hulp, en wat doen wij daarmee?",
            "Gaat de overdracht naar andere hulp goed? Waar stokt het?",
        ),
    ),
    Theme(
        "schoolgang",
        "Verzuim en schoolgang",
        "Gaan jongeren naar school? Verzuim, thuiszitten, gespecialiseerd onderwijs en uitval.",
        (
            *("verzuim_16uur", "verzuim_langdurig", "absoluut_verzuim", "thuiszitters", "thuiszitters_3mnd"),
            *("teruggeleid", "tlv_afgegeven", "terugstroom", "uitval_onderwijs", "uitval_onderwijs_jos"),
            "duo_slaagpercentage",
        ),
        (
            "Komen leerlingen die veel verzuimen op tijd in beeld bij JOS?",
            "Wat helpt thuiszitters om weer naar school te gaan?",
            "Welke hulp is er nodig om meer leerlingen in het gewone onderwijs te houden?",
        ),
    ),
    Theme(
        "randvoorwaarden",
        "Randvoorwaarden",
        "Wat is er nodig om goed te kunnen werken: vaste mensen, samenwerking en goede gegevens?",
        (
            *("personele_wisselingen", "externe_begeleiders", "samenwerking", "missie_bekend", "verbetering"),
            "respons",
        ),
        (
            "Wat doen wisselingen van personeel met het vertrouwen van leerlingen en scholen?",
            "Weet iedereen in de school waar JOS voor is en wie zij kunnen bellen?",
            "Welke gegevens missen wij nog, en wie kan daarvoor zorgen?",
        ),
    ),
)

BETWEEN_AREAS = Theme(
    "verschil-gebieden",
    "Verschillen tussen samenwerkingsverbanden",
    "Dezelfde cijfers naast elkaar voor de samenwerkingsverbanden.",
    (),
    (
        "Welk verschil verwacht u, en welk verschil verrast u?",
        "Kan het verschil komen door andere afspraken, andere scholen of ontbrekende gegevens?",
        "Wat kan het ene gebied van het andere leren?",
    ),
)
BETWEEN_SCHOOLS = Theme(
    "verschil-onderwijs",
    "Verschillen tussen soorten onderwijs",
    "Dezelfde cijfers naast elkaar voor regulier onderwijs, praktijkonderwijs en gespecialiseerd onderwijs.",
    (),
    (
        "Past de inzet bij de leerlingen van elke soort school?",
        "Welke soort school heeft iets anders nodig dan nu wordt geboden?",
        "Zijn er genoeg scholen van elke soort om iets te kunnen zeggen?",
    ),
)

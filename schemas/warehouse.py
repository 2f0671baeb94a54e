"""The warehouse: every table of spec 4.2 with its columns, keys and Dutch comments.

SQLAlchemy Core only, the same on SQLite and PostgreSQL. Put here the shape of what is published and registered; the
views on it stand in ``schemas.views``, reading and writing it is ``resources.warehouse``. No table may hold a record
of a person.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa

metadata = sa.MetaData()

ALWAYS = date(1900, 1, 1)
"""``geldig_van`` of what has no first day: a primary key cannot be empty."""


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets the time zone, so it is put back on reading.

    Raises ValueError for a moment without a time zone.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[datetime]:
        return datetime

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment in the warehouse has a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _required(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=False, comment=comment)


def _optional(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, nullable=True, comment=comment)


def _key(name: str, kind: Any, comment: str) -> sa.Column[Any]:
    return sa.Column(name, kind, primary_key=True, nullable=False, autoincrement=False, comment=comment)


def _monitor_columns() -> list[sa.Column[Any]]:
    return [
        _key("publicatie", sa.String(60), "Publicatie waar de rij bij hoort: schooljaar/peildatum/volgnummer."),
        _key("indicator", sa.String(60), "Indicator (zie dim_indicator)."),
        _required("indicator_versie", sa.Integer, "Versie van de formule van de indicator."),
        _key("schooljaar", sa.String(9), "Schooljaar, bijvoorbeeld 2022-2023."),
        _key("periode", sa.String(20), "Periode: schooljaar, halfjaar_1 of halfjaar_2 (zie dim_periode)."),
        _key("niveau", sa.String(30), "Soort gebied: regio, samenwerkingsverband, gemeente of school."),
        _key("gebied", sa.String(60), "Code van het gebied (zie dim_gebied)."),
        _key("uitsplitsing", sa.String(40), "Waarnaar het cijfer is uitgesplitst; totaal als dat niet zo is."),
        _key("categorie", sa.String(60), "Categorie binnen de uitsplitsing (zie dim_categorie)."),
        _optional("waarde", sa.Float, "Het cijfer. Een aandeel is een breuk (0,256 is 25,6 procent)."),
        _optional("waarde_min", sa.Float, "Kleinste mogelijke waarde als het cijfer een interval is."),
        _optional("waarde_max", sa.Float, "Grootste mogelijke waarde als het cijfer een interval is."),
        _optional("teller", sa.Float, "Teller van het cijfer."),
        _optional("noemer", sa.Float, "Noemer van het cijfer; bij een mediaan of gemiddelde het aantal waarnemingen."),
        _required("eenheid", sa.String(40), "Eenheid van de waarde."),
        _optional("rang", sa.Integer, "Plaats in de rangorde van de categorieën, als de indicator die heeft."),
        _optional("n_verwacht", sa.Integer, "Aantal scholen, gemeenten of leveranciers dat had moeten leveren."),
        _optional("n_geleverd", sa.Integer, "Aantal daarvan waarvan een levering geldt."),
        _optional("dekking", sa.Float, "n_geleverd gedeeld door n_verwacht."),
        _required(
            "waarde_status",
            sa.String(30),
            "ok, onderdrukt (verborgen om personen te beschermen), niet_geleverd, niet_van_toepassing, "
            "laag_betrouwbaar, interval of geen_waarnemingen.",
        ),
        _required("status", sa.String(20), "Status van de publicatie: voorlopig, definitief of herzien."),
        _optional("herkomst", sa.String(20), "Waar het cijfer op rust: levering, opgave of gemengd."),
        _required("peildatum", sa.Date, "Tot en met deze dag is geteld."),
        _required("berekend_op", Moment, "Wanneer het cijfer is berekend (UTC)."),
        _required("run_id", sa.String(60), "Dagster-run die het cijfer heeft gepubliceerd."),
    ]


monitor_indicator = sa.Table(
    "monitor_indicator",
    metadata,
    *_monitor_columns(),
    comment="De cijfers van de monitor: van elk schooljaar de huidige publicatie.",
)
monitor_indicator_historie = sa.Table(
    "monitor_indicator_historie",
    metadata,
    *_monitor_columns(),
    comment="De cijfers van alle publicaties die ooit zijn uitgebracht. Rijen veranderen nooit.",
)
publicatie = sa.Table(
    "publicatie",
    metadata,
    _key("id", sa.String(60), "Schooljaar/peildatum/volgnummer, bijvoorbeeld 2022-2023/2023-02-01/1."),
    _required("schooljaar", sa.String(9), "Schooljaar van de cijfers."),
    _required("peildatum", sa.Date, "Tot en met deze dag is geteld."),
    _required("volgnummer", sa.Integer, "1 is de eerste publicatie van deze peildatum; hoger is een herziening."),
    _required("status", sa.String(20), "voorlopig, definitief of herzien."),
    _required("contract_versie", sa.String(200), "Versies van de contracten waaraan de leveringen zijn getoetst."),
    _required("code_versie", sa.String(60), "Versie van de programmatuur."),
    _required("sha256", sa.String(64), "Controlegetal (SHA-256) van de inhoud."),
    _required("rijen", sa.Integer, "Aantal rijen."),
    _required("gepubliceerd_op", Moment, "Wanneer de publicatie is uitgebracht (UTC)."),
    _required("run_id", sa.String(60), "Dagster-run die de publicatie heeft uitgebracht."),
    sa.UniqueConstraint("schooljaar", "peildatum", "volgnummer"),
    comment="Elke publicatie die is uitgebracht. Een publicatie verandert nooit.",
)
intrekking = sa.Table(
    "intrekking",
    metadata,
    sa.Column(
        "publicatie",
        sa.String(60),
        sa.ForeignKey("publicatie.id"),
        primary_key=True,
        comment="Publicatie die niet meer geldt.",
    ),
    _required("reden", sa.Text, "Waarom de publicatie is ingetrokken. Zonder persoonsgegevens."),
    _required("ingetrokken_op", Moment, "Wanneer de publicatie is ingetrokken (UTC)."),
    comment="Publicaties die zijn ingetrokken. Ze blijven in monitor_indicator_historie staan; hun nummer komt niet "
    "terug.",
)
publicatie_levering = sa.Table(
    "publicatie_levering",
    metadata,
    sa.Column("publicatie", sa.String(60), sa.ForeignKey("publicatie.id"), primary_key=True, comment="Publicatie."),
    sa.Column(
        "levering_id",
        sa.Integer,
        sa.ForeignKey("levering.id"),
        primary_key=True,
        autoincrement=False,
        comment="Levering waarop de cijfers van de publicatie rusten.",
    ),
    comment="Op welke leveringen elke publicatie rust. Van publicaties van voor deze tabel is dat niet vastgelegd.",
)


def _indicator_words() -> list[sa.Column[Any]]:
    return [
        _required("naam", sa.String(200), "Naam om te tonen."),
        _required("definitie", sa.Text, "Wat het cijfer betekent, in gewone taal."),
        _required("statistiek", sa.String(20), "aantal, aandeel, per_1000, som, mediaan, gemiddelde of per_fte."),
        _required("eenheid", sa.String(40), "Eenheid van de waarde."),
        _required(
            "decimalen",
            sa.Integer,
            "Decimalen van de waarde om te tonen; 3 bij een aandeel is 1 bij een percentage.",
        ),
        _required("grondslag", sa.String(20), "school: naar de plaats van de school; woon: naar de woongemeente."),
        _required("bronnen", sa.Text, "Soorten leveringen waar het cijfer op rust."),
        _required("uitsplitsingen", sa.Text, "Uitsplitsingen naast het totaal."),
        _required("waarvandaan", sa.Text, "Document dat om dit cijfer vroeg."),
    ]


dim_indicator = sa.Table(
    "dim_indicator",
    metadata,
    _key("indicator", sa.String(60), "Code van de indicator."),
    _required("versie", sa.Integer, "Versie van de formule."),
    *_indicator_words(),
    comment="De indicatoren: een rij per indicator.",
)
dim_indicator_versie = sa.Table(
    "dim_indicator_versie",
    metadata,
    _key("indicator", sa.String(60), "Code van de indicator."),
    _key("versie", sa.Integer, "Versie van de formule, zoals indicator_versie bij een cijfer."),
    *_indicator_words(),
    _optional("formule", sa.Text, "De formule zoals de programmatuur haar kent; leeg als die niet is vastgelegd."),
    comment="Elke versie van elke indicator die ooit is gepubliceerd. Rijen veranderen nooit.",
)
dim_gebied = sa.Table(
    "dim_gebied",
    metadata,
    _key("niveau", sa.String(30), "regio, samenwerkingsverband, gemeente of school."),
    _key("gebied", sa.String(60), "Code van het gebied."),
    _key("geldig_van", sa.Date, "Eerste dag waarop deze rij geldt (1900-01-01: altijd al)."),
    _optional("geldig_tot", sa.Date, "Eerste dag waarop deze rij niet meer geldt; leeg: geldt nog."),
    _required("naam", sa.String(200), "Naam om te tonen."),
    _optional("gemeente", sa.String(6), "Gemeente waarin het gebied ligt."),
    _optional("samenwerkingsverband", sa.String(6), "Samenwerkingsverband waarin het gebied ligt."),
    _required("in_regio", sa.Boolean, "Of het gebied zelf bij de regio hoort."),
    comment="De gebieden met de periode waarin ze zo bestonden.",
)
dim_school = sa.Table(
    "dim_school",
    metadata,
    _key("school", sa.String(6), "BRIN en vestiging van de school."),
    _key("geldig_van", sa.Date, "Eerste dag waarop deze rij geldt (1900-01-01: altijd al)."),
    _optional("geldig_tot", sa.Date, "Eerste dag waarop deze rij niet meer geldt; leeg: geldt nog."),
    _required("naam", sa.String(200), "Naam van de school."),
    _required("gemeente", sa.String(6), "Gemeente waarin de school ligt."),
    _optional("samenwerkingsverband", sa.String(6), "Samenwerkingsverband van die gemeente."),
    _required("onderwijstype", sa.String(30), "regulier, praktijkonderwijs of gespecialiseerd."),
    comment="De scholen met de periode waarin ze zo bestonden.",
)
dim_periode = sa.Table(
    "dim_periode",
    metadata,
    _key("schooljaar", sa.String(9), "Schooljaar."),
    _key("periode", sa.String(20), "schooljaar, halfjaar_1 of halfjaar_2."),
    _required("naam", sa.String(60), "Naam om te tonen."),
    _required("begin", sa.Date, "Eerste dag."),
    _required("eind", sa.Date, "Laatste dag."),
    comment="De perioden waarover wordt geteld.",
)
dim_categorie = sa.Table(
    "dim_categorie",
    metadata,
    _key("uitsplitsing", sa.String(40), "Waarnaar is uitgesplitst."),
    _key("categorie", sa.String(60), "Code van de categorie."),
    _required("naam", sa.String(200), "Naam om te tonen."),
    _required("volgorde", sa.Integer, "Volgorde om te tonen."),
    comment="De categorieën van elke uitsplitsing.",
)
dim_leverancier = sa.Table(
    "dim_leverancier",
    metadata,
    _key("leverancier", sa.String(60), "Code van de leverancier: de naam van zijn map."),
    _required("naam", sa.String(200), "Naam om te tonen."),
    _required("soort", sa.String(30), "aanbieder, school, samenwerkingsverband of gemeente."),
    _optional("gebied", sa.String(60), "School, gemeente of samenwerkingsverband van de leverancier."),
    _required("levert", sa.Text, "Soorten leveringen die zijn afgesproken."),
    comment="De leveranciers van de regio.",
)
levering = sa.Table(
    "levering",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True, comment="Nummer van de levering."),
    _required("leverancier", sa.String(60), "Map waarin het bestand lag (zie dim_leverancier)."),
    _required("bestand", sa.String(255), "Naam van het bestand, ontdaan van wat onveilig is."),
    _optional("soort", sa.String(30), "Soort levering; leeg als die niet te herkennen was."),
    _optional("schooljaar", sa.String(9), "Schooljaar waarover de levering gaat."),
    _optional("peildatum", sa.Date, "Dag waarop de levering de stand weergeeft."),
    _required("sha256", sa.String(64), "Controlegetal (SHA-256) van het bestand."),
    _required("grootte", sa.BigInteger, "Grootte van het bestand in bytes; -1: het kon niet worden geopend."),
    _required("gewijzigd_op", Moment, "Wanneer het bestand voor het laatst is gewijzigd (UTC)."),
    _required("ontvangen_op", Moment, "Wanneer de monitor het bestand voor het eerst zag (UTC)."),
    _required("beoordeeld_op", Moment, "Wanneer het oordeel is gegeven (UTC)."),
    _required("oordeel", sa.String(30), "geaccepteerd, geaccepteerd_met_afkeur, afgekeurd of dubbel."),
    _required("rijen", sa.Integer, "Aantal rijen in het bestand."),
    _required("rijen_geaccepteerd", sa.Integer, "Aantal rijen dat meetelt."),
    _required("rijen_afgekeurd", sa.Integer, "Aantal rijen dat apart is gezet."),
    _required("geldend", sa.Boolean, "Of dit de levering is die nu geldt."),
    sa.Column(
        "vervangt", sa.Integer, sa.ForeignKey("levering.id"), comment="Nummer van de levering die deze vervangt."
    ),
    sa.Column(
        "dubbel_van", sa.Integer, sa.ForeignKey("levering.id"), comment="Nummer van de levering met dezelfde inhoud."
    ),
    _optional("contract_versie", sa.Integer, "Versie van het contract waaraan is getoetst."),
    _required("code_versie", sa.String(60), "Versie van de programmatuur."),
    _required("run_id", sa.String(60), "Dagster-run die het bestand heeft ingenomen."),
    sa.UniqueConstraint("leverancier", "sha256", "bestand"),
    comment="Elk bestand dat ooit is aangeboden, met het oordeel. Zonder persoonsgegevens.",
)
sa.Index(
    "levering_geldend",
    levering.c.leverancier,
    levering.c.soort,
    levering.c.schooljaar,
    unique=True,
    sqlite_where=levering.c.geldend.is_(sa.true()),
    postgresql_where=levering.c.geldend.is_(sa.true()),
)
bevinding = sa.Table(
    "bevinding",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True, comment="Nummer van de bevinding."),
    sa.Column(
        "levering_id",
        sa.Integer,
        sa.ForeignKey("levering.id"),
        nullable=False,
        index=True,
        comment="Levering waar de bevinding bij hoort.",
    ),
    _required("code", sa.String(10), "Code van de bevinding; uitleg met: jos explain CODE."),
    _required("ernst", sa.String(10), "fout, signaal of info."),
    _optional("kolom", sa.String(60), "Kolom waar de bevinding over gaat; leeg: het hele bestand."),
    _required("aantal", sa.Integer, "Hoe vaak; 0 betekent: gecontroleerd en in orde."),
    _required("rijen", sa.Text, "Hoogstens 100 rijnummers (JSON), zoals de leverancier ze in Excel ziet."),
    _required("melding", sa.Text, "Melding voor de leverancier. Bevat nooit een waarde uit het bestand."),
    comment="Alle bevindingen bij alle leveringen, ook de controles die in orde waren.",
)
verwachting = sa.Table(
    "verwachting",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True, comment="Nummer van de uitslag."),
    _required("schooljaar", sa.String(9), "Schooljaar waarover de verwachting gaat."),
    _required("onderwerp", sa.String(30), "Soort levering, of beveiligd: de te publiceren tabel."),
    _required("controle", sa.String(30), "Controle (asset check) waar de verwachting bij hoort."),
    _required("verwachting", sa.String(60), "Naam van de verwachting."),
    _optional("code", sa.String(10), "Code van de bevinding als zij niet uitkomt; uitleg met: jos explain CODE."),
    _required("zin", sa.Text, "Wat wordt verwacht."),
    _required("uitslag", sa.String(20), "uitgekomen, niet_uitgekomen of niet_te_toetsen (te weinig gegevens)."),
    _required("getoetst", sa.Integer, "Aantal maten dat is getoetst: per leverancier, of per kolom daarvan."),
    _required("afwijkend", sa.Integer, "Aantal daarvan dat niet aan de verwachting voldoet."),
    _required("waar", sa.Text, "Leveranciers en kolommen waar het om gaat; leeg als de verwachting uitkomt."),
    _optional(
        "waargenomen", sa.Float, "De meest afwijkende maat; leeg als niet is getoetst of om personen te beschermen."
    ),
    _required("eenheid", sa.String(20), "Eenheid van de maat: aantal, personen, aandeel of verhouding."),
    _required("grens", sa.Float, "De maat mag tot en met deze grens gaan."),
    _required("richting", sa.String(10), "minstens of hoogstens."),
    _required("getoetst_op", Moment, "Wanneer is getoetst (UTC)."),
    _required("run_id", sa.String(60), "Dagster-run die heeft getoetst."),
    sa.Index("verwachting_laatste", "schooljaar", "onderwerp", "verwachting"),
    comment="Elke verwachting van elke keer dat zij is getoetst, ook als zij uitkwam. Zonder persoonsgegevens.",
)
koppeling = sa.Table(
    "koppeling",
    metadata,
    _key("schooljaar", sa.String(9), "Schooljaar van de leveringen."),
    _key("soort", sa.String(30), "Soort levering."),
    _key("leverancier", sa.String(60), "Leverancier (zie dim_leverancier); alle: alle leveranciers van de soort."),
    _key("maat", sa.String(40), "Wat is gemeten, bijvoorbeeld gevonden of andere_woongemeente."),
    _required("omschrijving", sa.Text, "Waarvan dit een aandeel is."),
    _required("sleuteldomein", sa.Text, "Met welke sleutel de pseudoniemen zijn gemaakt: de naam van het domein."),
    _optional("procent_min", sa.Integer, "Het aandeel is minstens zoveel procent; leeg als het niet is te vertellen."),
    _optional("procent_max", sa.Integer, "Het aandeel is hoogstens zoveel procent."),
    _required(
        "zin", sa.Text, "Het aandeel in woorden. Altijd een klasse: een klein aantal is er niet uit af te leiden."
    ),
    _required("gemeten_op", Moment, "Wanneer is gemeten (UTC)."),
    _required("run_id", sa.String(60), "Dagster-run die heeft gemeten."),
    comment="Hoe goed bronnen koppelen, per soort en leverancier. Zonder persoonsgegevens en zonder kleine aantallen.",
)
open_data = sa.Table(
    "open_data",
    metadata,
    _key("bestand", sa.String(120), "Naam van het bestand."),
    _key("herkomst", sa.String(1000), "Adres waar het vandaan komt, of map: het lag in de map van de installatie."),
    _required("sha256", sa.String(64), "Controlegetal (SHA-256) van het bestand; leeg als het nooit is gekomen."),
    _required("grootte", sa.BigInteger, "Grootte in bytes."),
    _required("schooljaar", sa.String(200), "Schooljaren in het bestand; actueel bij het register van scholen."),
    _required("licentie", sa.Text, "Waaronder het bestand mag worden gebruikt."),
    _optional("opgehaald_op", Moment, "Sinds wanneer het bestand er zo uitziet (UTC)."),
    _optional("gecontroleerd_op", Moment, "Wanneer voor het laatst is gezien dat dit het nieuwste is (UTC)."),
    _required("probleem", sa.Text, "Waarom de laatste poging niets bracht; leeg als er niets aan de hand is."),
    comment="De bestanden met open data die nu worden gebruikt, met hun herkomst. Er staan geen personen in.",
)
toelichting = sa.Table(
    "toelichting",
    metadata,
    _key("schooljaar", sa.String(9), "Schooljaar."),
    _key("indicator", sa.String(60), "Indicator (zie dim_indicator)."),
    _key("niveau", sa.String(30), "regio, samenwerkingsverband, gemeente of school."),
    _key("gebied", sa.String(60), "Code van het gebied (zie dim_gebied)."),
    _key("reden", sa.String(30), "niet_te_koppelen: het cijfer bestaat hier niet; dubbel_geteld: lees het met zorg."),
    _required("tekst", sa.Text, "Uitleg in gewone taal."),
    comment="Uitleg bij cijfers van gebieden waar leveranciers verschillende sleutels gebruiken.",
)
melding = sa.Table(
    "melding",
    metadata,
    _key("doel", sa.String(60), "Aan wie het is gemeld: logboek, of de soort adres met een controlegetal."),
    _key("sleutel", sa.String(200), "Waaraan hetzelfde probleem te herkennen is."),
    _required("code", sa.String(10), "Code van de melding; uitleg met: jos explain CODE."),
    _required("wie", sa.String(200), "Leverancier of onderdeel waar het over gaat."),
    _required("wat", sa.Text, "Wat er aan de hand is. Zonder persoonsgegevens."),
    _required("eerst_gemeld_op", Moment, "Wanneer het voor het eerst is gemeld (UTC)."),
    _required("laatst_gemeld_op", Moment, "Wanneer het voor het laatst is gemeld (UTC)."),
    _required("keren", sa.Integer, "Hoe vaak het is gemeld sinds het begon."),
    _optional("opgelost_op", Moment, "Wanneer is gemeld dat het voorbij is (UTC); leeg: het is nog zo."),
    comment="Wat er aan wie is gemeld, zodat niemand hetzelfde twee keer hoort. Zonder persoonsgegevens.",
)
data_woordenboek = sa.Table(
    "data_woordenboek",
    metadata,
    _key("tabel", sa.String(60), "Tabel."),
    _key("kolom", sa.String(60), "Kolom; leeg voor de tabel of weergave zelf."),
    _required("type", sa.String(30), "Type van de kolom."),
    _required("omschrijving", sa.Text, "Wat er in staat."),
    comment="Uitleg bij elke tabel, elke weergave en elke kolom.",
)

DIMENSIONS: dict[str, sa.Table] = {
    table.name: table for table in (dim_indicator, dim_gebied, dim_school, dim_periode, dim_categorie, dim_leverancier)
}
"""The tables that every publication writes anew."""


KEPT = dim_indicator_versie
"""The dimension of which a publication adds what is not there yet, and changes nothing."""


def dictionary_rows(described: Iterable[sa.Table], kind: str = "tabel") -> list[dict[str, str]]:
    """The comments of tables, or of views described as tables, as rows of ``data_woordenboek``."""
    rows = [
        {"tabel": table.name, "kolom": column, "type": type_name, "omschrijving": str(words)}
        for table in described
        for column, type_name, words in (
            ("", kind, table.comment),
            *((column.name, _type_name(column), column.comment) for column in table.columns),
        )
    ]
    return sorted(rows, key=lambda row: (row["tabel"], row["kolom"]))


def _type_name(column: sa.Column[Any]) -> str:
    names: tuple[tuple[type[Any], str], ...] = (
        (Moment, "tijdstip"),
        (sa.Date, "datum"),
        (sa.Boolean, "ja/nee"),
        (sa.Integer, "geheel getal"),
        (sa.Float, "decimaal getal"),
        (sa.String, "tekst"),
    )
    return next(name for kind, name in names if isinstance(column.type, kind))

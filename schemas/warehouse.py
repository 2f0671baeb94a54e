"""The warehouse: every table of spec 4.2 with its columns, keys and Dutch comments.

SQLAlchemy Core only, the same on SQLite and PostgreSQL. Put here the shape of what is published; what is registered
stands in ``schemas.registered`` and is known here too. The views are ``schemas.views``, reading and writing is
``resources.warehouse``. No table may hold a record of a person.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from schemas.parts import ALWAYS, Moment, key, metadata, optional, required
from schemas.registered import (
    bevinding,
    koppeling,
    levering,
    melding,
    open_data,
    schema_revisie,
    toelichting,
    verwachting,
)

__all__ = [
    "ALWAYS",
    "DIMENSIONS",
    "KEPT",
    "Moment",
    "bevinding",
    "data_woordenboek",
    "dictionary_rows",
    "dim_categorie",
    "dim_gebied",
    "dim_indicator",
    "dim_indicator_versie",
    "dim_leverancier",
    "dim_periode",
    "dim_school",
    "intrekking",
    "koppeling",
    "levering",
    "melding",
    "metadata",
    "monitor_indicator",
    "monitor_indicator_historie",
    "open_data",
    "publicatie",
    "publicatie_levering",
    "schema_revisie",
    "toelichting",
    "verwachting",
]


def _monitor_columns() -> list[sa.Column[Any]]:
    return [
        key("publicatie", sa.String(60), "Publicatie waar de rij bij hoort: schooljaar/peildatum/volgnummer."),
        key("indicator", sa.String(60), "Indicator (zie dim_indicator)."),
        required("indicator_versie", sa.Integer, "Versie van de formule van de indicator."),
        key("schooljaar", sa.String(9), "Schooljaar, bijvoorbeeld 2022-2023."),
        key("periode", sa.String(20), "Periode: schooljaar, halfjaar_1 of halfjaar_2 (zie dim_periode)."),
        key("niveau", sa.String(30), "Soort gebied: regio, samenwerkingsverband, gemeente of school."),
        key("gebied", sa.String(60), "Code van het gebied (zie dim_gebied)."),
        key(
            "uitsplitsing",
            sa.String(40),
            "Waarnaar het cijfer is uitgesplitst; totaal als dat niet zo is. In een beknopte publicatie hebben "
            "bijvoorbeeld scholen en gemeenten alleen totalen.",
        ),
        key("categorie", sa.String(60), "Categorie binnen de uitsplitsing (zie dim_categorie)."),
        optional("waarde", sa.Float, "Het cijfer. Een aandeel is een breuk (0,256 is 25,6 procent)."),
        optional("waarde_min", sa.Float, "Kleinste mogelijke waarde als het cijfer een interval is."),
        optional("waarde_max", sa.Float, "Grootste mogelijke waarde als het cijfer een interval is."),
        optional("teller", sa.Float, "Teller van het cijfer."),
        optional("noemer", sa.Float, "Noemer van het cijfer; bij een mediaan of gemiddelde het aantal waarnemingen."),
        required("eenheid", sa.String(40), "Eenheid van de waarde."),
        optional("rang", sa.Integer, "Plaats in de rangorde van de categorieën, als de indicator die heeft."),
        optional("n_verwacht", sa.Integer, "Aantal scholen, gemeenten of leveranciers dat had moeten leveren."),
        optional("n_geleverd", sa.Integer, "Aantal daarvan waarvan een levering geldt."),
        optional("dekking", sa.Float, "n_geleverd gedeeld door n_verwacht."),
        required(
            "waarde_status",
            sa.String(30),
            "ok, onderdrukt (verborgen om personen te beschermen), niet_geleverd, niet_van_toepassing, "
            "laag_betrouwbaar, interval of geen_waarnemingen.",
        ),
        required("status", sa.String(20), "Status van de publicatie: voorlopig, definitief of herzien."),
        optional("herkomst", sa.String(20), "Waar het cijfer op rust: levering, opgave of gemengd."),
        required("peildatum", sa.Date, "Tot en met deze dag is geteld."),
        required("berekend_op", Moment, "Wanneer het cijfer is berekend (UTC)."),
        required("run_id", sa.String(60), "Dagster-run die het cijfer heeft gepubliceerd."),
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
    key("id", sa.String(60), "Schooljaar/peildatum/volgnummer, bijvoorbeeld 2022-2023/2023-02-01/1."),
    required("schooljaar", sa.String(9), "Schooljaar van de cijfers."),
    required("peildatum", sa.Date, "Tot en met deze dag is geteld."),
    required("volgnummer", sa.Integer, "1 is de eerste publicatie van deze peildatum; hoger is een herziening."),
    required("status", sa.String(20), "voorlopig, definitief of herzien."),
    required("contract_versie", sa.String(200), "Versies van de contracten waaraan de leveringen zijn getoetst."),
    required("code_versie", sa.String(60), "Versie van de programmatuur."),
    required("sha256", sa.String(64), "Controlegetal (SHA-256) van de inhoud."),
    required("rijen", sa.Integer, "Aantal rijen."),
    required("gepubliceerd_op", Moment, "Wanneer de publicatie is uitgebracht (UTC)."),
    required("run_id", sa.String(60), "Dagster-run die de publicatie heeft uitgebracht."),
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
    required("reden", sa.Text, "Waarom de publicatie is ingetrokken. Zonder persoonsgegevens."),
    required("ingetrokken_op", Moment, "Wanneer de publicatie is ingetrokken (UTC)."),
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
        required("naam", sa.String(200), "Naam om te tonen."),
        required("definitie", sa.Text, "Wat het cijfer betekent, in gewone taal."),
        required("statistiek", sa.String(20), "aantal, aandeel, per_1000, som, mediaan, gemiddelde of per_fte."),
        required("eenheid", sa.String(40), "Eenheid van de waarde."),
        required(
            "decimalen",
            sa.Integer,
            "Decimalen van de waarde om te tonen; 3 bij een aandeel is 1 bij een percentage.",
        ),
        required("grondslag", sa.String(20), "school: naar de plaats van de school; woon: naar de woongemeente."),
        required("bronnen", sa.Text, "Soorten leveringen waar het cijfer op rust."),
        required("uitsplitsingen", sa.Text, "Uitsplitsingen naast het totaal."),
        required("waarvandaan", sa.Text, "Document dat om dit cijfer vroeg."),
    ]


dim_indicator = sa.Table(
    "dim_indicator",
    metadata,
    key("indicator", sa.String(60), "Code van de indicator."),
    required("versie", sa.Integer, "Versie van de formule."),
    *_indicator_words(),
    comment="De indicatoren: een rij per indicator.",
)
dim_indicator_versie = sa.Table(
    "dim_indicator_versie",
    metadata,
    key("indicator", sa.String(60), "Code van de indicator."),
    key("versie", sa.Integer, "Versie van de formule, zoals indicator_versie bij een cijfer."),
    *_indicator_words(),
    optional("formule", sa.Text, "De formule zoals de programmatuur haar kent; leeg als die niet is vastgelegd."),
    comment="Elke versie van elke indicator die ooit is gepubliceerd. Rijen veranderen nooit.",
)
dim_gebied = sa.Table(
    "dim_gebied",
    metadata,
    key("niveau", sa.String(30), "regio, samenwerkingsverband, gemeente of school."),
    key("gebied", sa.String(60), "Code van het gebied."),
    key("geldig_van", sa.Date, "Eerste dag waarop deze rij geldt (1900-01-01: altijd al)."),
    optional("geldig_tot", sa.Date, "Eerste dag waarop deze rij niet meer geldt; leeg: geldt nog."),
    required("naam", sa.String(200), "Naam om te tonen."),
    optional("gemeente", sa.String(6), "Gemeente waarin het gebied ligt."),
    optional("samenwerkingsverband", sa.String(6), "Samenwerkingsverband waarin het gebied ligt."),
    required("in_regio", sa.Boolean, "Of het gebied zelf bij de regio hoort."),
    comment="De gebieden met de periode waarin ze zo bestonden.",
)
dim_school = sa.Table(
    "dim_school",
    metadata,
    key("school", sa.String(6), "BRIN en vestiging van de school."),
    key("geldig_van", sa.Date, "Eerste dag waarop deze rij geldt (1900-01-01: altijd al)."),
    optional("geldig_tot", sa.Date, "Eerste dag waarop deze rij niet meer geldt; leeg: geldt nog."),
    required("naam", sa.String(200), "Naam van de school."),
    required("gemeente", sa.String(6), "Gemeente waarin de school ligt."),
    optional("samenwerkingsverband", sa.String(6), "Samenwerkingsverband van die gemeente."),
    required("onderwijstype", sa.String(30), "regulier, praktijkonderwijs of gespecialiseerd."),
    comment="De scholen met de periode waarin ze zo bestonden.",
)
dim_periode = sa.Table(
    "dim_periode",
    metadata,
    key("schooljaar", sa.String(9), "Schooljaar."),
    key("periode", sa.String(20), "schooljaar, halfjaar_1 of halfjaar_2."),
    required("naam", sa.String(60), "Naam om te tonen."),
    required("begin", sa.Date, "Eerste dag."),
    required("eind", sa.Date, "Laatste dag."),
    comment="De perioden waarover wordt geteld.",
)
dim_categorie = sa.Table(
    "dim_categorie",
    metadata,
    key("uitsplitsing", sa.String(40), "Waarnaar is uitgesplitst."),
    key("categorie", sa.String(60), "Code van de categorie."),
    required("naam", sa.String(200), "Naam om te tonen."),
    required("volgorde", sa.Integer, "Volgorde om te tonen."),
    comment="De categorieën van elke uitsplitsing.",
)
dim_leverancier = sa.Table(
    "dim_leverancier",
    metadata,
    key("leverancier", sa.String(60), "Code van de leverancier: de naam van zijn map."),
    required("naam", sa.String(200), "Naam om te tonen."),
    required("soort", sa.String(30), "aanbieder, school, samenwerkingsverband of gemeente."),
    optional("gebied", sa.String(60), "School, gemeente of samenwerkingsverband van de leverancier."),
    required("levert", sa.Text, "Soorten leveringen die zijn afgesproken."),
    comment="De leveranciers van de regio.",
)
data_woordenboek = sa.Table(
    "data_woordenboek",
    metadata,
    key("tabel", sa.String(60), "Tabel."),
    key("kolom", sa.String(60), "Kolom; leeg voor de tabel of weergave zelf."),
    required("type", sa.String(30), "Type van de kolom."),
    required("omschrijving", sa.Text, "Wat er in staat."),
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

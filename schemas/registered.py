"""What the monitor registers: deliveries and findings, what was expected, how sources link, what was told to whom.

Part of the warehouse, imported from ``schemas.warehouse``, where the tables of figures stand. No personal data.
"""

import sqlalchemy as sa

from schemas.parts import Moment, key, metadata, optional, required

ACCEPTED = frozenset({"geaccepteerd", "geaccepteerd_met_afkeur"})
"""The verdicts after which a delivery counts."""

levering = sa.Table(
    "levering",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True, comment="Nummer van de levering."),
    required("leverancier", sa.String(60), "Map waarin het bestand lag (zie dim_leverancier)."),
    required("bestand", sa.String(255), "Naam van het bestand, ontdaan van wat onveilig is."),
    optional("soort", sa.String(30), "Soort levering; leeg als die niet te herkennen was."),
    optional("schooljaar", sa.String(9), "Schooljaar waarover de levering gaat."),
    optional("peildatum", sa.Date, "Dag waarop de levering de stand weergeeft."),
    required("sha256", sa.String(64), "Controlegetal (SHA-256) van het bestand."),
    required("grootte", sa.BigInteger, "Grootte van het bestand in bytes; -1: het kon niet worden geopend."),
    required("gewijzigd_op", Moment, "Wanneer het bestand voor het laatst is gewijzigd (UTC)."),
    required("ontvangen_op", Moment, "Wanneer de monitor het bestand voor het eerst zag (UTC)."),
    required("beoordeeld_op", Moment, "Wanneer het oordeel is gegeven (UTC)."),
    required("oordeel", sa.String(30), "geaccepteerd, geaccepteerd_met_afkeur, afgekeurd of dubbel."),
    required("rijen", sa.Integer, "Aantal rijen in het bestand."),
    required("rijen_geaccepteerd", sa.Integer, "Aantal rijen dat meetelt."),
    required("rijen_afgekeurd", sa.Integer, "Aantal rijen dat apart is gezet."),
    required("geldend", sa.Boolean, "Of dit de levering is die nu geldt."),
    sa.Column(
        "vervangt", sa.Integer, sa.ForeignKey("levering.id"), comment="Nummer van de levering die deze vervangt."
    ),
    sa.Column(
        "dubbel_van", sa.Integer, sa.ForeignKey("levering.id"), comment="Nummer van de levering met dezelfde inhoud."
    ),
    optional("contract_versie", sa.Integer, "Versie van het contract waaraan is getoetst."),
    required("code_versie", sa.String(60), "Versie van de programmatuur."),
    required("run_id", sa.String(60), "Dagster-run die het bestand heeft ingenomen."),
    optional("getoetst_aan", sa.String(64), "Controlegetal (SHA-256) van wat de poort van de regio wist."),
    sa.Index("levering_inhoud", "leverancier", "sha256", "bestand"),
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
_is_accepted = levering.c.oordeel.in_(sorted(ACCEPTED))
sa.Index(
    "levering_aangenomen",
    levering.c.leverancier,
    levering.c.sha256,
    unique=True,  # the same bytes count once, under whatever name
    sqlite_where=_is_accepted,
    postgresql_where=_is_accepted,
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
    required("code", sa.String(10), "Code van de bevinding; uitleg met: jos explain CODE."),
    required("ernst", sa.String(10), "fout, signaal of info."),
    optional("kolom", sa.String(60), "Kolom waar de bevinding over gaat; leeg: het hele bestand."),
    required("aantal", sa.Integer, "Hoe vaak; 0 betekent: gecontroleerd en in orde."),
    required("rijen", sa.Text, "Hoogstens 100 rijnummers (JSON), zoals de leverancier ze in Excel ziet."),
    required("melding", sa.Text, "Melding voor de leverancier. Bevat nooit een waarde uit het bestand."),
    comment="Alle bevindingen bij alle leveringen, ook de controles die in orde waren.",
)
verwachting = sa.Table(
    "verwachting",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=True, comment="Nummer van de uitslag."),
    required("schooljaar", sa.String(9), "Schooljaar waarover de verwachting gaat."),
    required("onderwerp", sa.String(30), "Soort levering, of beveiligd: de te publiceren tabel."),
    required("controle", sa.String(30), "Controle (asset check) waar de verwachting bij hoort."),
    required("verwachting", sa.String(60), "Naam van de verwachting."),
    optional("code", sa.String(10), "Code van de bevinding als zij niet uitkomt; uitleg met: jos explain CODE."),
    required("zin", sa.Text, "Wat wordt verwacht."),
    required("uitslag", sa.String(20), "uitgekomen, niet_uitgekomen of niet_te_toetsen (te weinig gegevens)."),
    required("getoetst", sa.Integer, "Aantal maten dat is getoetst: per leverancier, of per kolom daarvan."),
    required("afwijkend", sa.Integer, "Aantal daarvan dat niet aan de verwachting voldoet."),
    required("waar", sa.Text, "Leveranciers en kolommen waar het om gaat; leeg als de verwachting uitkomt."),
    optional(
        "waargenomen", sa.Float, "De meest afwijkende maat; leeg als niet is getoetst of om personen te beschermen."
    ),
    required("eenheid", sa.String(20), "Eenheid van de maat: aantal, personen, aandeel of verhouding."),
    required("grens", sa.Float, "De maat mag tot en met deze grens gaan."),
    required("richting", sa.String(10), "minstens of hoogstens."),
    required("getoetst_op", Moment, "Wanneer is getoetst (UTC)."),
    required("run_id", sa.String(60), "Dagster-run die heeft getoetst."),
    sa.Index("verwachting_laatste", "schooljaar", "onderwerp", "verwachting"),
    comment="Elke verwachting van elke keer dat zij is getoetst, ook als zij uitkwam. Zonder persoonsgegevens.",
)
koppeling = sa.Table(
    "koppeling",
    metadata,
    key("schooljaar", sa.String(9), "Schooljaar van de leveringen."),
    key("soort", sa.String(30), "Soort levering."),
    key("leverancier", sa.String(60), "Leverancier (zie dim_leverancier); alle: alle leveranciers van de soort."),
    key("maat", sa.String(40), "Wat is gemeten, bijvoorbeeld gevonden of andere_woongemeente."),
    required("omschrijving", sa.Text, "Waarvan dit een aandeel is."),
    required("sleuteldomein", sa.Text, "Met welke sleutel de pseudoniemen zijn gemaakt: de naam van het domein."),
    optional("procent_min", sa.Integer, "Het aandeel is minstens zoveel procent; leeg als het niet is te vertellen."),
    optional("procent_max", sa.Integer, "Het aandeel is hoogstens zoveel procent."),
    required(
        "zin", sa.Text, "Het aandeel in woorden. Altijd een klasse: een klein aantal is er niet uit af te leiden."
    ),
    required("gemeten_op", Moment, "Wanneer is gemeten (UTC)."),
    required("run_id", sa.String(60), "Dagster-run die heeft gemeten."),
    comment="Hoe goed bronnen koppelen, per soort en leverancier. Zonder persoonsgegevens en zonder kleine aantallen.",
)
open_data = sa.Table(
    "open_data",
    metadata,
    key("bestand", sa.String(120), "Naam van het bestand."),
    key("herkomst", sa.String(1000), "Adres waar het vandaan komt, of map: het lag in de map van de installatie."),
    required("sha256", sa.String(64), "Controlegetal (SHA-256) van het bestand; leeg als het nooit is gekomen."),
    required("grootte", sa.BigInteger, "Grootte in bytes."),
    required("schooljaar", sa.String(200), "Schooljaren in het bestand; actueel bij het register van scholen."),
    required("licentie", sa.Text, "Waaronder het bestand mag worden gebruikt."),
    optional("opgehaald_op", Moment, "Sinds wanneer het bestand er zo uitziet (UTC)."),
    optional("gecontroleerd_op", Moment, "Wanneer voor het laatst is gezien dat dit het nieuwste is (UTC)."),
    required("probleem", sa.Text, "Waarom de laatste poging niets bracht; leeg als er niets aan de hand is."),
    comment="De bestanden met open data die nu worden gebruikt, met hun herkomst. Er staan geen personen in.",
)
ROUNDED = "afgerond"
"""The ``reden`` of a remark that belongs to the publication that holds, and not to deliveries."""
toelichting = sa.Table(
    "toelichting",
    metadata,
    key("schooljaar", sa.String(9), "Schooljaar."),
    key("indicator", sa.String(60), "Indicator (zie dim_indicator)."),
    key("niveau", sa.String(30), "regio, samenwerkingsverband, gemeente of school."),
    key("gebied", sa.String(60), "Code van het gebied (zie dim_gebied)."),
    key(
        "reden",
        sa.String(30),
        "niet_te_koppelen: het cijfer bestaat hier niet; dubbel_geteld: lees het met zorg; afgerond: de aantallen zijn "
        "afgerond, in elk gebied.",
    ),
    required("tekst", sa.Text, "Uitleg in gewone taal."),
    comment="Uitleg bij cijfers die zijn afgerond, en bij gebieden waar leveranciers verschillende sleutels gebruiken.",
)
melding = sa.Table(
    "melding",
    metadata,
    key("doel", sa.String(60), "Aan wie het is gemeld: logboek, of de soort adres met een controlegetal."),
    key("sleutel", sa.String(200), "Waaraan hetzelfde probleem te herkennen is."),
    required("code", sa.String(10), "Code van de melding; uitleg met: jos explain CODE."),
    required("wie", sa.String(200), "Leverancier of onderdeel waar het over gaat."),
    required("wat", sa.Text, "Wat er aan de hand is. Zonder persoonsgegevens."),
    required("eerst_gemeld_op", Moment, "Wanneer het voor het eerst is gemeld (UTC)."),
    required("laatst_gemeld_op", Moment, "Wanneer het voor het laatst is gemeld (UTC)."),
    required("keren", sa.Integer, "Hoe vaak het is gemeld sinds het begon."),
    optional("opgelost_op", Moment, "Wanneer is gemeld dat het voorbij is (UTC); leeg: het is nog zo."),
    comment="Wat er aan wie is gemeld, zodat niemand hetzelfde twee keer hoort. Zonder persoonsgegevens.",
)
schema_revisie = sa.Table(
    "schema_revisie",
    metadata,
    key("version_num", sa.String(32), "Nummer van de laatste wijziging van de tabellen."),
    comment="Welke vorm de tabellen hebben. Wordt bijgehouden door alembic.",
)

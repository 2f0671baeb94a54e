"""Reach: how many pupils JOS reaches, in what form, and who delivered (documents 003 and 000)."""

import polars as pl

from jos_pipeline.coverage import DUO, DUO_EXAMENS
from jos_pipeline.indicators import breakdowns as by
from jos_pipeline.indicators.entry import Denominator, Indicator, Kind, Measure, Statistic

M_LEERLINGEN = Measure("leerlingen", "leerling", Kind.DISTINCT, pl.col("telt"))
M_JOS_LEERLINGEN = Measure("jos_leerlingen", "traject", Kind.DISTINCT, pl.col("actief"))
M_JOS_LEERLINGEN_GETELD = Measure(
    "jos_leerlingen_geteld", "traject", Kind.DISTINCT, pl.col("actief") & pl.col("leerlingen_geleverd")
)
M_TRAJECTEN_NIEUW = Measure("trajecten_nieuw", "traject", Kind.ROWS, pl.col("gestart"))
M_TRAJECTEN_LOPEND = Measure("trajecten_lopend", "traject", Kind.ROWS, pl.col("actief_op_b"))
M_TRAJECTEN_AFGESLOTEN = Measure("trajecten_afgesloten", "traject", Kind.ROWS, pl.col("afgesloten"))
M_JOS_ELDERS = Measure(
    "jos_leerlingen_van_elders",
    "traject",
    Kind.DISTINCT,
    pl.col("actief") & pl.col("van_elders"),
)
M_JOS_WOONGEMEENTE = Measure(
    "jos_leerlingen_woongemeente_bekend",
    "traject",
    Kind.DISTINCT,
    pl.col("actief") & pl.col("woongemeente").is_not_null() & pl.col("schoolgemeente").is_not_null(),
)
M_SCHOLEN = Measure("scholen", "school", Kind.ROWS, pl.lit(value=True), key=None)
M_LEVERANCIERS = Measure("leveranciers", "levering", Kind.DISTINCT, pl.lit(value=True), key="leverancier")
M_LEVERANCIERS_COMPLEET = Measure(
    "leveranciers_compleet", "levering", Kind.COMPLETE, pl.col("geleverd"), key="leverancier"
)
M_DUO = Measure("duo_leerlingen", "duo_vestiging", Kind.SUM, pl.lit(value=True), pl.col("aantal_leerlingen"), key=None)
M_DUO_GESLAAGDEN = Measure(
    "duo_geslaagden",
    "duo_examen",
    Kind.SUM,
    pl.lit(value=True),
    pl.col("geslaagden_min"),
    pl.col("geslaagden_max"),
    key=None,
)
M_DUO_KANDIDATEN = Measure(
    "duo_kandidaten",
    "duo_examen",
    Kind.SUM,
    pl.lit(value=True),
    # the fewest candidates that go with the most who passed: nobody passes without being a candidate
    pl.max_horizontal("kandidaten_min", "geslaagden_max"),
    pl.col("kandidaten_max"),
    key=None,
)

REACH: tuple[Indicator, ...] = (
    Indicator(
        "jos_leerlingen",
        "Het aantal leerlingen met een traject bij Jeugdhulp op school (JOS) dat in de periode liep. "
        "Een leerling met meer trajecten telt één keer.",
        M_JOS_LEERLINGEN,
        Statistic.AANTAL,
        "leerlingen",
        ("trajecten",),
        ("003", "000"),
        uitsplitsingen=(by.ONDERWIJSTYPE, by.FUNCTIE, by.AANMELDREDEN, by.LEEFTIJDSKLASSE, by.PREVENTIE),
    ),
    Indicator(
        "jos_bereik",
        "Het deel van de leerlingen dat een traject bij JOS had. Alleen scholen die hun leerlingen hebben geleverd, "
        "tellen mee.",
        M_JOS_LEERLINGEN_GETELD,
        Statistic.AANDEEL,
        "aandeel",
        ("trajecten", "leerlingen"),
        ("003",),
        noemer=M_LEERLINGEN,
        decimalen=3,
        uitsplitsingen=(by.ONDERWIJSTYPE,),
    ),
    Indicator(
        "jos_aard",
        "Hoe de leerlingen met JOS zijn verdeeld over structurele en incidentele hulp. Een leerling telt als "
        "structureel als minstens één van de lopende trajecten structureel is.",
        M_JOS_LEERLINGEN,
        Statistic.AANDEEL,
        "aandeel",
        ("trajecten",),
        ("003",),
        noemer=M_JOS_LEERLINGEN,
        decimalen=3,
        uitsplitsingen=(by.AARD,),
        noemer_van=Denominator.TOTAAL,
    ),
    Indicator(
        "jos_vorm",
        "Hoe de leerlingen met JOS zijn verdeeld over alleen hulp in een groep, alleen individuele hulp, en allebei.",
        M_JOS_LEERLINGEN,
        Statistic.AANDEEL,
        "aandeel",
        ("trajecten",),
        ("003",),
        noemer=M_JOS_LEERLINGEN,
        decimalen=3,
        uitsplitsingen=(by.VORM,),
        noemer_van=Denominator.TOTAAL,
    ),
    Indicator(
        "jos_trajecten_nieuw",
        "Het aantal trajecten dat in de periode begon.",
        M_TRAJECTEN_NIEUW,
        Statistic.AANTAL,
        "trajecten",
        ("trajecten",),
        ("000", "002"),
        uitsplitsingen=(by.FUNCTIE, by.AANMELDREDEN),
    ),
    Indicator(
        "jos_trajecten_lopend",
        "Het aantal trajecten dat liep op de laatste dag van de periode.",
        M_TRAJECTEN_LOPEND,
        Statistic.AANTAL,
        "trajecten",
        ("trajecten",),
        ("000", "002"),
        uitsplitsingen=(by.FUNCTIE, by.AANMELDREDEN),
    ),
    Indicator(
        "jos_trajecten_afgesloten",
        "Het aantal trajecten dat in de periode eindigde.",
        M_TRAJECTEN_AFGESLOTEN,
        Statistic.AANTAL,
        "trajecten",
        ("trajecten",),
        ("000", "002"),
        uitsplitsingen=(by.FUNCTIE, by.AANMELDREDEN),
    ),
    Indicator(
        "jos_buiten_gemeente",
        "Het deel van de leerlingen met JOS dat in een andere gemeente woont dan waar de school staat. Alleen "
        "leerlingen van wie de woongemeente bekend is, tellen mee.",
        M_JOS_ELDERS,
        Statistic.AANDEEL,
        "aandeel",
        ("trajecten",),
        ("003",),
        noemer=M_JOS_WOONGEMEENTE,
        decimalen=3,
        versie=2,
    ),
    Indicator(
        "leerlingen",
        "Het aantal leerlingen dat op 1 oktober was ingeschreven (of op de peildatum, als die eerder valt), op scholen "
        "die hun leerlingen hebben geleverd.",
        M_LEERLINGEN,
        Statistic.AANTAL,
        "leerlingen",
        ("leerlingen",),
        ("003", "000"),
        uitsplitsingen=(by.ONDERWIJSTYPE, by.LEERJAAR),
    ),
    Indicator(
        "scholen",
        "Het aantal scholen in de lijst van de regio op de laatste dag van de periode.",
        M_SCHOLEN,
        Statistic.AANTAL,
        "scholen",
        (),
        ("000",),
        uitsplitsingen=(by.ONDERWIJSTYPE,),
    ),
    Indicator(
        "respons",
        "Het deel van de leveranciers waarvan alle verwachte leveringen zijn geaccepteerd. Per soort: het deel van "
        "de leveranciers van die soort waarvan die levering is geaccepteerd.",
        M_LEVERANCIERS_COMPLEET,
        Statistic.AANDEEL,
        "aandeel",
        (),
        ("003",),
        noemer=M_LEVERANCIERS,
        decimalen=3,
        uitsplitsingen=(by.SOORT_LEVERING,),
    ),
    Indicator(
        "duo_leerlingen",
        "Het aantal leerlingen op 1 oktober volgens de open data van DUO, van de scholen in de lijst van de regio.",
        M_DUO,
        Statistic.SOM,
        "leerlingen",
        (DUO,),
        ("DUO open data",),
    ),
    Indicator(
        "duo_slaagpercentage",
        "Het deel van de examenkandidaten dat slaagde, volgens de open data van DUO. DUO schermt kleine aantallen af; "
        "dan is alleen bekend waartussen het cijfer ligt.",
        M_DUO_GESLAAGDEN,
        Statistic.AANDEEL,
        "aandeel",
        (DUO_EXAMENS,),
        ("open data",),
        noemer=M_DUO_KANDIDATEN,
        decimalen=3,
        uitsplitsingen=(by.ONDERWIJSSOORT,),
    ),
)

"""Education: pupils with extra support, toelaatbaarheidsverklaringen, thuiszitters and drop-out (000, 003, 004)."""

import polars as pl

from jos_pipeline.indicators import breakdowns as by
from jos_pipeline.indicators.catalogue_reach import M_LEERLINGEN
from jos_pipeline.indicators.entry import Ground, Indicator, Kind, Measure, Statistic
from jos_pipeline.indicators.words import fully_known, one_of, weeks_between

_SUPPORTED = pl.col("telt") & (pl.col("extra_ondersteuning") | pl.col("heeft_tlv"))
_VSO = one_of("soort_onderwijs", "vso")
_DROPPED_OUT = pl.col("telt") & pl.col("uitgevallen")
M_THUISZITTERS_ACTIEF = Measure("thuiszitters_actief", "thuiszitter", Kind.DISTINCT, pl.col("actief"))

EDUCATION: tuple[Indicator, ...] = (
    Indicator(
        "samenloop",
        "Het deel van de leerlingen met extra ondersteuning of een toelaatbaarheidsverklaring dat ook jeugdhulp of een "
        "traject bij JOS had.",
        Measure(
            "samenloop", "leerling", Kind.DISTINCT, _SUPPORTED & (pl.col("heeft_jeugdhulp") | pl.col("heeft_traject"))
        ),
        Statistic.AANDEEL,
        "aandeel",
        ("leerlingen", "tlv", "jeugdhulp", "trajecten"),
        ("004",),
        noemer=Measure("leerlingen_ondersteund", "leerling", Kind.DISTINCT, _SUPPORTED),
        decimalen=3,
        uitsplitsingen=(by.ONDERWIJSTYPE,),
    ),
    Indicator(
        "thuiszitters",
        "Het aantal jeugdigen dat thuiszat op de laatste dag van de periode.",
        Measure("thuiszitters", "thuiszitter", Kind.DISTINCT, pl.col("open_op_b")),
        Statistic.AANTAL,
        "jeugdigen",
        ("thuiszitters",),
        ("000", "004"),
        grondslag=Ground.WOON,
        uitsplitsingen=(by.SOORT_THUISZITTER,),
    ),
    Indicator(
        "thuiszitters_3mnd",
        "Het aantal jeugdigen dat op de laatste dag van de periode al 91 dagen of langer thuiszat.",
        Measure("thuiszitters_3mnd", "thuiszitter", Kind.DISTINCT, pl.col("open_op_b") & pl.col("drie_maanden")),
        Statistic.AANTAL,
        "jeugdigen",
        ("thuiszitters",),
        ("000", "004"),
        grondslag=Ground.WOON,
        uitsplitsingen=(by.SOORT_THUISZITTER,),
    ),
    Indicator(
        "teruggeleid",
        "Het deel van de thuiszitters in de periode dat weer naar school gaat.",
        Measure(
            "teruggeleid", "thuiszitter", Kind.DISTINCT, pl.col("actief") & pl.col("geeindigd") & pl.col("teruggeleid")
        ),
        Statistic.AANDEEL,
        "aandeel",
        ("thuiszitters",),
        ("000",),
        noemer=M_THUISZITTERS_ACTIEF,
        decimalen=3,
        grondslag=Ground.WOON,
    ),
    Indicator(
        "tlv_afgegeven",
        "Het aantal toelaatbaarheidsverklaringen dat in de periode is afgegeven.",
        Measure("tlv_afgegeven", "tlv", Kind.ROWS, pl.col("afgegeven")),
        Statistic.AANTAL,
        "verklaringen",
        ("tlv",),
        ("000",),
        uitsplitsingen=(by.TLV_CATEGORIE, by.SOORT_ONDERWIJS),
    ),
    Indicator(
        "terugstroom",
        "Het aantal leerlingen met een toelaatbaarheidsverklaring dat in de periode terugging naar regulier onderwijs.",
        Measure("terugstroom", "tlv", Kind.ROWS, pl.col("teruggestroomd")),
        Statistic.AANTAL,
        "verklaringen",
        ("tlv",),
        ("003",),
    ),
    Indicator(
        "wachttijd_vso",
        "De middelste wachttijd (mediaan) in weken tussen afgifte van de verklaring en plaatsing in het voortgezet "
        "speciaal onderwijs, voor plaatsingen in de periode.",
        Measure(
            "wachttijd_vso",
            "tlv",
            Kind.MEDIAN,
            _VSO & pl.col("geplaatst") & fully_known("afgiftedatum", "plaatsingsdatum"),
            weeks_between("afgiftedatum", "plaatsingsdatum"),
        ),
        Statistic.MEDIAAN,
        "weken",
        ("tlv",),
        ("000",),
        decimalen=1,
    ),
    Indicator(
        "wachtend_vso",
        "Het aantal verklaringen voor het voortgezet speciaal onderwijs waarvan de leerling op de laatste dag van de "
        "periode nog niet was geplaatst.",
        Measure("wachtend_vso", "tlv", Kind.ROWS, _VSO & pl.col("wacht_op_b")),
        Statistic.AANTAL,
        "verklaringen",
        ("tlv",),
        ("000",),
    ),
    Indicator(
        "uitval_onderwijs",
        "Het deel van de getelde leerlingen dat in de periode van school ging zonder vervolg.",
        Measure("uitval_onderwijs", "leerling", Kind.DISTINCT, _DROPPED_OUT),
        Statistic.AANDEEL,
        "aandeel",
        ("leerlingen",),
        ("003",),
        noemer=M_LEERLINGEN,
        decimalen=3,
        uitsplitsingen=(by.ONDERWIJSTYPE,),
    ),
    Indicator(
        "uitval_onderwijs_jos",
        "Het deel van de getelde leerlingen met een traject bij JOS in het schooljaar dat in de periode van school "
        "ging zonder vervolg.",
        Measure("uitval_onderwijs_jos", "leerling", Kind.DISTINCT, _DROPPED_OUT & pl.col("jos_in_schooljaar")),
        Statistic.AANDEEL,
        "aandeel",
        ("leerlingen", "trajecten"),
        ("003",),
        noemer=Measure(
            "leerlingen_jos_in_schooljaar", "leerling", Kind.DISTINCT, pl.col("telt") & pl.col("jos_in_schooljaar")
        ),
        decimalen=3,
        uitsplitsingen=(by.ONDERWIJSTYPE,),
    ),
)

"""What the synthetic region looks like: sizes of schools and gemeenten, and the shares behind them.

Only constants and their shape live here; every number is invented and says nothing about a real school. The
draws that use them are in ``people``, ``support`` and ``surroundings``.
"""

from dataclasses import dataclass

from schemas.codelists import FUNCTIE

COACH, EXPERT, OUTREACH = FUNCTIE.values

ALKMAAR = {"GM0361": 68, "GM1980": 14, "GM0373": 7, "GM0399": 6, "GM0383": 1, "GM0479": 2, "GM1911": 2}
HEERHUGOWAARD = {"GM1980": 62, "GM0361": 25, "GM1911": 8, "GM0373": 3, "GM0399": 2}
CASTRICUM = {
    "GM0383": 42,
    "GM0399": 14,
    "GM0450": 13,
    "GM0396": 11,
    "GM0375": 10,
    "GM0373": 5,
    "GM0361": 4,
    "GM0479": 1,
}
WIDE = {"GM0361": 50, "GM1980": 25, "GM0373": 8, "GM0399": 7, "GM0383": 6, "GM1911": 4}

MHV = {"mavo": 30, "havo": 38, "vwo": 32}
BROAD = {"vmbo_b": 8, "vmbo_k": 12, "vmbo_gt": 22, "mavo": 8, "havo": 30, "vwo": 20}
VMBO = {"vmbo_b": 28, "vmbo_k": 37, "vmbo_gt": 35}


@dataclass(frozen=True)
class SchoolProfile:
    """A school: pupils, how many of them get JOS, where they live, what they learn and how long they wait.

    ``fte`` is what stands at the school itself, per functie; the schools of a team have none. ``wait_days`` is the
    mean between aanmelddatum and first contact: long where there is little fte, so that a reader can find it.
    """

    pupils: int
    jos_pupils: int
    homes: dict[str, int]
    kinds: dict[str, int]
    fte: dict[str, tuple[float, ...]]
    wait_days: float
    extra_support: float


SCHOOLS: dict[str, SchoolProfile] = {
    "19ZQ00": SchoolProfile(
        862, 92, ALKMAAR, BROAD,
        {COACH: (0.8, 0.6), EXPERT: (0.4,), OUTREACH: (0.6, 0.5)},
        9, 0.07,
    ),
    "02TD03": SchoolProfile(
        704, 61, ALKMAAR, BROAD,
        {COACH: (0.5, 0.3), EXPERT: (0.2,), OUTREACH: (0.4,)},
        24, 0.06,
    ),
    "02QX03": SchoolProfile(
        618, 57, ALKMAAR, VMBO,
        {COACH: (0.6, 0.4), EXPERT: (0.3,), OUTREACH: (0.5, 0.3)},
        14, 0.09,
    ),
    "99SP00": SchoolProfile(
        139, 7, WIDE, {"vso": 1},
        {COACH: (0.3,), EXPERT: (0.2,)},
        12, 1.0,
    ),
    "08UV00": SchoolProfile(
        188, 34, HEERHUGOWAARD, {"pro": 1},
        {COACH: (0.5,), EXPERT: (0.2,), OUTREACH: (0.4,)},
        11, 0.85,
    ),
    "25EF02": SchoolProfile(1_004, 92, CASTRICUM, VMBO, {}, 20, 0.08),
    "20MH00": SchoolProfile(1_247, 109, CASTRICUM, MHV, {}, 19, 0.05),
    "00ZD00": SchoolProfile(1_252, 101, CASTRICUM, MHV, {}, 21, 0.05),
}  # fmt: skip

TEAM_FTE: dict[str, dict[str, tuple[float, ...]]] = {
    "castricum": {
        COACH: (0.8, 0.8, 0.6, 0.5, 0.5),
        EXPERT: (0.6, 0.5, 0.3),
        OUTREACH: (0.8, 0.6, 0.6, 0.4),
    }
}
"""Fte of a team that serves several schools; it stands at none of them."""

LAST_GRADE = {
    "vmbo_b": 4, "vmbo_k": 4, "vmbo_gt": 4, "mavo": 4, "havo": 5, "vwo": 6, "pro": 5, "vso": 6,
}  # fmt: skip
FUNCTIES = {COACH: 48, EXPERT: 20, OUTREACH: 32}
AANMELDREDENEN = {
    "angst": 14, "somberheid": 11, "gedrag": 10, "concentratie": 6, "autisme": 6, "trauma_hechting": 4,
    "suicidaliteit": 2, "sociale_relaties": 8, "pesten": 4, "weerbaarheid": 7, "gezin_opvoeding": 9,
    "echtscheiding": 6, "rouw": 3, "verzuim_thuiszitten": 8, "motivatie_schoolprestaties": 7, "overgang_po_vo": 2,
    "middelengebruik": 2, "straatcultuur": 1, "gender": 1, "armoede": 1, "overig": 3,
}  # fmt: skip
UITKOMSTEN = {
    "geen_vervolg": 44, "voorliggend_veld": 13, "sociaal_team": 12, "specialistische_jeugdhulp": 11,
    "gespecialiseerd_onderwijs": 3, "voortijdig_client": 8, "voortijdig_aanbieder": 2, "voortijdig_overleg": 4,
    "overig": 3,
}  # fmt: skip
UITKOMSTEN_IN_BEELD = {
    "geen_vervolg": 24, "voorliggend_veld": 14, "sociaal_team": 14, "specialistische_jeugdhulp": 30,
    "gespecialiseerd_onderwijs": 6, "voortijdig_client": 7, "voortijdig_aanbieder": 2, "voortijdig_overleg": 3,
}  # fmt: skip
ACTIVITEITEN = {
    "leerlinggesprek": 36, "oudergesprek": 10, "huisbezoek": 3, "consultatie": 14, "observatie": 4,
    "handelingsadvies": 6, "diagnostiek": 2, "zorgoverleg": 8, "inloopspreekuur": 5, "groepsaanbod": 4,
    "collectieve_activiteit": 1, "professionalisering": 1, "overleg_extern": 4, "overdracht_po_vo": 1, "overig": 1,
}  # fmt: skip

JEUGDHULP = {"GM0361": 500, "GM0373": 155, "GM0383": 235, "GM1980": 395, "GM0399": 140, "GM0450": 105}
"""Records of jeugdhulp a gemeente sends for one school year."""
WACHTTIJDEN = {"GM0361": 240, "GM0383": 130, "GM1980": 190, "GM0399": 85, "GM0450": 70}
"""Records of wachttijden; the gemeente that is not here sends none."""
THUISZITTERS = {"VO2703": 110, "VO2704": 75}
TLV = {"VO2703": 88, "VO2704": 38}
AANBIEDERS = (
    "Stichting Duinpad",
    "Zorggroep De Kogge",
    "Praktijk Wierde",
    "Jeugdhuis Égmond",
    "Stichting Noorderlicht JH",
)
VERWIJZERS = {"01": 38, "02": 34, "03": 7, "04": 8, "05": 6, "06": 3, "08": 4}
HULPVORMEN = {"01": 12, "02": 50, "03": 8, "04": 14, "11": 5, "12": 4, "13": 1, "14": 6}
REDENEN_BEEINDIGING = {"01": 62, "02": 14, "03": 12, "04": 4, "05": 8}
UITSTROOM = {"andere_school": 42, "mbo": 14, "vso": 6, "verhuisd": 10, "geen_vervolg": 22, "werk": 3, "onbekend": 3}
VERZUIM = {"16_uur": 42, "langdurig_relatief": 9, "luxe": 9, "overig": 40}
LEERPLICHT = {"GM0361": 46, "GM0373": 9, "GM0383": 12, "GM1980": 31, "GM0399": 7, "GM0450": 5}
"""Children at no school, exempt or not."""
CHILDREN = {"GM0361": 1_180, "GM0373": 280, "GM0383": 400, "GM1980": 1_010, "GM0399": 270, "GM0450": 160}
"""Children of one year of age."""
RESPONDENTS = 380

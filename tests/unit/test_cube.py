"""The cube: worked cases of spec 2.3, the edges of every window, statuses, and properties that must always hold."""

from datetime import date
from itertools import product
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from linked_rows import (
    JUNE,
    YEAR,
    area,
    everything,
    random_frames,
    region,
    rows,
    school,
    small_region,
    supplier,
)
from polars.testing import assert_frame_equal

from jos_pipeline.areas import all_areas
from jos_pipeline.coverage import Coverage
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.cube import CUBE, compute_cube
from jos_pipeline.indicators.entry import Ground
from jos_pipeline.linking import link
from jos_pipeline.region import Region, SupplierKind, load_region

COACH, GW, PAJ = "jeugd_en_gezinscoach", "gedragswetenschapper", "preventief_ambulant_jeugdhulpverlener"
SMALL = small_region()


def cube_of(
    frames: dict[str, pl.DataFrame],
    of: Region = SMALL,
    peildatum: date = JUNE,
    without: frozenset[tuple[str, str]] = frozenset(),
    only: tuple[str, ...] = tuple(INDICATORS),
) -> pl.DataFrame:
    coverage = Coverage(everything(of) - without)
    chosen = [INDICATORS[name] for name in only]
    return compute_cube(link(frames, of, YEAR), coverage, of, YEAR, peildatum, indicators=chosen)


def cell(
    cube: pl.DataFrame,
    indicator: str,
    gebied: str = "testregio",
    categorie: str = "totaal",
    periode: str = "schooljaar",
) -> dict[str, Any]:
    found = cube.filter(
        pl.col("indicator") == indicator,
        pl.col("gebied") == gebied,
        pl.col("categorie") == categorie,
        pl.col("periode") == periode,
    )
    assert found.height == 1, "a cell is there exactly once"
    return found.row(0, named=True)


def value(*args: Any, **kwargs: Any) -> float | None:
    found: float | None = cell(*args, **kwargs)["waarde"]
    return found


# --- worked cases of spec 2.3 ----------------------------------------------------------------------------------


def document_003() -> tuple[Region, dict[str, pl.DataFrame], frozenset[tuple[str, str]]]:
    """15 schools, of which 11 delivered 1.611 pupils, 412 of them with JOS, and 13,76 fte."""
    codes = [f"10A{letter}00" for letter in "ABCDEFGHIJKLMNO"]
    delivered = codes[:11]
    soorten = ("leerlingen", "trajecten", "inzet")
    of = region(
        [school(code, f"GM000{number % 7 + 1}", "gespecialiseerd") for number, code in enumerate(codes)],
        [supplier(code.lower(), SupplierKind.SCHOOL, code, *soorten) for code in codes],
        [area(f"GM000{number}") for number in range(1, 8)],
    )
    pupils = [{"leerling_id": f"p{n}", "school": delivered[n % 11], "onderwijssoort": "vso"} for n in range(1611)]
    trajecten = []
    for n in range(412):
        common = {
            "leerling_id": f"p{n}",
            "school": delivered[n % 11],
            "aard": "structureel" if n < 358 else "incidenteel",
        }
        vormen = ["groep"] if n < 177 else ["individueel"] if n < 177 + 194 else ["groep", "individueel"]
        trajecten += [common | {"vorm": vorm, "traject_id": f"t{n}-{vorm}"} for vorm in vormen]
    staff = [{"medewerker": f"m{n}", "school": at, "fte": 1.25} for n, at in enumerate(delivered)]
    staff.append({"medewerker": "mx", "school": delivered[0], "fte": 0.01})
    frames = {
        "leerlingen": rows("leerlingen", *pupils),
        "trajecten": rows("trajecten", *trajecten),
        "inzet": rows("inzet", *staff),
    }
    return of, frames, frozenset((code.lower(), soort) for code in codes[11:] for soort in soorten)


def test_document_003() -> None:
    of, frames, missing = document_003()
    cube = cube_of(frames, of, without=missing)
    reach = cell(cube, "jos_bereik")
    assert (reach["teller"], reach["noemer"]) == (412, 1611)
    assert round(reach["waarde"], 3) == 0.256
    assert (reach["n_verwacht"], reach["n_geleverd"], reach["waarde_status"]) == (15, 11, "ok")
    assert round(cell(cube, "respons")["waarde"], 3) == 0.733
    assert value(cube, "fte") == pytest.approx(13.76)
    assert round(cell(cube, "leerlingen_per_fte")["waarde"], 1) == 117.1
    assert round(cell(cube, "jos_leerlingen_per_fte")["waarde"], 1) == 29.9
    shares = [
        round(cell(cube, name, categorie=category)["waarde"] * 100)
        for name, category in [
            ("jos_aard", "structureel"),
            ("jos_aard", "incidenteel"),
            ("jos_vorm", "groep"),
            ("jos_vorm", "individueel"),
            ("jos_vorm", "beide"),
        ]
    ]
    assert shares == [87, 13, 43, 47, 10]


def test_document_000_eight_pilot_schools_in_two_samenwerkingsverbanden() -> None:
    cube = cube_of({}, load_region())
    assert [value(cube, "scholen", gebied) for gebied in ("alkmaar", "VO2703", "VO2704")] == [8, 5, 3]


def test_duo_counts_the_listed_schools_only_and_says_which_it_does_not_know() -> None:
    known = {"19ZQ00": 805, "08UV00": 195, "25EF02": 1018, "20MH00": 1545, "00ZD00": 1457, "19ZQ02": 87}
    duo = pl.DataFrame(
        {"schooljaar": [YEAR] * 6, "school": list(known), "aantal_leerlingen": list(known.values())},
    )
    cube = cube_of({"duo_vestiging": duo}, load_region())
    whole = cell(cube, "duo_leerlingen", "alkmaar")
    assert (whole["waarde"], whole["n_verwacht"], whole["n_geleverd"]) == (5020, 8, 5)
    assert cell(cube, "duo_leerlingen", "99SP00")["waarde_status"] == "niet_geleverd"
    assert cell(cube_of({}, load_region()), "duo_leerlingen", "19ZQ00")["waarde_status"] == "niet_geleverd"


# --- who counts, and in which window ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "counted"),
    [
        ({"inschrijfdatum": date(2022, 10, 1)}, 1),
        ({"inschrijfdatum": date(2022, 10, 2)}, 0),
        ({"uitschrijfdatum": date(2022, 10, 1), "uitstroom": "mbo"}, 1),
        ({"uitschrijfdatum": date(2022, 9, 30), "uitstroom": "mbo"}, 0),
    ],
)
def test_pupils_are_counted_on_1_october(cells: dict[str, Any], counted: int) -> None:
    cube = cube_of(
        {"leerlingen": rows("leerlingen", {"leerling_id": "x"}, {"leerling_id": "p"} | cells)}, only=("leerlingen",)
    )
    assert value(cube, "leerlingen") == 1 + counted


def test_before_1_october_pupils_are_counted_on_the_peildatum() -> None:
    frames = {"leerlingen": rows("leerlingen", {"leerling_id": "p", "inschrijfdatum": date(2022, 9, 20)})}
    assert cell(cube_of(frames, peildatum=date(2022, 9, 15)), "leerlingen")["waarde_status"] == "geen_waarnemingen"
    assert value(cube_of(frames, peildatum=date(2022, 9, 20)), "leerlingen") == 1


@pytest.mark.parametrize(
    ("begin", "end", "counts"),
    [
        (date(2022, 12, 31), None, ((1, 1, 1), (1, 1, 0), (1, 1, 1), (0, 0, 0))),
        (date(2023, 1, 1), None, ((1, 0, 1), (1, 0, 1), (1, 0, 1), (0, 0, 0))),
        (date(2022, 7, 31), date(2022, 7, 31), ((0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0))),
        (date(2022, 7, 31), date(2022, 8, 1), ((1, 1, 0), (0, 0, 0), (0, 0, 0), (1, 1, 0))),
        (date(2022, 9, 1), date(2022, 12, 31), ((1, 1, 0), (1, 1, 0), (0, 1, 0), (1, 1, 0))),
        (date(2022, 9, 1), JUNE, ((1, 1, 1), (1, 1, 0), (1, 1, 1), (1, 0, 1))),
        (date(2023, 6, 2), None, ((0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0))),
        (None, None, ((0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0))),
    ],
)
def test_windows(begin: date | None, end: date | None, counts: tuple[tuple[int, ...], ...]) -> None:
    """Per measure the counts of the school year and of its two halves, on a peildatum of 1 June."""
    traject = {"leerling_id": "p", "begindatum": begin, "einddatum": end, "uitkomst": end and "overig"}
    frames = {"trajecten": rows("trajecten", traject), "leerlingen": rows("leerlingen", {"leerling_id": "p"})}
    names = ("jos_leerlingen", "jos_trajecten_nieuw", "jos_trajecten_lopend", "jos_trajecten_afgesloten")
    cube = cube_of(frames, only=names)
    for name, expected in zip(names, counts, strict=True):
        found = tuple(value(cube, name, periode=p) for p in ("schooljaar", "halfjaar_1", "halfjaar_2"))
        assert found == expected, name


def test_only_windows_that_have_begun_have_rows() -> None:
    assert set(cube_of({}, peildatum=date(2022, 12, 31))["periode"]) == {"schooljaar", "halfjaar_1"}
    assert cube_of({}, peildatum=date(2022, 7, 31)).is_empty()


def test_a_pupil_counts_once_per_cell_and_once_in_each_category() -> None:
    trajecten = rows(
        "trajecten",
        {"leerling_id": "p", "functie": COACH},
        {"leerling_id": "p", "functie": GW, "school": "10BB00"},
        {"leerling_id": "q", "functie": GW},
    )
    cube = cube_of({"trajecten": trajecten, "leerlingen": rows("leerlingen", {"leerling_id": "p"})})
    assert value(cube, "jos_leerlingen") == 2
    assert [value(cube, "jos_leerlingen", categorie=functie) for functie in (COACH, GW, PAJ)] == [1, 2, 0]
    assert [value(cube, "jos_leerlingen", at) for at in ("10AA00", "10BB00", "GM0001")] == [2, 1, 2]
    assert cell(cube, "jos_trajecten_nieuw")["teller_personen"] == 2


def test_aard_and_vorm_are_of_the_pupil_over_active_trajecten() -> None:
    ended = {"begindatum": date(2021, 9, 1), "einddatum": date(2022, 6, 1), "uitkomst": "overig"}
    trajecten = rows(
        "trajecten",
        {"leerling_id": "p", "aard": "incidenteel", "vorm": "groep"},
        {"leerling_id": "p", "aard": "structureel", "vorm": "individueel"},
        {"leerling_id": "q", "aard": "incidenteel", "vorm": "groep"},
        {"leerling_id": "q", "aard": "structureel", "vorm": "individueel"} | ended | {"aanmelddatum": date(2021, 9, 1)},
    )
    cube = cube_of({"trajecten": trajecten})
    assert [cell(cube, "jos_aard", categorie=c)["teller"] for c in ("structureel", "incidenteel", "totaal")] == [
        1,
        1,
        2,
    ]
    assert [cell(cube, "jos_vorm", categorie=c)["teller"] for c in ("groep", "individueel", "beide")] == [1, 0, 1]
    assert [cell(cube, "jos_vorm", categorie=c)["noemer"] for c in ("groep", "individueel", "beide")] == [2, 2, 2]


def test_reach_counts_the_same_schools_above_and_below_the_line() -> None:
    frames = {
        "leerlingen": rows("leerlingen", *({"leerling_id": f"a{n}"} for n in range(4))),
        "trajecten": rows("trajecten", {"leerling_id": "a0"}, {"leerling_id": "b0", "school": "10BB00"}),
        "inzet": rows("inzet", {"school": "10AA00", "fte": 0.5}, {"school": "10BB00", "fte": 1.0}, {"team": "duo"}),
    }
    cube = cube_of(frames, without=frozenset({("10bb00", "leerlingen")}))
    assert value(cube, "jos_leerlingen") == 2
    assert (cell(cube, "jos_bereik")["teller"], cell(cube, "jos_bereik")["noemer"]) == (1, 4)
    assert cell(cube, "leerlingen_per_fte")["noemer"] == 2.5, "leerlingen / fte of the area, spec 2.2"
    assert cell(cube, "jos_leerlingen_per_fte")["noemer"] == 2.5
    assert cell(cube, "jos_bereik", "10BB00")["waarde_status"] == "niet_geleverd"
    assert cell(cube, "jos_leerlingen")["publiek_totaal"] is None, "not every school delivered its pupils"
    assert cell(cube, "jos_leerlingen", "10AA00")["publiek_totaal"] == 4


# --- effort ----------------------------------------------------------------------------------------------------


def test_fte_is_weighed_by_days_and_a_teams_fte_counts_once() -> None:
    half = {"begindatum": date(2022, 8, 1), "einddatum": date(2022, 12, 31)}
    frames = {
        "inzet": rows(
            "inzet",
            {"school": "10AA00", "medewerker": "m1", "fte": 0.8},
            {"team": "duo", "medewerker": "m2", "fte": 1.0, "functie": GW} | half,
            {"team": "een", "medewerker": "m3", "fte": 0.6},
        )
    }
    cube = cube_of(frames)
    share = 153 / ((JUNE - date(2022, 8, 1)).days + 1)
    assert value(cube, "fte") == pytest.approx(0.8 + share + 0.6)
    assert value(cube, "fte", periode="halfjaar_1") == pytest.approx(2.4)
    assert value(cube, "fte", periode="halfjaar_2") == pytest.approx(1.4)
    assert value(cube, "fte", "VO0001") == value(cube, "fte", "GM0001") == pytest.approx(0.8), "duo lies in two"
    assert value(cube, "fte", "VO0002") == value(cube, "fte", "GM0002") == pytest.approx(0.6)
    assert [cell(cube, "fte", at)["waarde_status"] for at in ("10BB00", "10CC00")] == ["niet_van_toepassing"] * 2
    assert value(cube, "fte", "10AA00") == pytest.approx(0.8)
    assert cell(cube, "fte")["teller_medewerkers"] == 3
    assert [cell(cube, "fte", categorie=f)["teller_medewerkers"] for f in (COACH, GW, PAJ)] == [2, 1, 0]
    assert cell(cube, "fte", categorie=GW, periode="halfjaar_2")["teller_medewerkers"] == 0


def test_hours_and_who_stands_behind_them() -> None:
    frames = {
        "activiteiten": rows(
            "activiteiten",
            {"school": "10BB00", "minuten": 90},
            {"school": "10BB00", "minuten": 30, "preventie": "primair", "functie": GW},
            {"team": "een", "minuten": 60},
            {"school": "10AA00", "datum": date(2022, 7, 31)},
        ),
        "inzet": rows("inzet", {"team": "duo", "medewerker": "m1"}, {"team": "duo", "medewerker": "m2"}),
    }
    cube = cube_of(frames)
    assert value(cube, "uren") == 3
    assert value(cube, "uren", "10BB00") == 2
    assert value(cube, "uren", "10AA00") == 0
    assert cell(cube, "uren", "10CC00")["waarde_status"] == "niet_van_toepassing", "known per team only"
    assert cell(cube, "uren", "10BB00")["teller_medewerkers"] == 2
    assert cell(cube, "uren", "10BB00", GW)["teller_medewerkers"] == 0
    assert value(cube, "preventie_primair") == pytest.approx(0.5 / 3)
    assert cell(cube, "uren")["personen"] is False
    assert cell(cube, "uren")["publiek_totaal"] is None


def test_a_change_of_staff_is_a_workplace_left_not_a_contract_renewed() -> None:
    ended = {"einddatum": date(2022, 12, 31)}
    frames = {
        "inzet": rows(
            "inzet",
            {"school": "10AA00", "medewerker": "m1"} | ended,
            {"school": "10AA00", "medewerker": "m2"} | ended,
            {"school": "10AA00", "medewerker": "m2", "begindatum": date(2023, 1, 1)},
            {"school": "10AA00", "medewerker": "m3", "einddatum": date(2023, 7, 31)},
        )
    }
    found = cell(cube_of(frames, peildatum=date(2023, 8, 1)), "personele_wisselingen", "10AA00")
    assert (found["teller"], found["noemer"]) == (1, 3)


# --- speed, flow and outcome -----------------------------------------------------------------------------------


def test_days_are_counted_between_fully_known_dates_only() -> None:
    frames = {
        "trajecten": rows(
            "trajecten",
            {"leerling_id": "p", "eerste_contact": date(2022, 9, 4)},
            {"leerling_id": "p", "eerste_contact": date(2022, 9, 8)},
            {"leerling_id": "q", "eerste_contact": date(2022, 9, 30), "aanmelddatum_precisie": "maand"},
        )
    }
    found = cell(cube_of(frames), "wachttijd_jos")
    assert (found["waarde"], found["noemer"], found["noemer_personen"], found["teller"]) == (5, 2, 1, None)
    assert found["teller_maat"] is None
    assert found["noemer_maat"] == "wachttijd_jos_waarnemingen"


def test_outcomes() -> None:
    def ended(uitkomst: str, **cells: Any) -> dict[str, Any]:
        return {"einddatum": date(2022, 11, 24), "uitkomst": uitkomst} | cells

    seen = {"specialistische_hulp_in_beeld": True}
    frames = {
        "trajecten": rows(
            "trajecten",
            {"leerling_id": "p"} | ended("geen_vervolg", **seen, nut=8, doelen_gesteld=3, doelen_behaald=2),
            {"leerling_id": "q"} | ended("specialistische_jeugdhulp", **seen, warme_overdracht=True, nut=5),
            {"leerling_id": "r"} | ended("voortijdig_client", **seen, functie=GW),
            {"leerling_id": "s"} | ended("sociaal_team", warme_overdracht=False, doelen_gesteld=1, doelen_behaald=0),
            {"leerling_id": "t"},
        )
    }
    cube = cube_of(frames)
    expected = {
        "zonder_vervolg": 1 / 4,
        "specialistisch_voorkomen": 1 / 3,
        "verwezen_specialistisch": 1 / 4,
        "uitval_hulp": 1 / 4,
        "warme_overdracht": 1 / 2,
        "doelrealisatie": 2 / 4,
        "nut": 6.5,
        "trajectduur": 10.0,
        "overbrugging": 0.0,
    }
    assert {name: value(cube, name) for name in expected} == pytest.approx(expected)
    assert value(cube, "zonder_vervolg", categorie=COACH) == pytest.approx(1 / 3), "a category has its own noemer"
    assert cell(cube, "kortdurend")["waarde_status"] == "geen_waarnemingen"
    assert cell(cube, "zonder_vervolg", categorie=PAJ)["waarde_status"] == "geen_waarnemingen"


@pytest.mark.parametrize(
    ("again", "counted"),
    [(date(2022, 11, 1), 1), (date(2022, 10, 15), 0), (date(2022, 9, 20), 0), (date(2023, 6, 2), 0)],
)
def test_a_later_traject_is_a_repeated_call(again: date, counted: int) -> None:
    first = {"leerling_id": "p", "einddatum": date(2022, 10, 15), "uitkomst": "overig"}
    frames = {"trajecten": rows("trajecten", first, {"leerling_id": "p", "begindatum": again})}
    found = cell(cube_of(frames, only=("herhaald_beroep",)), "herhaald_beroep")
    assert (found["teller"], found["noemer"]) == (counted, 1)


def test_the_ten_most_frequent_reasons_have_a_rank() -> None:
    reasons = ["angst"] * 3 + ["gedrag"] * 2 + ["rouw"] * 2 + ["armoede"]
    frames = {"trajecten": rows("trajecten", *({"leerling_id": "p", "aanmeldreden": r} for r in reasons))}
    cube = cube_of(frames)
    found = {r: cell(cube, "problematiek_top10", categorie=r)["rang"] for r in ("angst", "gedrag", "rouw", "armoede")}
    assert found == {"angst": 1, "gedrag": 2, "rouw": 2, "armoede": 4}
    assert cell(cube, "problematiek_top10", categorie="pesten")["rang"] is None
    assert cell(cube, "problematiek_top10", categorie="pesten")["waarde"] == 0
    whole = cell(cube, "problematiek_top10")
    assert (whole["teller"], whole["noemer"], whole["waarde"], whole["rang"]) == (8, 8, 1, None)
    assert (
        cube.filter(pl.col("indicator") != "problematiek_top10")["rang"].null_count()
        == cube.filter(pl.col("indicator") != "problematiek_top10").height
    )


# --- home ground -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("begin", "end", "precisie", "open_", "three_months"),
    [
        (date(2023, 3, 2), None, "dag", 1, 1),
        (date(2023, 3, 3), None, "dag", 1, 0),
        (date(2022, 9, 1), None, "maand", 1, 0),
        (date(2022, 9, 1), JUNE, "dag", 0, 0),
        (date(2022, 9, 1), date(2023, 6, 2), "dag", 1, 1),
    ],
)
def test_thuiszitters(begin: date, end: date | None, precisie: str, open_: int, three_months: int) -> None:
    row = {"leerling_id": "p", "begindatum": begin, "einddatum": end, "begindatum_precisie": precisie}
    frames = {"thuiszitters": rows("thuiszitters", row | {"teruggeleid": None if end is None else True})}
    cube = cube_of(frames, only=("thuiszitters", "thuiszitters_3mnd"))
    assert (value(cube, "thuiszitters"), value(cube, "thuiszitters_3mnd")) == (open_, three_months)


def test_home_ground_rolls_up_by_woongemeente_and_has_no_school_level() -> None:
    frames = {"thuiszitters": rows("thuiszitters", *({"leerling_id": f"p{g}", "woongemeente": g} for g in HOMES))}
    cube = cube_of(frames)
    found = {at: value(cube, "thuiszitters", at) for at in ("testregio", "VO0001", "VO0002", "GM0001", "GM0003")}
    assert found == {"testregio": 3, "VO0001": 2, "VO0002": 2, "GM0001": 1, "GM0003": 1}
    assert cell(cube, "thuiszitters", "VO0002")["n_verwacht"] == 2, "its samenwerkingsverband answers for GM0009 too"
    assert cell(cube, "jeugdhulp_verwijzer", "VO0002")["n_verwacht"] == 1, "nobody delivers youth care of GM0009"
    home = [entry.id for entry in INDICATORS.values() if entry.grondslag is Ground.WOON]
    assert cube.filter(pl.col("indicator").is_in(home), pl.col("niveau") == "school").is_empty()


HOMES = ("GM0001", "GM0002", "GM0003", "GM0009")


def test_waiting_and_youth_care() -> None:
    day = date(2022, 9, 1)
    frames = {
        "wachttijden": rows(
            "wachttijden",
            {"startdatum": date(2022, 10, 6), "intakedatum": date(2022, 9, 29)},
            {"startdatum": date(2022, 9, 15), "intakedatum": date(2022, 9, 8)},
            {"soort": "sociaal_team", "startdatum": date(2022, 9, 8), "leerling_id": "p"},
            {"startdatum": date(2023, 6, 2), "intakedatum": date(2022, 9, 30)},
        ),
        "jeugdhulp": rows(
            "jeugdhulp",
            {"leerling_id": "p", "verwijzer": "01"},
            {"leerling_id": "p", "hulpvorm": "11", "verwijzer": "02", "aanvang": date(2022, 7, 1)},
            {"leerling_id": "q", "verwijzer": "02", "aanvang": day},
        ),
    }
    cube = cube_of(frames)
    assert (value(cube, "wachttijd_jeugdhulp"), value(cube, "wachttijd_sociaal_team")) == (3.5, 1)
    assert value(cube, "binnen_norm_intake") == pytest.approx(2 / 3)
    assert value(cube, "binnen_norm_start") == 1
    assert [value(cube, "wachtend", categorie=c) for c in ("totaal", "jeugdhulp", "sociaal_team")] == [1, 1, 0]
    assert [value(cube, "jeugdhulp_verwijzer", categorie=c) for c in ("01", "02", "03")] == [0.5, 0.5, 0]
    assert value(cube, "jeugdhulp_met_verblijf") == 0.5


def test_help_that_began_before_it_was_asked_for_counts_as_it_is() -> None:
    """A toewijzing that was made afterwards: a wait below zero, well within every norm, and nobody who waits."""
    asked = {"aanmelddatum": date(2022, 10, 6)}
    frames = {
        "wachttijden": rows(
            "wachttijden",
            asked | {"intakedatum": date(2022, 9, 29), "startdatum": date(2022, 9, 22)},
            asked | {"intakedatum": date(2022, 10, 13), "startdatum": date(2022, 10, 13)},
            asked | {"intakedatum": date(2022, 9, 29), "startdatum": date(2022, 9, 22)},
        )
    }
    cube = cube_of(frames)
    assert value(cube, "wachttijd_jeugdhulp") == -2
    assert (value(cube, "binnen_norm_intake"), value(cube, "binnen_norm_start")) == (1, 1)
    assert value(cube, "wachtend") == 0


def test_support_and_help_at_the_same_time() -> None:
    pupils = [{"leerling_id": name, "extra_ondersteuning": name in "ab"} for name in "abcdef"]
    frames = {
        "leerlingen": rows("leerlingen", *pupils),
        "tlv": rows(
            "tlv",
            {"leerling_id": "c"},
            {"leerling_id": "d", "einddatum": date(2023, 5, 31), "ingangsdatum": date(2022, 10, 1)},
            {"leerling_id": "e", "ingangsdatum": date(2023, 6, 2)},
        ),
        "jeugdhulp": rows("jeugdhulp", {"leerling_id": "a"}, {"leerling_id": "f"}),
        "trajecten": rows("trajecten", {"leerling_id": "c"}, {"leerling_id": "a"}),
    }
    found = cell(cube_of(frames), "samenloop")
    assert (found["teller"], found["noemer"]) == (2, 3)


# --- coverage and status ---------------------------------------------------------------------------------------


def test_statuses() -> None:
    frames = {
        "leerlingen": rows("leerlingen", {"leerling_id": "p"}),
        "trajecten": rows("trajecten", {"leerling_id": "p"}),
    }
    cube = cube_of(frames, without=frozenset({("10bb00", "leerlingen"), ("10cc00", "leerlingen"), ("jos", "inzet")}))
    status = {
        at: cell(cube, "leerlingen", at)["waarde_status"]
        for at in ("testregio", "10AA00", "10BB00", "GM0003", "GM0001")
    }
    assert status == {
        "testregio": "laag_betrouwbaar",
        "10AA00": "ok",
        "10BB00": "niet_geleverd",
        "GM0003": "niet_van_toepassing",
        "GM0001": "ok",
    }
    low = cell(cube, "leerlingen")
    assert (low["waarde"], low["n_verwacht"], low["n_geleverd"]) == (1, 3, 1)
    assert low["dekking"] == pytest.approx(1 / 3)
    assert cell(cube, "fte")["waarde_status"] == "niet_geleverd"
    assert cell(cube, "jos_leerlingen_per_fte")["waarde_status"] == "niet_geleverd"
    assert cell(cube, "jos_trajecten_afgesloten")["waarde"] == 0
    assert cell(cube, "jos_trajecten_afgesloten")["waarde_status"] == "ok"
    assert cell(cube, "trajectduur")["waarde_status"] == "geen_waarnemingen"


def test_of_a_type_of_education_that_a_school_does_not_have_none_are_counted() -> None:
    frames = {"leerlingen": rows("leerlingen", {"leerling_id": "p"}), "trajecten": rows("trajecten")}
    cube = cube_of(frames)
    for categorie in ("regulier", "gespecialiseerd"):
        found = cell(cube, "jos_leerlingen", "10AA00", categorie)
        assert (found["waarde"], found["waarde_status"], found["publiek_totaal"]) == (0, "ok", 1)
    assert cell(cube, "jos_leerlingen", "10BB00")["waarde_status"] == "geen_waarnemingen", "no pupils at all"


def test_respons_counts_suppliers_by_where_they_live() -> None:
    cube = cube_of({}, without=frozenset({("jos", "inzet"), ("gm0003", "jeugdhulp"), ("10aa00", "leerlingen")}))
    found = {
        at: (cell(cube, "respons", at)["teller"], cell(cube, "respons", at)["noemer"])
        for at in ("testregio", "VO0001", "VO0002", "GM0001", "GM0003", "10AA00")
    }
    assert found == {
        "testregio": (6, 9),
        "VO0001": (3, 5),
        "VO0002": (3, 3),
        "GM0001": (2, 3),
        "GM0003": (0, 1),
        "10AA00": (0, 1),
    }
    assert value(cube, "respons", categorie="jeugdhulp") == pytest.approx(2 / 3)
    assert value(cube, "respons", categorie="trajecten") == 1
    assert cell(cube, "respons", "10AA00", "jeugdhulp")["waarde_status"] == "geen_waarnemingen"


def test_without_a_value_there_are_no_counts_either() -> None:
    cube = cube_of(random_frames(SMALL, 60), without=frozenset({("10bb00", "leerlingen"), ("gm0001", "jeugdhulp")}))
    empty = cube.filter(~pl.col("waarde_status").is_in(["ok", "laag_betrouwbaar"]))
    filled = cube.filter(pl.col("waarde_status").is_in(["ok", "laag_betrouwbaar"]))
    assert empty.height > 100
    for name in ("waarde", "teller", "noemer", "teller_personen", "noemer_personen", "rang"):
        assert empty[name].null_count() == empty.height, name
    assert filled["waarde"].null_count() == 0
    assert filled.filter(pl.col("waarde").is_nan() | pl.col("waarde").is_infinite()).is_empty()


# --- properties ------------------------------------------------------------------------------------------------


def test_every_combination_is_there_exactly_once() -> None:
    cube = cube_of(random_frames(SMALL, 30))
    areas = all_areas(SMALL, JUNE).select("niveau", "gebied").rows()
    expected = {
        (entry.id, periode, niveau, gebied, uitsplitsing, categorie)
        for entry, periode, (niveau, gebied) in product(
            INDICATORS.values(), ("schooljaar", "halfjaar_1", "halfjaar_2"), areas
        )
        if not (entry.grondslag is Ground.WOON and niveau == "school")
        for uitsplitsing, categorie in [
            ("totaal", "totaal"),
            *((split.id, category) for split in entry.uitsplitsingen for category in split.categories),
        ]
    }
    found = cube.select("indicator", "periode", "niveau", "gebied", "uitsplitsing", "categorie").rows()
    assert len(found) == len(set(found))
    assert set(found) == expected
    assert dict(cube.schema) == CUBE


@settings(max_examples=2, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(seed=st.integers(0, 10_000))
def test_order_of_rows_and_names_of_persons_do_not_matter(seed: int) -> None:
    frames = random_frames(SMALL, 60, seed)
    plain = cube_of(frames)
    shuffled = {soort: frame.sample(fraction=1, shuffle=True, seed=seed) for soort, frame in frames.items()}
    assert_frame_equal(cube_of(shuffled), plain, check_exact=True)
    renamed = {
        soort: frame.with_columns(leerling_id=pl.lit("x") + pl.col("leerling_id").str.reverse())
        if "leerling_id" in frame.columns
        else frame
        for soort, frame in frames.items()
    }
    assert_frame_equal(cube_of(renamed), plain, check_exact=True)


def test_an_empty_school_changes_only_its_own_rows_and_the_coverage() -> None:
    frames = random_frames(SMALL, 80)
    before = cube_of(frames)
    bigger = SMALL.model_copy(update={"scholen": (*SMALL.scholen, school("10DD00"))})
    after = cube_of(frames, bigger, without=frozenset()).filter(pl.col("gebied") != "10DD00")
    moved = ["n_verwacht", "n_geleverd", "dekking", "waarde_status", "publiek_totaal"]
    not_schools = pl.col("indicator") != "scholen"
    assert_frame_equal(after.filter(not_schools).drop(moved), before.filter(not_schools).drop(moved), check_exact=True)
    grown = after.filter(pl.col("indicator") == "jos_bereik", pl.col("gebied") == "GM0001")["n_verwacht"]
    assert set(grown) == {3}
    assert after.filter(pl.col("gebied") == "GM0002").equals(before.filter(pl.col("gebied") == "GM0002"))


@settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(seed=st.integers(0, 10_000))
def test_the_cube_agrees_with_counting_by_hand(seed: int) -> None:
    """A second, plain-Python counting of some measures at every level, straight from the definitions."""
    frames = random_frames(SMALL, 50, seed)
    cube = cube_of(frames)
    lies = {"10AA00": ("GM0001", "VO0001"), "10BB00": ("GM0001", "VO0001"), "10CC00": ("GM0002", "VO0002")}
    a, b = date(2022, 8, 1), JUNE
    trajecten = frames["trajecten"].to_dicts()
    pick = Random(seed)
    for gebied in ("testregio", "VO0001", "VO0002", "GM0001", "GM0002", "10AA00", "10BB00", "10CC00"):
        here = [t for t in trajecten if gebied in (t["school"], *lies[t["school"]], "testregio")]
        active = [
            t for t in here if t["begindatum"] and t["begindatum"] <= b and (not t["einddatum"] or t["einddatum"] >= a)
        ]
        ended = [t for t in here if t["einddatum"] and a <= t["einddatum"] <= b]
        functie = pick.choice([COACH, GW, PAJ])
        assert (value(cube, "jos_leerlingen", gebied) or 0) == len({t["leerling_id"] for t in active})
        of_functie = {t["leerling_id"] for t in active if t["functie"] == functie}
        assert (value(cube, "jos_leerlingen", gebied, functie) or 0) == len(of_functie)
        if ended:
            without = sum(t["uitkomst"] == "geen_vervolg" for t in ended) / len(ended)
            assert value(cube, "zonder_vervolg", gebied) == pytest.approx(without)
            assert cell(cube, "zonder_vervolg", gebied)["noemer_personen"] == len({t["leerling_id"] for t in ended})

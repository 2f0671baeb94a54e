"""Base tables, areas and coverage."""

from collections.abc import Set as AbstractSet
from datetime import date

import polars as pl
import pytest
from linked_rows import YEAR, everything, random_frames, rows, small_region

from jos_pipeline.areas import all_areas, area_tables
from jos_pipeline.boundary import BrokenContractError, broken_rules
from jos_pipeline.coverage import Coverage, UnitCoverage
from jos_pipeline.linking import empty_frame, leerling, link, traject
from jos_pipeline.region import load_region
from schemas.contracts import CONTRACTS
from schemas.linked import LINKED_TABLES

SMALL = small_region()
MAY = date(2023, 5, 1)


# --- base tables -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("soort", CONTRACTS)
def test_an_empty_frame_has_the_columns_of_the_contract(soort: str) -> None:
    empty = empty_frame(soort)
    names = ["leerling_id" if name == "pseudoniem" else name for name in CONTRACTS[soort].by_name]
    assert empty.columns == [*names, *CONTRACTS[soort].companions, "leverancier"]
    assert empty.is_empty()


def test_without_deliveries_every_table_is_empty_and_typed() -> None:
    tables = link({}, SMALL, YEAR)
    assert set(tables) == set(LINKED_TABLES)
    for name, table in tables.items():
        assert table.is_empty()
        assert dict(table.schema) == LINKED_TABLES[name].dtypes


def test_every_column_of_a_table_has_a_description() -> None:
    assert all(column.description for table in LINKED_TABLES.values() for column in table.columns)


def test_no_row_is_lost_or_repeated() -> None:
    frames = random_frames(SMALL, 80)
    tables = link(frames, SMALL, YEAR)
    for name, table in tables.items():
        if name not in ("jeugdhulp", "duo_vestiging", "duo_examen"):
            assert table.height == frames[str(LINKED_TABLES[name].soort)].height, name


def test_a_frame_that_breaks_its_contract_is_refused() -> None:
    with pytest.raises(BrokenContractError, match=r"traject: .* on vorm \(1\)") as caught:
        link({"trajecten": rows("trajecten", {"leerling_id": "p", "vorm": "geheim"})}, SMALL, YEAR)
    assert "geheim" not in f"{caught.value}{caught.value.__cause__}"
    assert caught.value.__context__ is None


@pytest.mark.parametrize("soort", CONTRACTS)
def test_a_frame_without_rows_has_the_columns_of_its_contract(soort: str) -> None:
    frame, schema = empty_frame(soort), CONTRACTS[soort].lake_schema
    first = frame.columns[0]
    assert broken_rules(frame, schema).is_empty()
    assert not broken_rules(frame.drop(first), schema).is_empty()
    assert not broken_rules(frame.with_columns(pl.lit(None, pl.Duration).alias(first)), schema).is_empty()
    assert not broken_rules(frame.with_columns(onbekend=pl.lit(1)), schema).is_empty()


def test_onderwijstype_of_a_pupil_follows_the_onderwijssoort() -> None:
    soorten = {"havo": "regulier", "pro": "praktijkonderwijs", "vso": "gespecialiseerd"}
    frame = rows("leerlingen", *({"leerling_id": s, "onderwijssoort": s} for s in soorten))
    assert leerling({"leerlingen": frame}, SMALL, YEAR)["onderwijstype"].to_list() == list(soorten.values())


@pytest.mark.parametrize(
    ("person", "at", "expected"),
    [
        ("p", "10AA00", "gespecialiseerd"),
        ("p", "10CC00", "praktijkonderwijs"),
        ("stranger", "10AA00", "regulier"),
        (None, "10AA00", "regulier"),
    ],
)
def test_onderwijstype_of_a_traject_is_the_pupils_at_that_school_or_else_the_schools(
    person: str | None, at: str, expected: str
) -> None:
    pupils = rows(
        "leerlingen",
        {"leerling_id": "p", "onderwijssoort": "vso", "inschrijfdatum": date(2022, 8, 1)},
        {"leerling_id": "p", "onderwijssoort": "havo", "inschrijfdatum": date(2021, 8, 1)},
    )
    frames = {"leerlingen": pupils, "trajecten": rows("trajecten", {"leerling_id": person, "school": at})}
    assert traject(frames, SMALL, YEAR)["onderwijstype"].to_list() == [expected]


def test_next_start_is_the_nearest_one_after_the_end() -> None:
    frame = rows(
        "trajecten",
        {"leerling_id": "p", "begindatum": date(2022, 9, 1), "einddatum": date(2022, 10, 1), "uitkomst": "overig"},
        {"leerling_id": "p", "begindatum": date(2022, 10, 1)},
        {"leerling_id": "p", "begindatum": date(2023, 3, 1)},
        {"leerling_id": "p", "begindatum": date(2022, 12, 1)},
        {"leerling_id": "q", "begindatum": date(2022, 10, 2)},
    )
    found = traject({"trajecten": frame}, SMALL, YEAR)["volgende_begindatum"].to_list()
    assert found == [date(2022, 12, 1), None, None, None, None]


# --- areas -----------------------------------------------------------------------------------------------------


def areas_of(table: pl.DataFrame, place: str) -> set[str]:
    return set(table.filter(pl.col("plaats") == place)["gebied"])


def test_schools_teams_and_homes_lie_in_areas() -> None:
    tables = area_tables(SMALL, MAY)
    assert areas_of(tables.scholen, "10CC00") == {"10CC00", "GM0002", "VO0002", "testregio"}
    assert areas_of(tables.teams, "duo") == {"testregio"}, "its two schools share the region only"
    assert areas_of(tables.teams, "een") == {"GM0002", "VO0002", "testregio"}, "never a school"
    assert areas_of(tables.woongemeenten, "GM0003") == {"GM0003", "VO0001", "testregio"}
    assert areas_of(tables.woongemeenten, "GM0009") == {"VO0002"}, "outside the region"
    assert areas_of(tables.woongemeenten, "GM9999") == set()


@pytest.mark.parametrize(("on", "gemeente"), [(date(2021, 12, 31), "GM0398"), (date(2022, 1, 1), "GM1980")])
def test_belonging_is_dated(on: date, gemeente: str) -> None:
    alkmaar = load_region()
    assert areas_of(area_tables(alkmaar, on).scholen, "08UV00") == {"08UV00", gemeente, "VO2703", "alkmaar"}
    assert gemeente in set(all_areas(alkmaar, on)["gebied"])
    assert len({"GM0398", "GM1980"} & set(all_areas(alkmaar, on)["gebied"])) == 1


def test_castricum_lies_in_the_region_and_in_the_other_samenwerkingsverband() -> None:
    tables = area_tables(load_region(), MAY)
    assert areas_of(tables.teams, "castricum") == {"alkmaar", "VO2704", "GM0383"}
    assert areas_of(tables.woongemeenten, "GM0375") == {"VO2704"}


def test_all_areas_of_the_region() -> None:
    found = all_areas(load_region(), MAY)
    counts = dict(found.group_by("niveau").len().rows())
    assert counts == {"regio": 1, "samenwerkingsverband": 2, "gemeente": 6, "school": 8}
    assert found.filter(pl.col("gebied") == "25EF02")["naam"].to_list() == ["Vonk Castricum"]
    assert found.select("niveau", "gebied").is_duplicated().any() is False


# --- coverage --------------------------------------------------------------------------------------------------


def covered(frame: pl.DataFrame) -> dict[str, tuple[int, int]]:
    return {
        gebied: (expected, there)
        for gebied, expected, there in frame.select("gebied", "n_verwacht", "n_geleverd").rows()
    }


def units(without: AbstractSet[tuple[str, str]] = frozenset()) -> UnitCoverage:
    return UnitCoverage(SMALL, Coverage(everything(SMALL) - without), MAY)


def test_a_school_is_covered_when_everyone_responsible_delivered() -> None:
    some = units({("10aa00", "leerlingen"), ("vo0002", "tlv"), ("gm0001", "jeugdhulp")})
    assert some.schools_with("leerlingen") == ["10BB00", "10CC00"]
    assert some.schools_with("tlv") == ["10AA00", "10BB00"]
    assert some.schools_with("jeugdhulp") == ["10CC00"]
    assert covered(some.of_schools(("leerlingen", "tlv")))["testregio"] == (3, 1)
    assert covered(some.of_schools(())) == {
        "testregio": (3, 3),
        "VO0001": (2, 2),
        "VO0002": (1, 1),
        "GM0001": (2, 2),
        "GM0002": (1, 1),
        **dict.fromkeys(("10AA00", "10BB00", "10CC00"), (1, 1)),
    }
    assert units({("jos", "trajecten")}).schools_with("trajecten") == [], "one aanbieder answers for all schools"


def test_homes_are_covered_by_their_gemeente_or_samenwerkingsverband() -> None:
    assert covered(units({("gm0003", "jeugdhulp")}).of_homes(("jeugdhulp",))) == {
        "testregio": (3, 2),
        "VO0001": (2, 1),
        "VO0002": (1, 1),
        "GM0001": (1, 1),
        "GM0002": (1, 1),
        "GM0003": (1, 0),
    }
    assert covered(units().of_homes(("thuiszitters",)))["VO0002"] == (2, 2)


def test_a_source_that_nobody_is_asked_for_is_not_delivered() -> None:
    nobody = SMALL.model_copy(update={"leveranciers": tuple(s for s in SMALL.leveranciers if s.id != "jos")})
    found = UnitCoverage(nobody, Coverage(everything(nobody)), MAY)
    assert covered(found.of_schools(("trajecten",)))["testregio"] == (3, 0)


def test_duo_needs_the_file_and_the_school_in_it() -> None:
    assert UnitCoverage(SMALL, Coverage(frozenset()), MAY, {"duo": ["10AA00"]}).schools_with("duo") == ["10AA00"]
    assert UnitCoverage(SMALL, Coverage(frozenset()), MAY, {"duo": []}).schools_with("duo") == []


def test_suppliers_live_somewhere() -> None:
    homes = units().supplier_homes()
    assert areas_of(homes, "jos") == {"testregio"}
    assert areas_of(homes, "10cc00") == {"10CC00", "GM0002", "VO0002", "testregio"}
    assert areas_of(homes, "vo0002") == {"VO0002", "testregio"}
    assert areas_of(homes, "gm0003") == {"GM0003", "VO0001", "testregio"}
    assert covered(units().of_suppliers())["testregio"] == (9, 9)


def test_text_where_a_date_belongs_is_refused_without_telling_it() -> None:
    frame = rows("inzet", {"school": "10AA00"}).with_columns(einddatum=pl.lit("geheim"))
    with pytest.raises(BrokenContractError, match=r"inzet: .* on einddatum") as caught:
        link({"inzet": frame}, SMALL, YEAR)
    assert "geheim" not in str(caught.value)

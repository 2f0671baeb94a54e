"""The recount itself, on records small enough to count by hand, and the worked cases of spec 2.3."""

from datetime import date
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from jos_pipeline.region import Region, Supplier, load_region
from tests.e2e import recount as rc
from tests.e2e import recount_education, recount_homes, recount_schools
from tests.e2e import recount_records as rr
from tests.e2e.recount_figures import Span, half_up
from tests.e2e.recount_reading import COLUMNS, no_rows, read_date, read_delivery, read_flag, read_number

DAY = date(2023, 2, 1)


def test_eight_pilot_schools_are_five_and_three() -> None:
    found = {place.gebied: len(place.scholen) for place in rr.places(load_region(), DAY)}
    assert (found["alkmaar"], found["VO2703"], found["VO2704"]) == (8, 5, 3)


def test_belonging_is_gemeente_and_date() -> None:
    before = {place.gebied for place in rr.places(load_region(), date(2021, 10, 1))}
    after = {place.gebied: place for place in rr.places(load_region(), DAY)}
    assert {"GM0398", "GM0416"} <= before
    assert "GM1980" not in before
    assert "GM0398" not in after
    assert after["alkmaar"].gemeenten == {"GM0361", "GM0373", "GM0383", "GM1980", "GM0399", "GM0450"}
    assert after["VO2704"].gemeenten == {"GM0383", "GM0450", "GM0375", "GM0396"}


SPAN = Span("schooljaar", date(2022, 8, 1), DAY, date(2022, 8, 1), date(2023, 7, 31), DAY)


def _frame(soort: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    """Rows of a soort; columns that are not named are empty."""
    empty = no_rows(soort)
    frame = pd.DataFrame(rows, columns=list(empty.columns))
    for name in empty.columns:
        if name.endswith("_dag"):
            frame[name] = frame[name.removesuffix("_dag")].notna()
    return frame.astype(empty.dtypes.to_dict())


def _records(**frames: pd.DataFrame) -> rr.Records:
    schools = frozenset(frames["leerlingen"]["school"]) if "leerlingen" in frames else frozenset()
    every = {soort: frames.get(soort, no_rows(soort)) for soort in COLUMNS}
    return rr.records_from(every, load_region(), schools, date(2022, 10, 1), DAY)


def _figures(count, records: rr.Records, place: rr.Place) -> dict[tuple[str, str], rc.Figure]:
    return {(figure.indicator, figure.categorie): figure for figure in count(records.within(place), SPAN)}


def _document_003() -> tuple[rr.Records, rr.Place]:
    """15 schools of which 11 delivered, 1.611 pupils, 412 with JOS, 13,76 fte."""
    schools = [f"{at:02d}AA00" for at in range(15)]
    pupils = [
        {
            "pseudoniem": f"p{at}",
            "school": schools[at % 11],
            "onderwijssoort": "havo",
            "inschrijfdatum": date(2022, 8, 1),
        }
        for at in range(1611)
    ]
    started = {"functie": "gedragswetenschapper", "begindatum": date(2022, 9, 1), "aanmelddatum": date(2022, 8, 20)}
    joined = [
        started
        | {"pseudoniem": f"p{at}", "school": schools[at % 11], "traject_id": f"t{at}"}
        | {"vorm": "groep" if at < 177 + 41 else "individueel", "aard": "structureel" if at < 358 else "incidenteel"}
        for at in range(412)
    ]
    both = [row | {"traject_id": f"u{row['traject_id']}", "vorm": "individueel"} for row in joined[177 : 177 + 41]]
    posts = [
        {"medewerker": f"m{at}", "functie": "gedragswetenschapper", "school": schools[at % 11], "fte": fte}
        | {"begindatum": date(2020, 1, 1)}
        for at, fte in enumerate([*[0.8] * 17, 0.16])
    ]
    place = rr.Place("regio", "hollandrijnland", frozenset(schools), frozenset())
    frames = {"leerlingen": pupils, "trajecten": joined + both, "inzet": posts}
    return _records(**{soort: _frame(soort, rows) for soort, rows in frames.items()}), place


def test_document_003() -> None:
    records, place = _document_003()
    reach = _figures(recount_schools.reach, records, place)
    assert (reach["leerlingen", "totaal"].waarde, reach["jos_leerlingen", "totaal"].waarde) == (1611, 412)
    assert round(reach["jos_bereik", "totaal"].waarde * 100, 1) == 25.6
    effort = _figures(recount_schools.effort, records, place)
    assert effort["fte", "totaal"].waarde == pytest.approx(13.76)
    assert round(effort["leerlingen_per_fte", "totaal"].waarde, 1) == 117.1
    assert round(effort["jos_leerlingen_per_fte", "totaal"].waarde, 1) == 29.9
    nature = _figures(recount_schools.nature, records, place)
    assert [round(nature["jos_aard", kind].waarde * 100) for kind in ("structureel", "incidenteel")] == [87, 13]
    assert [round(nature["jos_vorm", form].waarde * 100) for form in ("groep", "individueel", "beide")] == [43, 47, 10]


def test_document_003_respons() -> None:
    _, place = _document_003()
    schools = sorted(place.scholen)
    suppliers = tuple(
        Supplier(id=school.lower(), naam=school, soort="school", gebied=school, levert=("leerlingen",))
        for school in schools
    )
    region: Region = load_region().model_copy(update={"leveranciers": suppliers})
    in_force = {(school.lower(), "leerlingen") for school in schools[:11]}
    found = {figure.categorie: figure.waarde for figure in rc.response(in_force, region, place)}
    assert round(found["totaal"] * 100, 1) == round(found["leerlingen"] * 100, 1) == 73.3


PLACES = {place.gebied: place for place in rr.places(load_region(), DAY)}


def test_a_team_counts_once_where_all_its_schools_lie() -> None:
    post = {"functie": "gedragswetenschapper", "begindatum": date(2022, 8, 1)}
    ours = post | {"medewerker": "a", "team": "castricum", "fte": 1.0}
    theirs = post | {"medewerker": "b", "school": "19ZQ00", "fte": 0.5}
    posts = _frame("inzet", [ours, theirs])
    records = _records(inzet=posts)
    found = {
        gebied: _figures(recount_schools.effort, records, place)["fte", "totaal"].waarde
        for gebied, place in PLACES.items()
    }
    assert found["alkmaar"] == 1.5
    assert found["GM0383"] == found["VO2704"] == 1.0
    assert found["GM0361"] == found["VO2703"] == found["19ZQ00"] == 0.5
    assert [found[school] for school in ("25EF02", "20MH00", "00ZD00")] == [0, 0, 0]


def test_fte_is_weighed_by_days_within_the_window() -> None:
    half = {"begindatum": date(2022, 8, 1), "einddatum": date(2022, 10, 31)}
    records = _records(
        inzet=_frame(
            "inzet", [{"medewerker": "a", "functie": "gedragswetenschapper", "school": "19ZQ00", "fte": 1} | half]
        )
    )
    assert _figures(recount_schools.effort, records, PLACES["19ZQ00"])["fte", "totaal"].waarde == pytest.approx(
        92 / 185
    )


def test_home_grounds_leave_out_gemeenten_outside_the_region_but_a_union_keeps_them() -> None:
    waits = [
        {"woongemeente": home, "soort": "jeugdhulp", "aanmelddatum": date(2022, 9, 1), "startdatum": date(2022, 9, 29)}
        for home in ("GM0383", "GM0375", "GM0363")
    ]
    records = _records(wachttijden=_frame("wachttijden", waits))
    count = partial(_figures, recount_homes.waiting, records)
    assert {g: count(PLACES[g])["wachttijd_jeugdhulp", "totaal"].noemer for g in ("alkmaar", "VO2704", "VO2703")} == {
        "alkmaar": 1,
        "VO2704": 2,
        "VO2703": 0,
    }
    assert count(PLACES["alkmaar"])["wachttijd_jeugdhulp", "totaal"].waarde == 4.0


def test_overlapping_jeugdhulp_is_one_spell_and_open_wins() -> None:
    person = {"pseudoniem": "p", "hulpvorm": "02", "aanbieder": "A", "verwijzer": "01"}
    rows = _frame(
        "jeugdhulp",
        [
            person | {"aanvang": date(2022, 9, 1), "einde": date(2022, 10, 1)},
            person | {"aanvang": date(2022, 9, 20), "einde": None},
            person | {"aanvang": date(2023, 1, 1), "einde": date(2023, 1, 5)},
            person | {"aanvang": date(2022, 9, 20), "einde": None, "hulpvorm": "03"},
        ],
    )
    merged = rr.spells(rows)
    assert len(merged) == 2
    assert merged["einde"].isna().all()
    assert merged["aanvang"].min() == pd.Timestamp(2022, 9, 1)


def test_a_day_that_is_not_known_gives_no_duration_but_counts() -> None:
    row = {"pseudoniem": "p", "school": "19ZQ00", "traject_id": "t", "functie": "gedragswetenschapper"}
    rows = _frame("trajecten", [row | {"aanmelddatum": date(2022, 9, 1), "eerste_contact": date(2022, 9, 11)}] * 2)
    rows.loc[1, "aanmelddatum_dag"] = False
    found = _figures(recount_schools.speed, _records(trajecten=rows), PLACES["19ZQ00"])["wachttijd_jos", "totaal"]
    assert (found.waarde, found.noemer) == (10, 1)


def test_a_tlv_is_in_force_from_ingang_or_else_afgifte() -> None:
    pupils = [
        {"pseudoniem": name, "school": "19ZQ00", "onderwijssoort": "havo", "inschrijfdatum": date(2022, 8, 1)}
        | {"extra_ondersteuning": name == "opp"}
        for name in ("opp", "granted", "later", "over", "none")
    ]
    tlv = [
        {"pseudoniem": "granted", "school": "19ZQ00", "afgiftedatum": date(2022, 9, 1)},
        {"pseudoniem": "later", "school": "19ZQ00", "afgiftedatum": date(2022, 9, 1), "ingangsdatum": date(2023, 8, 1)},
        {"pseudoniem": "over", "school": "19ZQ00", "afgiftedatum": date(2022, 9, 1), "einddatum": date(2023, 1, 31)},
    ]
    helped = [{"pseudoniem": "granted", "hulpvorm": "02", "aanvang": date(2022, 1, 1)}]
    frames = {"leerlingen": pupils, "tlv": tlv, "jeugdhulp": helped}
    records = _records(**{soort: _frame(soort, rows) for soort, rows in frames.items()})
    found = _figures(recount_education.support, records, PLACES["19ZQ00"])["samenloop", "totaal"]
    assert (found.teller, found.noemer) == (1, 2)


def test_halves_are_rounded_up() -> None:
    assert [half_up(value, 0) for value in (0.5, 1.5, 2.4)] == [1, 2, 2]
    assert half_up(31.5 / 14, 1) == 2.3  # exactly 2.25 weeks


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-02-01", (date(2023, 2, 1), True)),
        ("1/2/2023", (date(2023, 2, 1), True)),
        ("01-02-2023", (date(2023, 2, 1), True)),
        ("20230201", (date(2023, 2, 1), True)),
        ("44958", (date(2023, 2, 1), True)),
        ("20230200", (date(2023, 2, 1), False)),
        ("20230000", (date(2023, 1, 1), False)),
        (" n.v.t. ", (None, False)),
    ],
)
def test_dates(text: str, expected: tuple[date | None, bool]) -> None:
    assert read_date(text) == expected


def test_numbers_and_flags() -> None:
    assert [read_number(text) for text in ("1.611", "13,76", "0.8", "")] == [1611, 13.76, 0.8, None]
    assert [read_flag(text) for text in ("J", "02", "x", "", "0")] == [True, False, True, None, False]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_a_messy_csv_is_read_right(tmp_path: Path, encoding: str, delimiter: str) -> None:
    lines = [
        ["Overzicht cliënten"],
        ["Woon-gemeente", "SOORT", "Aanmeld Datum", "startdatum"],
        ["361", "Wijkteam", "01-09-2022", ""],
        ["GM0383", "jeugdhulp", "2022-09-01", "2022-09-15"],
        ["GM0399", "fout", "onzin", ""],
        [""],
        ["Totaal", "3", "", ""],
    ]
    path = tmp_path / "wachttijden.csv"
    path.write_bytes("\r\n".join(delimiter.join(line) for line in lines).encode(encoding))
    frame = read_delivery(path, "wachttijden", rejected={5})
    assert frame["woongemeente"].tolist() == ["GM0361", "GM0383"]
    assert frame["soort"].tolist() == ["sociaal_team", "jeugdhulp"]
    assert frame["startdatum"].isna().tolist() == [True, False]

"""Two publications beside each other: what changed is told, all of it, with what it may come from."""

import csv
import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from jos_pipeline.diff_text import diff_csv, diff_json, show_diff
from jos_pipeline.diffing import ELSEWHERE, KEY, PROTECTION, Difference, Version, changed, difference
from jos_pipeline.region import load_region

REGION = load_region("alkmaar")
MONDAY = pd.Timestamp(datetime(2023, 3, 6, 9, 0, tzinfo=UTC))
BOTH_TABLES = {"trajecten": 1, "leerlingen": 2}


def figure(indicator: str = "jos_leerlingen", gebied: str = "alkmaar", **changes: object) -> dict[str, object]:
    row = {
        "indicator": indicator,
        "periode": "halfjaar_1",
        "niveau": "regio" if gebied == "alkmaar" else "school",
        "gebied": gebied,
        "uitsplitsing": "totaal",
        "categorie": "totaal",
        "waarde": 40.0,
        "waarde_min": None,
        "waarde_max": None,
        "teller": 40.0,
        "noemer": None,
        "rang": None,
        "waarde_status": "ok",
        "n_verwacht": 8,
        "n_geleverd": 8,
        "dekking": 1.0,
        "herkomst": "levering",
        "indicator_versie": 1,
        "eenheid": "leerlingen",
    }
    return row | changes


FLOATS = ("waarde", "waarde_min", "waarde_max", "teller", "noemer", "dekking")
WHOLE = ("rang", "n_verwacht", "n_geleverd", "indicator_versie")
SCHEMA = {name: pl.Float64 if name in FLOATS else pl.Int64 if name in WHOLE else pl.String for name in figure()}
HIDDEN = {"waarde": None, "teller": None, "waarde_status": "onderdrukt"}


def table(*rows: dict[str, object]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=SCHEMA)


def deliveries(**numbers: int) -> pd.DataFrame:
    """Deliveries in force by soort: of groeimee, and of the school 19zq00 for pupils."""
    return pd.DataFrame(
        [
            {
                "id": number,
                "soort": soort,
                "leverancier": "19zq00" if soort == "leerlingen" else "groeimee",
                "ontvangen_op": MONDAY,
            }
            for soort, number in numbers.items()
        ],
        columns=["id", "soort", "leverancier", "ontvangen_op"],
    )


def version(number: int, peildatum: date = date(2023, 2, 1), **behind: int) -> Version:
    name = f"2022-2023/{peildatum}/{number}"
    return Version(name, "2022-2023", peildatum, "voorlopig", "c 1", "1.0", deliveries(**behind or BOTH_TABLES))


DEFINITIONS = pd.DataFrame(
    [
        {
            "indicator": name,
            "versie": number,
            "definitie": f"zin {number}",
            "formule": f"x {number}",
            "bronnen": sources,
        }
        for name, sources in (("jos_leerlingen", "trajecten"), ("leerlingen", "leerlingen"))
        for number in (1, 2)
    ]
)


def compared(
    before: pl.DataFrame, after: pl.DataFrame, van: Version | None = None, naar: Version | None = None
) -> Difference:
    return difference(van or version(1), naar or version(2), (before, after), DEFINITIONS, REGION)


def reasons(found: Difference) -> list[list[str]]:
    return found.cijfers["waarom"].to_list()


def test_equal_publications_do_not_differ():
    found = compared(table(figure(), figure("leerlingen", **HIDDEN)), table(figure(), figure("leerlingen", **HIDDEN)))
    assert (found.cijfers.height, found.gelijk, found.leveringen, found.definities) == (0, 2, (), ())


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ([], [figure()], "nieuw"),
        ([figure()], [], "vervallen"),
        ([figure()], [figure(**HIDDEN)], "nu verborgen"),
        ([figure(**HIDDEN)], [figure()], "niet meer verborgen"),
        ([figure()], [figure(waarde=None, waarde_status="niet_geleverd")], "andere status"),
        ([figure()], [figure(waarde=41.0)], "andere waarde"),
        ([figure()], [figure(rang=2)], "andere waarde"),
        ([figure()], [figure(n_geleverd=7)], "zelfde waarde"),
    ],
)
def test_what_happened_to_a_figure_has_a_name(before: list, after: list, words: str):
    assert changed(table(*before), table(*after))["wat"].to_list() == [words]


def test_a_replaced_delivery_is_named_for_the_figures_that_rest_on_it():
    before, after = (
        table(figure(waarde=n), figure("leerlingen", waarde=n), figure("leerlingen", "08UV00", waarde=n))
        for n in (1.0, 2.0)
    )
    found = compared(before, after, naar=version(2, trajecten=7, leerlingen=8))
    assert dict(zip(found.cijfers.select("indicator", "gebied").rows(), reasons(found), strict=True)) == {
        ("jos_leerlingen", "alkmaar"): ["herlevering trajecten (groeimee)"],
        ("leerlingen", "alkmaar"): ["herlevering leerlingen (19zq00)"],
        ("leerlingen", "08UV00"): [ELSEWHERE],  # the rows of one school are not in another
    }
    assert [(c.leverancier, c.wat, c.van, c.naar, c.dag) for c in found.leveringen] == [
        ("19zq00", "herlevering", 2, 8, date(2023, 3, 6)),
        ("groeimee", "herlevering", 1, 7, date(2023, 3, 6)),
    ]


def test_a_delivery_that_came_or_went_is_told_as_such():
    found = compared(table(figure()), table(figure()), version(1, trajecten=1, tlv=3), version(2, trajecten=1, inzet=4))
    assert [(c.soort, c.wat) for c in found.leveringen] == [("inzet", "nieuwe levering"), ("tlv", "levering vervallen")]


def test_another_definition_is_shown_beside_the_old_one():
    found = compared(table(figure()), table(figure(waarde=1.0, indicator_versie=2)))
    assert reasons(found) == [["definitie versie 1 → 2"]]
    assert [(d.indicator, d.definitie_van, d.formule_naar) for d in found.definities] == [
        ("jos_leerlingen", "zin 1", "x 2")
    ]


def test_a_later_peildatum_is_a_reason_only_where_the_window_grew():
    early, late = version(1, date(2023, 1, 15)), version(1, date(2023, 2, 1))
    rows = [table(figure(waarde=n), figure(periode="schooljaar", waarde=n)) for n in (1.0, 2.0)]
    assert reasons(compared(*rows, early, late)) == [[ELSEWHERE], ["latere peildatum"]]
    assert reasons(compared(*rows, late, early)) == [[ELSEWHERE], ["eerdere peildatum"]]


def test_coverage_and_protection_are_reasons():
    found = compared(table(figure(**HIDDEN)), table(figure(n_geleverd=7)))
    assert reasons(found) == [["dekking 8/8 → 7/8", PROTECTION]]


def test_what_was_never_recorded_is_said():
    unknown = replace(version(1), leveringen=deliveries().iloc[:0])
    found = compared(table(figure()), table(figure(waarde=1.0)), van=unknown)
    assert not found.deliveries_known
    assert "leveringen niet vastgelegd" in reasons(found)[0]


@settings(max_examples=40)
@given(
    cells=st.lists(
        st.tuples(
            st.sampled_from(["jos_leerlingen", "leerlingen"]),
            st.sampled_from(["alkmaar", "19ZQ00"]),
            st.sampled_from([None, 1.0, 2.0]),
            st.booleans(),
        ),
        max_size=8,
    )
)
def test_every_figure_that_changed_is_there_once_and_no_other(cells: list[tuple[str, str, float | None, bool]]):
    sides: tuple[dict, dict] = ({}, {})
    for name, area, value, second in cells:
        sides[second][name, area] = figure(name, area, waarde=value)
    found = compared(*(table(*side.values()) for side in sides))
    expected = {key for key in {*sides[0], *sides[1]} if sides[0].get(key) != sides[1].get(key)}
    assert set(found.cijfers.select("indicator", "gebied").rows()) == expected
    assert found.cijfers.height == len(expected)
    assert found.gelijk == len({*sides[0]} & {*sides[1]} - expected)
    assert all(reasons(found))


def test_people_programs_and_spreadsheets_read_the_same():
    found = compared(
        table(figure(), figure("leerlingen", **HIDDEN)),
        table(figure(waarde=1.0), figure("leerlingen")),
        naar=replace(version(2, trajecten=7, leerlingen=2), ingetrokken=True),
    )
    told = json.loads(json.dumps(diff_json(found)))
    rows = list(csv.DictReader(io.StringIO(diff_csv(found)), delimiter=";"))
    assert [row["indicator"] for row in told["cijfers"]] == [row["indicator"] for row in rows]
    assert [(row["waarde_van"], row["waarde_naar"]) for row in rows] == [("40,0", "1,0"), ("", "40,0")]
    assert told["per_soort"] == {"niet meer verborgen": 1, "andere waarde": 1}
    shown = Console(width=200, record=True, file=io.StringIO())
    show_diff(found, shown)
    text = shown.export_text()
    assert "groeimee: herlevering trajecten, ontvangen 6 maart 2023 (nummer 1 → 7)" in text
    assert "INGETROKKEN" in text
    assert "verborgen" in text
    assert all(row["indicator"] in text for row in rows)
    assert set(KEY) <= set(rows[0])


def test_too_many_changes_are_a_line_per_indicator_unless_all_are_asked_for():
    schools = [figure(gebied=f"school{number}") for number in range(3)]
    before = table(figure(periode="schooljaar"), figure("leerlingen", **HIDDEN), *schools)
    moved = [row | {"waarde": 50.0} for row in schools]
    after = table(figure(periode="schooljaar", waarde=41.0), figure("leerlingen"), *moved)
    found = compared(before, after, naar=version(2, trajecten=7, leerlingen=2))
    lines = {}
    for at_most in (None, 5, 4):
        shown = Console(width=200, record=True, file=io.StringIO())
        show_diff(found, shown, at_most)
        lines[at_most] = [line.split() for line in shown.export_text().splitlines()]
    assert lines[None] == lines[5]
    assert sum("jos_leerlingen" in line for line in lines[5]) == 4
    (line,) = (line for line in lines[4] if "jos_leerlingen" in line)
    assert line[:6] == ["jos_leerlingen", "4", "40", "leerlingen", "41", "leerlingen"]
    assert "herlevering" in line
    assert any("--alles" in line for line in lines[4])

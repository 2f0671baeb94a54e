"""What a figure rests on, on small invented regions: the trace must add up to the figure itself."""

from datetime import UTC, datetime
from random import Random

import pandas as pd
import polars as pl
import pytest
from small_worlds import YEAR, small_world

from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.entry import Kind
from jos_pipeline.indicators.reported import DELIVERED
from jos_pipeline.linking import link
from jos_pipeline.tracing import NoSuchFigureError, Place, Stand, conjuncts, readable, trace

TODAY = pd.Timestamp(datetime(2023, 2, 1, tzinfo=UTC))


def stand_of(seed: int) -> Stand:
    small = small_world(seed)
    rows = [
        {
            "id": number,
            "leverancier": leverancier,
            "soort": soort,
            "schooljaar": YEAR,
            "peildatum": small.peildatum,
            "ontvangen_op": TODAY,
            "sha256": f"{number:064x}",
            "oordeel": "geaccepteerd",
            "rijen": 9,
            "rijen_afgekeurd": 2,
            "contract_versie": 0,
        }
        for number, (leverancier, soort) in enumerate(sorted(small.in_force), start=1)
    ]
    hits = [
        {"levering_id": 1, "code": code, "ernst": "fout", "kolom": None, "aantal": count}
        for code, count in (("JOS-E020", 2), ("JOS-E021", 0))
    ]
    base = link(small.frames, small.region, YEAR)
    return Stand(base, pd.DataFrame(rows), pd.DataFrame(hits), small.region, YEAR, small.peildatum)


def places(stand: Stand, chance: Random) -> list[Place]:
    school = stand.region.scholen[0].school
    found = []
    for entry in chance.sample(list(INDICATORS.values()), 12):
        niveau, gebied = ("regio", "testregio") if entry.grondslag == "woon" else ("school", school)
        split = chance.choice([*entry.uitsplitsingen, None])
        category = ("totaal", "totaal") if split is None else (split.id, chance.choice(split.categories))
        found.append(Place(entry, niveau, gebied, "schooljaar", *category))
    return found


@pytest.mark.parametrize("seed", range(2))
def test_a_trace_adds_up_to_the_figure(seed: int):
    stand = stand_of(seed)
    for place in places(stand, Random(seed)):
        found = trace(place, stand)
        assert len({absent.waar for absent in found.ontbreekt}) == (
            int(str(found.cijfer["n_verwacht"])) - int(str(found.cijfer["n_geleverd"]))
        ) or place.indicator.id in ("respons", "duo_leerlingen", "duo_slaagpercentage")
        for measure in found.maten:
            assert measure.rijen_gebied - sum(rule.valt_af for rule in measure.regels) == measure.rijen_geteld
            assert not measure.per_leverancier or sum(measure.per_leverancier.values()) == measure.rijen_geteld
        _counts_like_the_cube(place, found)


def _counts_like_the_cube(place, found) -> None:
    """A count of rows is the figure's teller; of keys it is at most that."""
    told = found.cijfer["teller"]
    if told is None or found.cijfer["herkomst"] != DELIVERED:
        return
    if place.indicator.teller.kind is Kind.ROWS:
        assert found.maten[0].rijen_geteld == told, place
    if place.indicator.teller.kind is Kind.DISTINCT:
        assert found.maten[0].rijen_geteld >= told, place


def test_a_delivery_comes_with_its_findings_and_the_version_of_its_contract():
    found = trace(Place(INDICATORS["respons"], "regio", "testregio", "schooljaar"), stand_of(0))
    first = next(one for one in found.leveringen if one.id == 1)
    assert [(hit.code, hit.aantal) for hit in first.bevindingen] == [("JOS-E020", 2)]
    assert first.contract == 0 < first.contract_nu


def test_no_value_of_a_record_is_in_a_trace():
    stand = stand_of(0)
    persons = {
        value
        for table in stand.base.values()
        if "leerling_id" in table.columns
        for value in table["leerling_id"].drop_nulls().to_list()
    }
    assert persons
    told = repr([trace(place, stand) for place in places(stand, Random(5))])
    assert not [person for person in persons if f"'{person}'" in told]


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("regio", "elders", "schooljaar"), "heeft geen cijfer"),
        (("regio", "testregio", "kwartaal"), "niet begonnen"),
        (("regio", "testregio", "schooljaar", "functie", "bakker"), "uitsplitsingen: totaal, onderwijstype"),
    ],
)
def test_a_figure_that_does_not_exist_is_told_in_one_line(place: tuple[str, ...], words: str):
    with pytest.raises(NoSuchFigureError, match=words):
        trace(Place(INDICATORS["jos_leerlingen"], *place), stand_of(0))


def test_a_condition_falls_apart_into_what_must_all_hold():
    first, second, third = pl.col("actief"), pl.col("a") != pl.col("b"), pl.col("x").is_not_null() | pl.col("y")
    assert [str(part) for part in conjuncts(first & second & third)] == [str(part) for part in (first, second, third)]
    assert len(conjuncts(third)) == 1


def test_conditions_are_written_as_people_do():
    assert readable((pl.col("begindatum") <= pl.col("b")) & pl.col("actief")) == "(begindatum <= b) & actief"
    assert readable(pl.col("activiteit") == "consultatie") == 'activiteit == "consultatie"'
    assert readable(pl.col("aantal") <= 5) == "aantal <= 5"

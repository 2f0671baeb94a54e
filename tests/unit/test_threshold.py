"""The threshold of a region and the decision behind it, and the days on which it publishes (spec 3.1 and 3.2.1)."""

import shutil
from datetime import date

import pytest
import tomlkit

from jos_pipeline.region import SHIPPED, Region, RegionError, load_region
from jos_pipeline.school_year import SchoolYear

DECISION = "Stuurgroep, 12 maart 2026: met 10 blijft van kleine scholen niets over"


def region(directory, **settings) -> Region:
    """The region of Alkmaar with other settings; None takes one away."""
    shutil.copytree(SHIPPED / "alkmaar", directory)
    file = directory / "regio.toml"
    content = tomlkit.parse(file.read_text(encoding="utf-8"))
    for name, value in settings.items():
        content.pop(name, None)
        if value is not None:
            content = tomlkit.parse(f"{name} = {tomlkit.item(value).as_string()}\n" + tomlkit.dumps(content))
    file.write_text(tomlkit.dumps(content), encoding="utf-8")
    return load_region(str(directory))


@pytest.mark.parametrize("drempel", [-1, 0, 1, 2, 3, 4])
@pytest.mark.parametrize("besluit", [None, DECISION])
def test_no_decision_makes_a_threshold_below_five(tmp_path, drempel, besluit):
    with pytest.raises(RegionError, match=f"regio.toml, veld drempel: {drempel} is te laag. Kies minstens 5"):
        region(tmp_path / "regio", drempel=drempel, drempel_besluit=besluit)


@pytest.mark.parametrize("drempel", [5, 9])
def test_a_threshold_below_ten_wants_a_recorded_decision(tmp_path, drempel):
    with pytest.raises(RegionError, match="Dat mag alleen met een besluit") as refused:
        region(tmp_path / "zonder", drempel=drempel)
    assert 'drempel_besluit = "' in str(refused.value), "and the message says what to add"
    for empty in ("", " ", "ja"):
        with pytest.raises(RegionError, match="wie dat besloot, wanneer en waarom"):
            region(tmp_path / f"leeg-{len(empty)}", drempel=drempel, drempel_besluit=empty)
    there = region(tmp_path / "met", drempel=drempel, drempel_besluit=DECISION)
    assert (there.drempel, there.drempel_besluit) == (drempel, DECISION)


@pytest.mark.parametrize("drempel", [None, 10, 15])
def test_ten_or_more_wants_none(tmp_path, drempel):
    assert region(tmp_path / "regio", drempel=drempel).drempel == (drempel or 10)


def test_a_region_that_names_no_days_publishes_on_the_usual_ones(tmp_path):
    there = region(tmp_path / "regio", publicatiemomenten=None)
    assert there.releases_in(SchoolYear(2022)) == (
        (date(2022, 11, 1), "voorlopig"),
        (date(2023, 2, 1), "voorlopig"),
        (date(2023, 6, 1), "voorlopig"),
        (date(2023, 8, 1), "definitief"),
    )

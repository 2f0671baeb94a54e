"""The recipes of docs/developer.md, run in miniature: what the page says to write is what is written here."""

import re
import shutil
from datetime import date, timedelta

import pytest
from linked_rows import JUNE, YEAR, everything, rows, small_region

from jos_pipeline.coverage import Coverage
from jos_pipeline.indicators import entry
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.indicators.entry import Indicator
from jos_pipeline.indicators.words import YEAR as DAYS_IN_YEAR
from jos_pipeline.indicators.words import days_between
from jos_pipeline.intake.gate import judge
from jos_pipeline.linking import link
from jos_pipeline.region import SHIPPED, Region, load_region
from schemas import contract as contracts
from schemas.columns import Kind
from schemas.contracts import CONTRACTS
from tests.pages import ROOT, blocks
from tests.recipes import made, recipe, region_with
from tests.records import PEILDATUM, SCHOOLJAAR, csv_bytes, valid_record


def test_a_supplier_of_the_recipe_delivers(tmp_path):
    here = region_with(tmp_path / "regio", "alkmaar", "\n" + recipe("Add a supplier", "toml"))
    (supplier,) = set(here.suppliers) - set(load_region("alkmaar").suppliers)
    soort = here.suppliers[supplier].levert[0]
    data = csv_bytes([valid_record(CONTRACTS[soort], number) for number in range(20)])
    verdict = judge(data, f"{soort}_{SCHOOLJAAR}_{PEILDATUM}.csv", PEILDATUM, here, supplier)
    assert (verdict.leverancier, verdict.oordeel) == (supplier, "geaccepteerd")
    assert here.suppliers_of(soort)[-1].id == supplier


def test_a_region_of_the_recipe_loads(tmp_path):
    here = region_with(tmp_path / "nieuw", "holland-rijnland", id="nieuw", naam="Nieuwe regio")
    assert (here.id, here.naam) == ("nieuw", "Nieuwe regio")
    assert here.leveranciers


@pytest.mark.parametrize("page", ["data-engineer.md", "privacy.md"])
def test_settings_of_a_region_on_other_pages_are_settings(page, tmp_path):
    """In the place of what the shipped region says itself."""
    shown = "\n".join(block.text for block in blocks(ROOT / "docs" / page) if block.language == "toml")
    tables = set(re.findall(r"^\[+(\w+)\]+", shown, re.MULTILINE))
    assert tables
    shutil.copytree(SHIPPED / "alkmaar", tmp_path / "regio")
    settings = tmp_path / "regio" / "regio.toml"
    own = re.split(r"^(?=\[)", settings.read_text(encoding="utf-8"), flags=re.MULTILINE)
    kept = [part for part in own if not re.match(rf"\[+({'|'.join(tables)})\]", part)]
    settings.write_text("".join(kept) + shown, encoding="utf-8")
    there = load_region(str(tmp_path / "regio")).model_dump()
    assert all(there[table] for table in tables)


def test_a_soort_of_the_recipe_is_judged(monkeypatch):
    added = made("Add a soort of delivery", vars(contracts))
    monkeypatch.setitem(CONTRACTS, added.soort, added)
    shipped = load_region("alkmaar").model_dump()
    school = next(supplier for supplier in shipped["leveranciers"] if supplier["soort"] == "school")
    school["levert"] = (*school["levert"], added.soort)
    here = Region.model_validate(shipped)
    records = [valid_record(added, number) | {"school": school["gebied"]} for number in range(20)]
    verdict = judge(csv_bytes(records), f"{added.soort}_{SCHOOLJAAR}_{PEILDATUM}.csv", PEILDATUM, here, school["id"])
    assert (verdict.soort, verdict.oordeel, verdict.rijen) == (added.soort, "geaccepteerd", 20)
    dates = [field.name for field in added.fields if field.column.kind is Kind.DATE]
    turned = [record | dict(zip(dates, ("2022-12-01", "2022-11-01"), strict=True)) for record in records]
    name = f"{added.soort}_{SCHOOLJAAR}_{PEILDATUM}.csv"
    assert judge(csv_bytes(turned), name, PEILDATUM, here, school["id"]).oordeel == "afgekeurd"


@pytest.mark.parametrize(("ended", "status", "counted"), [(1, "ok", 1), (-1, "geen_waarnemingen", None)])
def test_an_indicator_of_the_recipe_is_counted(ended, status, counted):
    """Ended a day after the year it may last, or a day before that."""
    added: Indicator = made("Add an indicator", vars(entry) | {"days_between": days_between, "YEAR": DAYS_IN_YEAR})
    begun = date(2022, 1, 10)
    ends = begun + timedelta(days=DAYS_IN_YEAR + ended)
    cells = {"aanmelddatum": begun, "begindatum": begun, "einddatum": ends, "uitkomst": "geen_vervolg"}
    here = small_region()
    base = link({"trajecten": rows("trajecten", cells)}, here, YEAR)
    cube = compute_cube(base, Coverage(everything(here)), here, YEAR, JUNE, indicators=[added])
    (cell,) = cube.filter(niveau="regio", periode="schooljaar", uitsplitsing="totaal").to_dicts()
    assert (cell["waarde_status"], cell["waarde"]) == (status, counted)

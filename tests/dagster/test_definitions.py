"""The graph as people meet it: everything described, owned, grouped and guarded."""

import dagster as dg
import pytest

from jos_pipeline.definitions import build_defs
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.region import load_region
from jos_pipeline.settings import Settings
from schemas import contract as contracts
from schemas.contracts import CONTRACTS
from tests.recipes import made, recipe, region_with

GROUPS = {"bronnen", "gevalideerd", "gekoppeld", "indicatoren", "publicatie", "rapportage"}


@pytest.fixture(scope="module")
def defs(tmp_path_factory):
    return build_defs(Settings(home=tmp_path_factory.mktemp("home")))


@pytest.fixture(scope="module")
def specs(defs):
    return {spec.key: spec for spec in defs.resolve_all_asset_specs()}


def test_the_definitions_load(defs):
    dg.Definitions.validate_loadable(defs)


def test_every_asset_tells_what_it_is(specs):
    for key, spec in specs.items():
        name = key.to_user_string()
        assert spec.description, f"{name} has no description"
        assert spec.owners, f"{name} has no owner"
        assert spec.group_name in GROUPS, f"{name} stands in group {spec.group_name}"
        assert spec.kinds, f"{name} has no kinds"
        schema = spec.metadata.get("dagster/column_schema")
        assert schema is not None, f"{name} has no column schema"
        assert schema.columns, f"{name} has no columns"
        assert all(column.description for column in schema.columns), f"{name}: a column without description"


def test_every_check_tells_what_it_checks(defs):
    graph = defs.resolve_asset_graph()
    assert graph.asset_check_keys
    for check in graph.asset_check_keys:
        spec = graph.get_check_spec(check)
        assert spec.description, f"{check} has no description"


def test_every_partitioned_asset_says_how_it_is_backfilled(defs):
    graph = defs.resolve_asset_graph()
    for key in graph.executable_asset_keys:
        node = graph.get(key)
        if node.partitions_def is not None:
            assert node.backfill_policy is not None, f"{key.to_user_string()} has no backfill policy"


def test_the_grid_shows_supplier_by_school_year(specs, defs):
    for soort in CONTRACTS:
        partitions = specs[dg.AssetKey(["bronnen", soort])].partitions_def
        assert isinstance(partitions, dg.MultiPartitionsDefinition)
        assert {dimension.name for dimension in partitions.partitions_defs} == {"leverancier", "schooljaar"}


def test_a_supplier_and_a_soort_of_the_recipes_stand_in_the_graph(tmp_path, monkeypatch):
    soort = made("Add a soort of delivery", vars(contracts))
    monkeypatch.setitem(CONTRACTS, soort.soort, soort)
    here = region_with(tmp_path / "regio", "alkmaar", "\n" + recipe("Add a supplier", "toml"))
    added = set(here.suppliers) - set(load_region("alkmaar").suppliers)
    made_defs = build_defs(Settings(home=tmp_path / "home", regio=str(tmp_path / "regio")))
    graph = {spec.key.to_user_string(): spec for spec in made_defs.resolve_all_asset_specs()}
    assert {"bronnen/verhuizingen", "gevalideerd/verhuizingen"} <= set(graph)
    suppliers = graph["bronnen/jeugdhulp"].partitions_def.get_partitions_def_for_dimension("leverancier")
    assert added <= set(suppliers.get_partition_keys())


def test_sensor_and_schedule_are_on_and_described(defs):
    sensor = next(iter(defs.sensors))
    schedule = next(iter(defs.schedules))
    assert sensor.default_status is dg.DefaultSensorStatus.RUNNING
    assert schedule.default_status is dg.DefaultScheduleStatus.RUNNING
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 2 * * *", "Europe/Amsterdam")
    assert sensor.description
    assert schedule.description


def test_the_password_of_the_warehouse_is_not_in_what_dagster_shows_and_stores(tmp_path):
    url = "postgresql+psycopg://jos:geheim-wachtwoord@db.example/jos"
    defs = build_defs(Settings(home=tmp_path, warehouse=url))
    job = defs.resolve_job_def("verwerk")
    assert "geheim-wachtwoord" not in dg.serialize_value(job.get_job_snapshot())
    assert "geheim-wachtwoord" not in repr(defs.resources["warehouse"])


def test_the_catalogue_is_told_where_the_figures_are_made(specs):
    told = specs[dg.AssetKey(["indicatoren", "kubus"])].metadata["catalogus"]
    shown = {record.data["indicator"]: record.data for record in told.records}
    assert {name: row["definitie"] for name, row in shown.items()} == {i.id: i.definitie for i in INDICATORS.values()}

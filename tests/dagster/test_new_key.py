"""A new key, of the chain and of the monitor at once, as the runbook says it: deliver again, and only keys change."""

import io
import shutil
from pathlib import Path

import dagster as dg
import polars as pl
import pytest
from rich.console import Console

from assets.counted import LostCountsError
from jos_pipeline.erasing import Request, erase
from jos_pipeline.pseudonym import second_hash
from resources.lake import OtherKeyError
from resources.privacy_register import OtherKeyTombstonesError
from tests.dagster.conftest import TRAJECTEN, YEAR, Installation, installed
from tests.records import csv_bytes, valid_records

NEW_CHAIN, NEW_MONITOR = b"n" * 32, "6b" * 32
PUPILS = 40
FORGOTTEN = 41
"""A pupil who was forgotten before; suppliers send it still."""


def of_new_key(pseudonym: str) -> str:
    """What ``jos prepare`` makes with the new key of the chain of the person whose old pseudonym this is."""
    return second_hash(NEW_CHAIN, pseudonym)


def delivered_again() -> bytes:
    rows = valid_records("trajecten", FORGOTTEN)
    return csv_bytes([row | {"pseudoniem": of_new_key(row["pseudoniem"])} for row in rows])


def quiet() -> Console:
    return Console(file=io.StringIO())


def forgotten(installation: Installation, pseudonym: str) -> None:
    proof, _ = erase(installation.settings, Request((pseudonym,)), quiet())
    assert proof.is_clean


def cube(installation: Installation) -> pl.DataFrame:
    return installation.lake.read_layer("indicatoren", "kubus", YEAR)


def counted(installation: Installation) -> None:
    """From the inbox to the internal figures, which is as far as a key matters."""
    layers = {"bronnen", "gevalideerd", "gekoppeld", "indicatoren"}
    chosen = [
        asset
        for asset in installation.defs.assets
        if isinstance(asset, dg.AssetsDefinition) and {key.path[0] for key in asset.keys} <= layers
    ]
    done = dg.materialize(
        chosen, partition_key=YEAR, instance=installation.instance, resources=installation.defs.resources
    )
    assert done.success


def test_after_a_new_key_figures_and_the_forgotten_are_what_they_were(with_figures: Installation, tmp_path: Path):
    old, home = with_figures, with_figures.settings.home
    forgotten(old, f"{FORGOTTEN:064x}")
    before = cube(old)
    new_key = tmp_path / "nieuw.sleutel"
    new_key.write_text(NEW_MONITOR)

    # the new key beside the old lake, or beside the old register, stops before anything is taken in
    old.drop("groeimee", TRAJECTEN, delivered_again(), "2023-03-01T10:00")
    with installed(home, sleutel_monitor_bestand=new_key) as wrong, pytest.raises(OtherKeyError):
        wrong.take_in()
    place = {"sleutel_monitor_bestand": new_key, "lake": str(tmp_path / "nieuw-meer")}
    with installed(home, **place) as wrong, pytest.raises(OtherKeyTombstonesError):
        wrong.take_in()
    assert len(old.store.deliveries()) == 1

    old.settings.privacy_register.rename(tmp_path / "oud-register")
    with installed(home, **place) as new:
        forgotten(new, of_new_key(f"{FORGOTTEN:064x}"))
        counted(new)
        assert new.verdicts() == [(TRAJECTEN, "geaccepteerd", False), (TRAJECTEN, "geaccepteerd", True)]
        assert cube(new).equals(before)

        # what is kept of publications that are out comes along, or nothing new can be audited with them
        out = new.store.publications()
        with pytest.raises(LostCountsError):
            new.publish()
        for kept in Path(old.settings.lake_url).glob("publicatie/*_uit"):
            shutil.copytree(kept, Path(new.settings.lake_url) / "publicatie" / kept.name)
        new.publish()
        assert new.store.publications().equals(out), "figures are what they were, so nothing comes out"

        # the old key is retired: what it made is gone, and what comes in with it brings no rows
        shutil.rmtree(old.settings.lake_url)
        old.settings.key_file.unlink()
        old_ids = {second_hash(bytes.fromhex(NEW_MONITOR), f"{number:064x}") for number in range(1, PUPILS + 1)}
        assert not set(new.lake.read_layer("gekoppeld", "traject", YEAR)["leerling_id"]) & old_ids
        new.drop("groeimee", f"oud_{TRAJECTEN}", csv_bytes(valid_records("trajecten", PUPILS)), "2023-03-02T10:00")
        new.take_in()
        assert [verdict for *_, verdict in new.verdicts()] == [False, True, False]
        assert cube(new).equals(before)

"""The large demo at a small size: what the gate says of every file is what SLEUTEL.json says."""

import json
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from benchmarks.country_yardsticks import LAYER, YEAR, by_pandas, by_polars
from jos_pipeline.demo.large import REGION, SIZES, Size, write_large
from jos_pipeline.demo.large.planted import ERRORS
from jos_pipeline.intake.gate import Verdict
from jos_pipeline.region import Region, load_region
from jos_pipeline.school_year import SchoolYear
from schemas.contracts import CONTRACTS
from tests.verdicts import verdicts_of

SMALL = Size("Klein (verzonnen)", 2, 3, 8, 1_200)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("groot")
    assert write_large(directory, SchoolYear(2022), 5, SMALL) > 10_000
    return directory


@pytest.fixture(scope="module")
def known(written: Path) -> Region:
    return load_region(str(written / REGION))


@pytest.fixture(scope="module")
def verdicts(written: Path, known: Region) -> dict[tuple[str, str], Verdict]:
    return verdicts_of(written / "inbox", known)


def _key(written: Path) -> list[dict[str, Any]]:
    return list(json.loads((written / "SLEUTEL.json").read_text(encoding="utf-8")))


def test_the_region_has_the_suppliers_of_its_size(known: Region) -> None:
    assert len(known.leveranciers) == SMALL.suppliers
    assert len(known.school_years) == 3
    assert 1_850 <= SIZES["landelijk"].suppliers <= 1_950


def test_the_gate_finds_what_was_planted_and_nothing_else(
    written: Path, verdicts: dict[tuple[str, str], Verdict]
) -> None:
    said = {
        (one["leverancier"], one["bestand"]): (
            one["oordeel"],
            {(f["code"], f["kolom"], f["aantal"], tuple(f["rijen"])) for f in one["bevindingen"]},
        )
        for one in _key(written)
    }
    found = {
        name: (
            str(verdict.oordeel),
            {(f.code, f.kolom, f.aantal, f.rijen) for f in verdict.findings if f.code.startswith("JOS-E")},
        )
        for name, verdict in verdicts.items()
    }
    assert found == said
    assert Counter(oordeel for oordeel, _ in found.values()).keys() == {
        "geaccepteerd",
        "geaccepteerd_met_afkeur",
        "afgekeurd",
    }


def test_every_soort_but_the_form_comes_in_every_school_year(verdicts: dict[tuple[str, str], Verdict]) -> None:
    accepted = {(v.soort, v.schooljaar) for v in verdicts.values() if v.accepted is not None and v.accepted.height}
    assert {soort for soort, _ in accepted} == set(CONTRACTS) - {"opgave"}
    assert len(accepted) == 3 * (len(CONTRACTS) - 1)
    assert set(ERRORS) <= set(CONTRACTS)


def test_the_same_seed_gives_the_same_files(written: Path, tmp_path: Path) -> None:
    write_large(tmp_path, SchoolYear(2022), 5, SMALL)
    assert (tmp_path / "SLEUTEL.json").read_bytes() == (written / "SLEUTEL.json").read_bytes()
    for path in (written / "inbox").rglob("*.csv"):
        assert (tmp_path / path.relative_to(written)).read_bytes() == path.read_bytes()


def test_pupils_are_found_again_in_the_next_school_year(verdicts: dict[tuple[str, str], Verdict]) -> None:
    by_year: dict[str, set[str]] = {}
    for verdict in verdicts.values():
        if verdict.soort == "leerlingen" and verdict.accepted is not None and verdict.schooljaar:
            by_year.setdefault(verdict.schooljaar, set()).update(verdict.accepted["pseudoniem"])
    first, second, _ = (by_year[year] for year in sorted(by_year))
    assert 0.6 < len(first & second) / len(second) < 0.9


def test_the_yardsticks_of_the_benchmark_keep_the_rows_that_the_gate_accepts(
    written: Path, verdicts: dict[tuple[str, str], Verdict]
) -> None:
    last = {
        (verdict.soort, verdict.leverancier): verdict.accepted.height
        for (_, name), verdict in verdicts.items()
        if verdict.schooljaar == str(YEAR) and verdict.accepted is not None and "_eerste" not in name
    }
    # by hand nobody makes one spell of two that overlap
    soorten = {soort for soort, _ in last if soort and not CONTRACTS[soort].spell}
    accepted = {soort: sum(rows for (one, _), rows in last.items() if one == soort) for soort in soorten}
    assert by_polars(written) > 100
    home = written / "by-hand" / LAYER
    assert {soort: pl.read_parquet(home / soort / f"{YEAR}.parquet").height for soort in soorten} == accepted
    assert by_pandas(written) > 100
    with sqlite3.connect(written / "by-pandas.db") as database:
        assert {soort: database.execute(f"SELECT count(*) FROM {soort}").fetchone()[0] for soort in soorten} == accepted

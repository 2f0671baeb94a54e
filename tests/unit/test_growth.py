"""Nothing around the figures takes four times the work per supplier when there are four times as many suppliers.

Work is counted in instructions of our own modules, not in seconds, so that a busy machine changes nothing.
"""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import FrameType
from typing import Any

import pandas as pd
import pytest

from assets.bronnen import MOST_TAGS, _tags
from assets.intake import new_files
from benchmarks.suppliers import YEAR, size_of
from jos_pipeline.delivery_calendar import states_of
from jos_pipeline.demo.large.places import make_places, write_region_files
from jos_pipeline.expectations.deliveries import compared
from jos_pipeline.region import Region, all_municipalities, load_region
from resources.inbox import Inbox, LocalFolder
from resources.ledger import Receipt

FEW, MANY = 60, 240
OURS = ("/jos_pipeline/", "/assets/", "/resources/")


def _region(directory: Path, suppliers: int) -> Region:
    write_region_files(make_places(size_of(suppliers), YEAR, all_municipalities()), directory)
    return load_region(str(directory))


def _ledger(region: Region) -> pd.DataFrame:
    """Every delivery of three school years; one in five was refused, and a later one of most of those accepted."""
    moment = pd.Timestamp(datetime(2023, 2, 5, tzinfo=UTC))
    places = [
        (one.id, soort, year) for year in region.school_years for one in region.leveranciers for soort in one.levert
    ]
    rows = [
        {
            "id": number,
            "leverancier": who,
            "soort": soort,
            "schooljaar": year,
            "bestand": f"{soort}_{year}.csv",
            "grootte": number,
            "sha256": f"{number:064x}",
            "gewijzigd_op": moment,
            "ontvangen_op": moment,
            "peildatum": date(int(year[5:]), 2, 1),
            "oordeel": "afgekeurd" if number % 5 == 0 else "geaccepteerd",
            "rijen_geaccepteerd": 0 if number % 5 == 0 else 50,
            "geldend": number % 5 != 0,
            "getoetst_aan": None,
            "vervangt": None,
        }
        for number, (who, soort, year) in enumerate(places)
    ]
    return pd.DataFrame(rows)


def work_of(work: Callable[[], Any]) -> int:
    """How many instructions of our own modules are carried out while something is done."""
    count = 0

    def ours(frame: FrameType, event: str, _argument: object) -> Any:
        nonlocal count
        if not any(part in frame.f_code.co_filename for part in OURS):
            return None
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        count += event == "opcode"
        return ours

    before = sys.gettrace()
    sys.settrace(ours)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


WORK: dict[str, Callable[[Region, pd.DataFrame, Path], Any]] = {
    "check the region": lambda region, _known, _inbox: Region.model_validate(region.model_dump()),
    "the calendar": lambda region, known, _inbox: states_of(region, str(YEAR), known, date(2023, 6, 1)),
    "what is compared": lambda _region, known, _inbox: compared(known, "leerlingen", str(YEAR)),
    "new files": lambda region, known, inbox: new_files(
        Inbox(LocalFolder(inbox)), Inbox(LocalFolder(inbox)).files(), known, region
    ),
}


@pytest.fixture(scope="module")
def installations(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Region, pd.DataFrame, Path]]:
    made = []
    for suppliers in (FEW, MANY):
        directory = tmp_path_factory.mktemp(f"leveranciers-{suppliers}")
        region = _region(directory / "regio", suppliers)
        known = _ledger(region)
        for row in known.itertuples():
            file = directory / "inbox" / row.leverancier / row.bestand
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        made.append((region, known, directory / "inbox"))
    return made


@pytest.mark.parametrize("name", WORK)
def test_four_times_the_suppliers_is_about_four_times_the_work(
    name: str, installations: list[tuple[Region, pd.DataFrame, Path]]
) -> None:
    for installation in installations:
        WORK[name](*installation)  # what is kept for the next time is not counted
    few, many = (work_of(lambda one=one: WORK[name](*one)) for one in installations)
    assert many <= 5 * few, f"{few} instructions became {many}"


def test_a_run_of_a_whole_country_has_no_tag_for_each_supplier(
    installations: list[tuple[Region, pd.DataFrame, Path]],
) -> None:
    region, _, _ = installations[1]
    receipts = [
        Receipt(number, one.id, "x.csv", "leerlingen", str(YEAR), "geaccepteerd", "0" * 64, 1, 0, True, ())
        for number, one in enumerate(region.leveranciers)
    ]
    assert len(_tags(receipts[:MOST_TAGS], region)) == MOST_TAGS
    assert _tags(receipts, region) == {"levering/leveranciers": str(len(region.leveranciers))}

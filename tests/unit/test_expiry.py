"""What has had its time goes; never what is in force, in a year that is processed, or behind a publication."""

from datetime import UTC, date, datetime

import pandas as pd

from jos_pipeline.expiry import Expired, Kept, expired_feedback, expired_in_lake, expired_pages, needed_for
from jos_pipeline.mirror.supplier_page import folder_of
from jos_pipeline.retention import LEFTOVERS, PAGES_LEFT, WORDS, Retention, months_after
from resources.lake import audit_file

RETENTION = Retention()
YEAR, OLD = "2025-2026", "2019-2020"
TODAY = date(2026, 11, 26)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def row(number: int, year: str, day: str, *, geldend: bool, vervangt: int | None = None) -> dict[str, object]:
    return {
        "id": number,
        "leverancier": "groeimee",
        "bestand": f"trajecten_{year}_{day}.csv",
        "soort": "trajecten",
        "schooljaar": year,
        "sha256": f"{number}" * 64,
        "oordeel": "geaccepteerd",
        "ontvangen_op": pd.Timestamp(moment(day)),
        "beoordeeld_op": pd.Timestamp(moment(day)),
        "geldend": geldend,
        "vervangt": vervangt,
    }


LEDGER = pd.DataFrame(
    [
        row(1, OLD, "2020-01-01", geldend=False),
        row(2, OLD, "2020-02-01", geldend=True, vervangt=1),
        row(3, YEAR, "2025-09-01", geldend=False),
        row(4, YEAR, "2025-11-20", geldend=False, vervangt=3),
        row(5, YEAR, "2025-11-30", geldend=True, vervangt=4),
    ]
).astype({"vervangt": "Int64"})


def lies(number: int, layer: str = "geaccepteerd") -> str:
    known = LEDGER.set_index("id").loc[number]
    return f"{layer}/trajecten/{known['schooljaar']}/groeimee/{known['sha256'][:16]}.parquet"


def found(*names: str, needed: frozenset[int] = frozenset(), years: tuple[str, ...] = (YEAR,)) -> dict[str, Expired]:
    files = dict.fromkeys(names, moment("2020-01-01"))
    kept = Kept(LEDGER, needed, years, TODAY)
    return {one.naam: one for one in expired_in_lake(files, kept, RETENTION)}


ALL = tuple(lies(number) for number in range(1, 6))


def test_replaced_deliveries_go_a_year_after_they_were_replaced_and_old_school_years_altogether():
    assert {name: one.klasse for name, one in found(*ALL).items()} == {
        lies(1): "vervangen_leveringen",
        lies(2): "leveringen",
        lies(3): "vervangen_leveringen",  # replaced on 20 November 2025; number 4 was replaced ten days later
    }


def test_a_delivery_behind_a_publication_that_must_be_countable_stays():
    assert set(found(*ALL, needed=frozenset({2, 3}))) == {lies(1)}
    out = [(moment("2024-11-25"), {1, 2}), (moment("2024-11-27"), {3})]
    assert needed_for(out, RETENTION, TODAY) == {3}


def test_rows_in_force_of_a_school_year_that_is_processed_wait_for_the_steward():
    waiting = found(*ALL, "gekoppeld/traject/2019-2020.parquet", years=(OLD, YEAR))
    assert {name for name, one in waiting.items() if one.wacht} == {lies(2), "gekoppeld/traject/2019-2020.parquet"}
    assert "eerste_schooljaar" in waiting[lies(2)].wacht


def test_every_layer_has_its_period():
    names = {
        "gevalideerd/trajecten/2019-2020.parquet": "leveringen",
        "gekoppeld/traject/2019-2020.parquet": "leveringen",
        "indicatoren/kubus/2019-2020.parquet": "interne_cijfers",
        "publicatie/beveiligd/2019-2020.json": "interne_cijfers",
        f"publicatie/geteld_uit/2019-2020.{'e' * 64}.parquet": "interne_cijfers",
        f"publicatie/onafgerond_uit/2019-2020.{'e' * 64}.parquet": "interne_cijfers",
        lies(5, "quarantaine"): "afgekeurde_rijen",
        "gekoppeld/traject/.2025-2026.parquet.0a1b": LEFTOVERS,
    }
    kept = (
        "gekoppeld/traject/2025-2026.parquet",
        "vergeten.json",
        "bronnen/duo/2019-2020.parquet",
        audit_file("2019-2020/2020-02-01/1"),
    )
    assert {name: one.klasse for name, one in found(*names, *kept).items()} == names
    assert set(names.values()) <= set(WORDS)


def test_a_file_that_nobody_refers_to_goes_by_its_own_age():
    stray = f"geaccepteerd/trajecten/{YEAR}/groeimee/{'f' * 16}.parquet"
    assert found(stray)[stray].klasse == "vervangen_leveringen"


def test_feedback_on_what_is_in_force_or_unknown_stays():
    rows = enumerate(LEDGER.itertuples(), start=1)
    folders = {number: f"groeimee/{folder_of(one.bestand, one.sha256)}" for number, one in rows}
    kept = Kept(LEDGER, frozenset(), (YEAR,), TODAY)
    assert expired_feedback({*folders.values(), "groeimee/iets"}, kept, RETENTION) == [
        Expired("terugkoppeling", folders[1])
    ]


def test_a_month_ends_on_the_last_day_there_is():
    assert months_after(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert months_after(date(2024, 11, 30), 13) == date(2025, 12, 30)
    assert months_after(date(2024, 12, 31), 12) == date(2025, 12, 31)


def test_half_a_page_goes_when_its_process_must_be_gone():
    halves = {"terugkoppeling/x/.a": moment("2026-11-24"), "terugkoppeling/x/.b": moment("2026-11-25T12:00")}
    assert expired_pages(halves, TODAY) == [Expired(PAGES_LEFT, "terugkoppeling/x/.a")]

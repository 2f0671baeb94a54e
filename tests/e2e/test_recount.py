"""Every figure of the demo against an independent recount from the delivery files (spec 2 and 3.2)."""

import sqlite3
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from jos_pipeline.region import load_region
from schemas.indicators import INDICATOR_IDS
from tests.e2e import recount as rc
from tests.e2e import recount_records as rr
from tests.finished_demo import FinishedDemo

YEAR, DAY = "2022-2023", date(2023, 2, 1)
VISIBLE = ("ok", "laag_betrouwbaar")
SMALL, ONE_PROFESSIONAL = 10, 2
ROUNDED = 5.1e-7
"""A published waarde has at most six decimals."""

MEDIANS = {"wachttijd_jos": 0} | dict.fromkeys(
    ("wachttijd_jeugdhulp", "wachttijd_sociaal_team", "wachttijd_vso", "trajectduur"), 1
)
"""Medians and their decimals: whole days, weeks with one (spec 3.2)."""

OPEN_DATA = {"duo_leerlingen", "duo_slaagpercentage"}
"""Not from deliveries: counted again in ``test_recount_open_data``."""

RARE = {"terugstroom", "uitval_onderwijs_jos"}
"""So few that the demo hides them everywhere."""

MEANS = {"samenwerking", "nut", "externe_begeleiders"}
"""Published with one decimal (spec 3.2)."""

INDICATORS = tuple(name for name in INDICATOR_IDS.values if name not in OPEN_DATA)


@dataclass(frozen=True)
class Compared:
    """The figures of the demo with the recount beside them; columns of the recount end in ``_na``."""

    deliveries: pd.DataFrame
    rows_read: pd.Series
    published: pd.DataFrame
    """Every published row of the recounted indicators."""
    visible: pd.DataFrame
    """Those of them that show a figure."""
    internal: pd.DataFrame
    """The internal figures, of which the hidden ones can be compared too."""


@pytest.fixture(scope="module")
def compared(finished_demo: FinishedDemo) -> Compared:
    region = load_region()
    deliveries = rr.in_force(finished_demo.warehouse, YEAR)
    records = rr.read_records(finished_demo.inbox, deliveries, region, YEAR, DAY)
    in_force = set(zip(deliveries["leverancier"], deliveries["soort"], strict=True))
    figures = rc.recount(records, in_force, region, YEAR, DAY).reset_index()
    published = _recounted(_published(finished_demo.warehouse))
    internal = _recounted(pd.read_parquet(finished_demo.home / "lake" / "indicatoren" / "kubus" / f"{YEAR}.parquet"))
    return Compared(
        deliveries,
        _rows_read(records),
        published,
        _beside(published[published["waarde_status"].isin(VISIBLE)], figures),
        _beside(internal, figures),
    )


def _published(warehouse: Path) -> pd.DataFrame:
    link = sqlite3.connect(f"file:{warehouse}?mode=ro", uri=True)
    try:
        query = "SELECT * FROM monitor_indicator WHERE schooljaar = ? AND peildatum = ?"
        return pd.read_sql_query(query, link, params=(YEAR, DAY.isoformat()))
    finally:
        link.close()


def _recounted(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["indicator"].isin(INDICATORS)]


_BOTH = ("waarde", "teller", "noemer", "personen", "n_verwacht", "n_geleverd", "herkomst")


def _beside(rows: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    figures = figures.rename(columns={name: f"{name}_na" for name in _BOTH})
    return rows.merge(figures, on=rc.KEY, how="left", indicator="gevonden", validate="one_to_one")


def _rows_read(records: rr.Records) -> pd.Series:
    return pd.Series(Counter((soort, row.leverancier) for soort, rows in records.rows.items() for row in rows))


def _told(rows: pd.DataFrame, *columns: str) -> str:
    """The rows as a readable report: how many per indicator and level, and the first sixty."""
    counts = rows.groupby(["indicator", "niveau"]).size().to_string()
    return f"{len(rows)} rows\n{counts}\n{rows[[*rc.KEY, *columns]].head(60).to_string()}"


def _differs(found: pd.Series, expected: pd.Series, slack: float) -> pd.Series:
    found, expected = found.astype(float), expected.astype(float)
    return (found.isna() != expected.isna()) | ((found - expected).abs() > slack)


def _differences(rows: pd.DataFrame, slack: float) -> pd.DataFrame:
    """Rows of which waarde, teller or noemer is not that of the recount, or that the recount does not know.

    A count has no noemer and a median no teller of its own: where the figure leaves it empty, there is nothing to say.
    """
    wrong = (
        rows["gevonden"].ne("both")
        | _differs(rows["waarde"], rows["waarde_na"], slack)
        | (rows["teller"].notna() & _differs(rows["teller"], rows["teller_na"], ROUNDED))
        | (rows["noemer"].notna() & _differs(rows["noemer"], rows["noemer_na"], ROUNDED))
    )
    return rows[wrong]


_COLUMNS = ("waarde", "waarde_na", "teller", "teller_na", "noemer", "noemer_na")


def test_the_recount_reads_the_rows_that_the_gate_accepted(compared: Compared) -> None:
    # Overlapping jeugdhulp is merged on both sides, so its rows cannot be compared one to one.
    accepted = compared.deliveries.set_index(["soort", "leverancier"])["rijen_geaccepteerd"].drop("jeugdhulp")
    read = compared.rows_read.reindex(accepted.index)
    assert read.eq(accepted).all(), f"\n{pd.DataFrame({'read': read, 'accepted': accepted})[read.ne(accepted)]}"
    rejected = compared.deliveries["afgekeurd"].map(len)
    assert rejected.eq(compared.deliveries["rijen_afgekeurd"]).all()
    assert rejected.sum() > 20, "the demo should have rejected rows, or this proves little"


@pytest.mark.parametrize("indicator", INDICATORS)
def test_every_visible_figure_is_what_the_recount_gives(compared: Compared, indicator: str) -> None:
    rows = compared.visible[compared.visible["indicator"] == indicator]
    assert rows.empty == (indicator in RARE), "nothing of it is visible at any level, or no longer nothing"
    wrong = _differences(rows, ROUNDED + 0.05 * (indicator in MEANS))
    assert wrong.empty, _told(wrong, *_COLUMNS)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_every_internal_figure_is_what_the_recount_gives(compared: Compared, indicator: str) -> None:
    """Hidden figures must be right too: they decide what is hidden. Medians are not rounded yet."""
    rows = compared.internal[(compared.internal["indicator"] == indicator) & compared.internal["waarde"].notna()]
    slack = 0.5 * 10.0 ** -MEDIANS[indicator] if indicator in MEDIANS else 0
    wrong = _differences(rows, slack + ROUNDED)
    assert wrong.empty, _told(wrong, *_COLUMNS)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_a_figure_is_only_missing_where_there_is_nothing_to_tell(compared: Compared, indicator: str) -> None:
    rows = compared.internal[compared.internal["indicator"] == indicator]
    missing = rows[rows["waarde_status"].isin(["geen_waarnemingen", "niet_van_toepassing"])]
    wrong = missing[missing["waarde_na"].fillna(0).astype(float) != 0]
    assert wrong.empty, _told(wrong, "waarde_status", *_COLUMNS)


def test_the_comparison_is_worth_something(compared: Compared) -> None:
    rows = compared.visible[compared.visible["gevonden"].eq("both")]
    assert rows["indicator"].nunique() >= 20, sorted(rows["indicator"].unique())
    assert len(rows) >= 800
    per_level = rows.groupby("niveau").size()
    assert set(per_level.index) == {"regio", "samenwerkingsverband", "gemeente", "school"}
    assert per_level.min() >= 50, per_level.to_dict()
    assert set(rows["periode"]) == {"schooljaar", "halfjaar_1", "halfjaar_2"}
    assert rows["uitsplitsing"].nunique() >= 6, sorted(rows["uitsplitsing"].unique())
    assert compared.internal["waarde"].notna().sum() >= 5000


def test_a_recount_that_is_off_by_one_is_noticed(compared: Compared) -> None:
    """The comparison itself can fail."""
    shifted = replace(compared, visible=compared.visible.assign(teller_na=compared.visible["teller_na"] + 1))
    with pytest.raises(AssertionError):
        test_every_visible_figure_is_what_the_recount_gives(shifted, "jos_leerlingen")


def test_ranks_follow_the_counts(compared: Compared) -> None:
    """Spec 2.2: rang 1..10. Equal counts may share a rank or be put in any order."""
    ranked = compared.internal[compared.internal["rang"].notna()]
    assert len(ranked) >= 100
    assert set(ranked["indicator"]) == {"problematiek_top10"}
    first, last = (ranked["plaats_in_rangorde"].str[at] for at in (0, 1))
    wrong = ranked[(ranked["rang"] < first) | (ranked["rang"] > last) | (ranked["rang"] > 10)]
    assert wrong.empty, _told(wrong, "rang", "plaats_in_rangorde")


@pytest.mark.parametrize(
    ("column", "least"),
    [("personen_na", SMALL), ("rest", SMALL), ("medewerkers", ONE_PROFESSIONAL)],
    ids=["few persons", "nearly everybody", "one professional"],
)
def test_no_visible_figure_rests_on_few(compared: Compared, column: str, least: int) -> None:
    """Spec 3.2, rules 1 and 2, by the counts of the recount and not those of the pipeline."""
    told = compared.visible[compared.visible[column].notna()]
    assert len(told) >= 50, "too few figures tell about persons to prove anything"
    small = told[told[column] < least]
    assert small.empty, _told(small, "waarde", "teller", "noemer", column)


@pytest.mark.parametrize("closed", ["categorie", "gebied"])
def test_hiding_closes_a_breakdown_as_a_whole(compared: Compared, closed: str) -> None:
    """One hidden category (or one area of a level) beside visible ones and a visible total is no secret. Two may be:
    the audit hides a few counts of a breakdown where that is enough.
    """
    split = compared.published[compared.published["uitsplitsing"] != "totaal"]
    rest = [name for name in rc.KEY if name != closed]
    statuses = split.groupby(rest)["waarde_status"].agg(list)
    hidden = statuses[statuses.map(lambda found: "onderdrukt" in found)]
    assert len(hidden) >= 100, "hardly anything is hidden: this proves nothing"
    mixed = hidden[hidden.map(lambda found: bool(set(found) & set(VISIBLE)))]
    alone = mixed[mixed.map(lambda found: found.count("onderdrukt") == 1)]
    assert alone.empty, f"{len(alone)} are hidden beside visible ones only\n{alone.head(40).to_string()}"
    assert len(mixed) < len(hidden) / 20, "nearly always a breakdown is closed as a whole"


@pytest.mark.parametrize(
    "indicator",
    [
        *("leerlingen", "jos_leerlingen", "jos_bereik", "jos_trajecten_nieuw", "jos_trajecten_lopend"),
        *("jos_trajecten_afgesloten", "fte", "leerlingen_per_fte", "jos_leerlingen_per_fte", "uren", "respons"),
        *("wachttijd_jos", "wachttijd_jeugdhulp", "wachttijd_sociaal_team", "trajectduur", "zonder_vervolg"),
        *("samenloop", "tlv_afgegeven", "thuiszitters"),
    ],
)
def test_the_total_of_the_region_is_there_for_large_figures(compared: Compared, indicator: str) -> None:
    """Hiding must not be an excuse: about hundreds of pupils the region tells what it knows."""
    totals = compared.published[(compared.published[["niveau", "uitsplitsing"]] == ["regio", "totaal"]).all(axis=1)]
    row = totals[(totals["indicator"] == indicator) & (totals["periode"] == "schooljaar")]
    assert row["waarde_status"].isin(VISIBLE).tolist() == [True], row["waarde_status"].tolist()

"""How well sources link: what is counted, what may be told of it, and what does not matter."""

from datetime import date
from typing import Any

import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from linked_rows import YEAR, random_frames, rows, small_region
from polars.testing import assert_frame_equal

from jos_pipeline.expectations.measures import Sources
from jos_pipeline.expectations.page import expectations_html
from jos_pipeline.expectations.sources import also_read, source_measures
from jos_pipeline.indicators.links import remarks
from jos_pipeline.linkage import ALL, MEASURES, SHARES, TOLD, person_soorten, shares, told
from jos_pipeline.linking import empty_frame
from resources.warehouse import WarehouseStore
from tests.unit.test_key_domains import with_keys

SMALL = small_region()


def part(counted: pl.DataFrame, soort: str, maat: str, who: str = "l1") -> tuple[int, int] | None:
    found = counted.filter(soort=soort, maat=maat, leverancier=who).select("deel", "geheel").rows()
    return found[0] if found else None


def pupils(*names: str, **cell: Any) -> list[dict[str, Any]]:
    return [{"leerling_id": name, **cell} for name in names]


# --- what is counted ---------------------------------------------------------------------------------------------


def test_a_person_is_found_at_the_schools_or_at_the_school_that_the_row_names() -> None:
    frames = {
        "leerlingen": rows("leerlingen", *pupils("a", "b"), *pupils("c", school="10BB00")),
        "trajecten": rows("trajecten", *pupils("a", "b", "c", "x"), {"leerling_id": None}, *pupils("a")),
    }
    counted = shares(frames, SMALL)
    assert part(counted, "trajecten", "met_pseudoniem") == (5, 6)
    assert part(counted, "trajecten", "gevonden") == (3, 4)
    assert part(counted, "trajecten", "gevonden_op_school") == (2, 4)
    assert part(counted, "trajecten", "niet_gekoppeld") == (2, 6)
    assert part(counted, "trajecten", "dubbele_rijen") == (1, 5)


def test_of_a_school_that_sent_nothing_nobody_is_expected() -> None:
    frames = {
        "leerlingen": rows("leerlingen", *pupils("a")),
        "tlv": rows("tlv", *pupils("a", "b", school="10BB00")),
        "thuiszitters": rows("thuiszitters", *pupils("a", school="10AA00"), *pupils("b")),
    }
    counted = shares(frames, SMALL)
    assert part(counted, "tlv", "gevonden") is None
    assert part(counted, "thuiszitters", "gevonden") is None  # absoluut: without a school


def test_youth_care_is_looked_up_at_the_age_of_secondary_school() -> None:
    frames = {
        "leerlingen": rows("leerlingen", *pupils("a", "b")),
        "jeugdhulp": rows("jeugdhulp", *pupils("a", "x"), *pupils("b", leeftijdsklasse="4-7")),
    }
    assert part(shares(frames, SMALL), "jeugdhulp", "gevonden") == (1, 2)


def test_sources_that_contradict_the_school_about_a_person() -> None:
    earlier = {"leerling_id": "a", "woongemeente": "GM0002", "inschrijfdatum": date(2020, 8, 1), "school": "10BB00"}
    frames = {
        "leerlingen": rows("leerlingen", earlier, *pupils("a", "b", "c")),
        "jeugdhulp": rows(
            "jeugdhulp",
            *pupils("a", woongemeente="GM0001", leeftijdsklasse="14-15"),
            *pupils("b", woongemeente="GM0002", leeftijdsklasse="16-17"),
            *pupils("x", woongemeente="GM0002"),
        ),
    }
    counted = shares(frames, SMALL)
    assert part(counted, "jeugdhulp", "andere_woongemeente") == (1, 2)
    assert part(counted, "jeugdhulp", "andere_leeftijdsklasse") == (1, 2)


def test_a_person_of_two_suppliers_of_one_soort() -> None:
    two = [rows("leerlingen", *pupils("a", "b")), rows("leerlingen", *pupils("b"), leverancier="l2")]
    counted = shares({"leerlingen": pl.concat(two)}, SMALL)
    assert part(counted, "leerlingen", "bij_meer_leveranciers") == (1, 2)
    assert part(counted, "leerlingen", "bij_meer_leveranciers", "l2") == (1, 1)


def test_persons_are_looked_for_among_schools_with_the_same_key() -> None:
    frames = {
        "leerlingen": rows("leerlingen", *pupils("a"), leverancier="10aa00"),
        "trajecten": rows("trajecten", *pupils("a"), leverancier="jos"),
    }
    assert part(shares(frames, SMALL), "trajecten", "gevonden", "jos") == (1, 1)
    assert part(shares(frames, with_keys(jos="ander")), "trajecten", "gevonden", "jos") is None


def test_nothing_delivered_is_an_empty_report() -> None:
    empty = shares({soort: empty_frame(soort) for soort in person_soorten()}, SMALL)
    assert (empty.height, dict(empty.schema)) == (0, SHARES)
    assert dict(told(empty, 10).schema) == TOLD


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000), shift=st.integers(1, 10_000))
def test_the_names_of_persons_do_not_matter(seed: int, shift: int) -> None:
    frames = random_frames(SMALL, 60, seed)
    renamed = {
        soort: frame.with_columns(leerling_id=pl.lit(f"{shift}-") + pl.col("leerling_id"))
        if "leerling_id" in frame.columns
        else frame
        for soort, frame in frames.items()
    }
    assert_frame_equal(shares(frames, SMALL), shares(renamed, SMALL))


# --- what may be told ----------------------------------------------------------------------------------------------


def counted(*parts: tuple[str, int, int]) -> pl.DataFrame:
    cells = [("tlv", who, "regio", "gevonden", some, whole) for who, some, whole in parts]
    return pl.DataFrame(cells, schema=SHARES, orient="row")


@given(whole=st.integers(1, 3000), share=st.floats(0, 1), smallest=st.integers(2, 10))
def test_a_class_never_tells_a_small_part_or_a_small_rest(whole: int, share: float, smallest: int) -> None:
    some = round(whole * share)
    (row,) = told(counted(("l1", some, whole)), smallest).filter(leverancier="l1").to_dicts()
    low, high = row["procent_min"], row["procent_max"]
    if low is None:
        assert whole <= 2 * smallest
        return
    assert low * whole <= 100 * some <= high * whole
    like_it = [n for n in range(whole + 1) if told_class(n, whole, smallest) == (low, high)]
    for of in (like_it, [whole - n for n in like_it]):
        if min(of) < smallest:
            assert {0, smallest} <= set(of)


def told_class(some: int, whole: int, smallest: int) -> tuple[int, int]:
    """The class by plain arithmetic: the narrowest that holds more than the smallest number."""
    width = next(step for step in (1, 2, 5, 10, 20, 25, 50) if whole * step > 100 * smallest)
    low = min(100 * some // (whole * width) * width, 100 - width)
    return low, low + width


@given(
    parts=st.lists(
        st.integers(1, 400).flatmap(lambda whole: st.tuples(st.integers(0, whole), st.just(whole))),
        min_size=1,
        max_size=5,
    ),
    data=st.data(),
)
def test_the_whole_soort_tells_nothing_that_its_suppliers_do_not(
    parts: list[tuple[int, int]], data: st.DataObject
) -> None:
    """Other numbers with the same classes give the same line of the soort."""

    def as_told(these: list[tuple[int, int]]) -> pl.DataFrame:
        return told(counted(*((f"l{n}", some, whole) for n, (some, whole) in enumerate(these))), 10)

    first = as_told(parts)
    chosen = []
    for some, whole in parts:
        if whole <= 20:
            alike = list(range(whole + 1))
        else:
            alike = [n for n in range(whole + 1) if told_class(n, whole, 10) == told_class(some, whole, 10)]
        chosen.append((data.draw(st.sampled_from(alike)), whole))
    assert_frame_equal(first, as_told(chosen))


@pytest.mark.parametrize(
    ("some", "whole", "zin"),
    [
        (300, 300, "95 procent of meer"),
        (0, 300, "hoogstens 5 procent"),
        (160, 300, "50 tot 55 procent"),
        (12, 15, "te weinig personen om te vertellen"),
    ],
)
def test_in_words(some: int, whole: int, zin: str) -> None:
    assert set(told(counted(("l1", some, whole)), 10)["zin"]) == {zin}


# --- another key -----------------------------------------------------------------------------------------------------


def test_another_key_for_one_supplier_links_nobody_and_is_told() -> None:
    frames = random_frames(SMALL, 400)
    other = frames["trajecten"].with_columns(leerling_id=pl.lit("anders-") + pl.col("leerling_id"))
    assert part(shares(frames | {"trajecten": other}, SMALL), "trajecten", "gevonden")[0] == 0
    fired = {
        name: {m.value for m in source_measures(_beside("trajecten", made)) if m.name == "geen_enkele_gekoppeld"}
        for name, made in (("one", frames), ("other", frames | {"trajecten": other}))
    }
    assert fired == {"one": {0.0}, "other": {1.0}}


def test_a_school_with_another_key_is_told_among_schools_that_link() -> None:
    frames = random_frames(SMALL, 400)
    enrolled = frames["leerlingen"].with_columns(leverancier=pl.col("school").str.to_lowercase())
    wrong = pl.when(pl.col("leverancier") == "10bb00").then(pl.lit("anders-") + pl.col("leerling_id"))
    frames |= {"leerlingen": enrolled.with_columns(wrong.otherwise("leerling_id").alias("leerling_id"))}
    found = source_measures(_beside("leerlingen", frames))
    told_of = {m.leverancier: m.value for m in found if m.name == "school_zonder_bekenden"}
    assert told_of == {"10aa00": 0.0, "10bb00": 1.0, "10cc00": 0.0}


def test_a_declared_other_key_is_no_reason_for_a_warning() -> None:
    frames = random_frames(SMALL, 400)
    frames |= {
        "trajecten": frames["trajecten"].with_columns(
            leverancier=pl.lit("jos"), leerling_id=pl.lit("x") + pl.col("leerling_id")
        )
    }
    sources = Sources("trajecten", {s: frames[s] for s in ("trajecten", "leerlingen")}, with_keys(jos="ander"))
    assert not [m for m in source_measures(sources) if m.name == "geen_enkele_gekoppeld"]


@pytest.mark.parametrize(("others", "value"), [(40, 1.0), (0, None)])
def test_youth_care_that_links_nobody_is_told_when_another_gemeente_does_link(others: int, value: float | None) -> None:
    known = pupils(*(f"p{n}" for n in range(40)))
    strangers = rows("jeugdhulp", *pupils(*(f"x{n}" for n in range(40))), leverancier="gm0001")
    made = {
        "leerlingen": rows("leerlingen", *known),
        "jeugdhulp": pl.concat([strangers, rows("jeugdhulp", *known[:others], leverancier="gm0002")]),
    }
    found = source_measures(Sources("jeugdhulp", made, SMALL))
    assert {m.leverancier: m.value for m in found if m.name == "geen_enkele_gekoppeld"}["gm0001"] == value


def _beside(soort: str, frames: dict[str, pl.DataFrame]) -> Sources:
    return Sources(soort, {name: frames.get(name, empty_frame(name)) for name in (soort, *also_read(soort))}, SMALL)


# --- where it is told ------------------------------------------------------------------------------------------------


def test_readers_are_told_why_a_figure_does_not_exist_and_what_may_count_double() -> None:
    assert remarks(SMALL, YEAR) == []
    found = remarks(with_keys(jos="ander", gm0002="ander"), YEAR)
    why = {(row["indicator"], row["gebied"]): row["tekst"] for row in found if row["reden"] == "niet_te_koppelen"}
    assert "leerlingen, trajecten" in why["uitval_onderwijs_jos", "10AA00"]
    assert "(ander, regio)" in why["uitval_onderwijs_jos", "10AA00"]
    double = {(row["indicator"], row["gebied"]) for row in found if row["reden"] == "dubbel_geteld"}
    assert ("jeugdhulp_met_verblijf", "testregio") in double
    assert not {pair for pair in double if pair[0] in ("jos_leerlingen", "leerlingen")}


def test_the_warehouse_and_the_page_tell_the_same(tmp_path: Any) -> None:
    store = WarehouseStore(f"sqlite:///{tmp_path / 'w.db'}")
    rows_told = told(shares(random_frames(SMALL, 200), SMALL), 10)
    explained = remarks(with_keys(jos="ander"), YEAR)
    for _ in range(2):
        store.record_linkage(YEAR, rows_told, explained, "run")
    kept = store.linkage(YEAR)
    assert len(kept) == rows_told.height
    assert len(store.remarks(YEAR)) == len(explained) > 0
    assert store.linkage("2021-2022").empty
    columns = ["onderwerp", "controle", "verwachting", "code", "zin", "uitslag", "waar", "waargenomen", "eenheid"]
    page = expectations_html(
        "Testregio", YEAR, pd.DataFrame(columns=[*columns, "grens", "richting", "getoetst_op"]), kept
    )
    whole = kept[(kept["leverancier"] == ALL) & (kept["soort"] == "trajecten")]
    assert all(f"{MEASURES[row.maat]}</th><td>{row.zin}" in page for row in whole.itertuples())

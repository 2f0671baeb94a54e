"""Suppliers with pseudonyms of another key: what their figures are then, and that a wrong 0 is none of it."""

from typing import Any

import polars as pl
import pytest
from linked_rows import JUNE, YEAR, everything, random_frames, rows, small_region
from polars.testing import assert_frame_equal

from jos_pipeline.coverage import Coverage, UnitCoverage
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.indicators.context import View, seen_in
from jos_pipeline.indicators.cube import compute_cube
from jos_pipeline.indicators.links import LOOKED_UP, links, unlinkable
from jos_pipeline.indicators.narrow import narrowed
from jos_pipeline.indicators.words import WORDS
from jos_pipeline.linkage import shares
from jos_pipeline.linking import link
from jos_pipeline.region import Region, SupplierKind, load_region
from jos_pipeline.school_year import SchoolYear

LINKING = ("herhaald_beroep", "samenloop", "uitval_onderwijs_jos", "verzuim_16uur", "verzuim_langdurig")


def with_keys(**domain: str) -> Region:
    """The small region in which some suppliers have a key of their own."""
    of = small_region()
    changed = tuple(s.model_copy(update={"sleuteldomein": domain.get(s.id, "regio")}) for s in of.leveranciers)
    return of.model_copy(update={"leveranciers": changed})


def cube_of(frames: dict[str, pl.DataFrame], of: Region) -> pl.DataFrame:
    return compute_cube(link(frames, of, YEAR), Coverage(everything(of)), of, YEAR, JUNE)


def statuses(cube: pl.DataFrame, indicator: str) -> dict[str, str]:
    chosen = cube.filter(indicator=indicator, categorie="totaal", periode="schooljaar")
    return dict(chosen.select("gebied", "waarde_status").iter_rows())


def test_the_figures_that_look_persons_up_are_known_from_their_formulas() -> None:
    assert tuple(name for name, entry in sorted(INDICATORS.items()) if links(entry)) == LINKING
    assert links(INDICATORS["samenloop"]) == ("jeugdhulp", "leerlingen", "tlv", "trajecten")
    assert links(INDICATORS["herhaald_beroep"]) == ("trajecten",)
    assert links(INDICATORS["jos_bereik"]) == ()


def test_every_column_that_another_table_fills_in_is_known_as_a_link() -> None:
    of = small_region()
    linked = link({}, of, YEAR)
    base = narrowed(linked, {name: table.columns for name, table in linked.items()})
    year = SchoolYear.parse(YEAR)
    window = next(iter(year.windows(JUNE)))
    view = View(of, year, JUNE, window, UnitCoverage(of, Coverage(everything(of)), window.b))
    seen = set(seen_in(view, base)["leerling"].columns)
    own = {*base["leerling"].columns, *view.days, *(word for stage in WORDS["leerling"] for word in stage)}
    assert seen - own - {"plaats", "leerlingen_geleverd"} == {c for table, c in LOOKED_UP if table == "leerling"}


def test_sources_of_two_keys_have_no_figure_that_links_them() -> None:
    frames = random_frames(small_region(), 60)
    one, two = cube_of(frames, small_region()), cube_of(frames, with_keys(jos="aanbieder"))
    for name in ("samenloop", "uitval_onderwijs_jos"):
        assert set(statuses(one, name).values()) & {"ok", "laag_betrouwbaar"}
        assert set(statuses(two, name).values()) == {"niet_van_toepassing"}
        assert two.filter(indicator=name).select("waarde", "teller", "noemer").null_count().sum_horizontal()[0] == (
            3 * two.filter(indicator=name).height
        )
    others = pl.col("indicator").is_in(["samenloop", "uitval_onderwijs_jos"]).not_()
    assert_frame_equal(one.filter(others), two.filter(others))


def test_only_the_areas_that_hold_the_other_key_lose_the_figure() -> None:
    of = with_keys(gm0002="gemeente")
    found = statuses(cube_of(random_frames(of, 60), of), "samenloop")
    assert {gebied for gebied, status in found.items() if status == "niet_van_toepassing"} == {
        *("testregio", "VO0002", "GM0002", "10CC00"),
        "GM0003",  # has no school
    }


def test_a_school_with_a_key_for_all_that_it_sends_links_within_itself() -> None:
    of = with_keys(**{"10aa00": "eigen"})
    found = statuses(cube_of(random_frames(of, 60), of), "verzuim_16uur")
    assert found["testregio"] == found["10AA00"] == "ok"


def test_a_later_traject_is_looked_for_in_the_whole_area() -> None:
    of = small_region()
    jos = next(s for s in of.leveranciers if s.id == "jos")
    first = jos.model_copy(update={"scholen": ("10AA00",)})
    second = jos.model_copy(update={"id": "ander", "scholen": ("10BB00", "10CC00"), "sleuteldomein": "ander"})
    of = of.model_copy(update={"leveranciers": (first, second, *of.leveranciers[1:])})
    units = UnitCoverage(of, Coverage(everything(of)), JUNE)
    apart = unlinkable(units, [INDICATORS["herhaald_beroep"]])
    assert set(apart["gebied"]) == {"testregio", "GM0001", "VO0001"}
    assert apart["domeinen"].to_list() == [["ander", "regio"]] * 3


def test_what_a_school_reported_itself_needs_no_linking() -> None:
    of = with_keys(jos="aanbieder")
    reported: dict[str, Any] = {"indicator": "samenloop", "school": "10AA00"}
    bounds = {"teller_min": 3, "teller_max": 3, "noemer_min": 12, "noemer_max": 12}
    frames = {"opgave": rows("opgave", reported | bounds)}
    nothing = compute_cube(link(frames, of, YEAR), Coverage(frozenset()), of, YEAR, JUNE)
    found = nothing.filter(indicator="samenloop", categorie="totaal", periode="schooljaar")
    at_school = found.filter(gebied="10AA00").to_dicts()[0]
    assert (at_school["waarde"], at_school["herkomst"]) == (0.25, "opgave")


@pytest.mark.parametrize("kind", list(SupplierKind))
def test_one_key_for_all_is_the_default(kind: SupplierKind) -> None:
    suppliers = [s for s in small_region().leveranciers if s.soort is kind]
    assert {s.sleuteldomein for s in suppliers} == {"regio"}


def test_suppliers_go_over_to_a_new_key_one_after_another_and_in_the_end_everything_links_as_before() -> None:
    """Domains are the names of keys: a supplier gets the new name once it delivered again with the new key."""
    frames = {
        soort: rows.with_columns(leverancier=pl.lit(small_region().suppliers_of(soort)[0].id))
        for soort, rows in random_frames(small_region(), 60).items()
    }
    old = cube_of(frames, small_region())
    suppliers = sorted({str(supplier.id) for supplier in small_region().leveranciers})
    half, linked = suppliers[: len(suppliers) // 2], ["samenloop", "uitval_onderwijs_jos"]

    between = cube_of(delivered_anew(frames, half), with_keys(**dict.fromkeys(half, "nieuw")))
    found = set(between.filter(pl.col("indicator").is_in(linked), gebied="testregio")["waarde_status"])
    assert found == {"niet_van_toepassing"}, "no figure is wrong meanwhile: it is not there"

    of, anew = with_keys(**dict.fromkeys(suppliers, "nieuw")), delivered_anew(frames, suppliers)
    assert not set(anew["trajecten"]["leerling_id"]) & set(frames["trajecten"]["leerling_id"])
    assert_frame_equal(cube_of(anew, of), old)
    before, after = shares(frames, small_region()), shares(anew, of)
    assert_frame_equal(after.drop("sleuteldomein"), before.drop("sleuteldomein"))

    # the old key is retired: a supplier that uses it by mistake is found in what links no more
    late = str(frames["trajecten"]["leverancier"].first())
    wrong = shares(delivered_anew(frames, [one for one in suppliers if one != late]), of)
    assert part_found(wrong, late) == 0 < part_found(after, late)


def delivered_anew(frames: dict[str, pl.DataFrame], suppliers: list[str]) -> dict[str, pl.DataFrame]:
    """The rows, with those of these suppliers as they come in with another key."""
    other = pl.when(pl.col("leverancier").is_in(suppliers)).then(pl.lit("nieuw-")).otherwise(pl.lit(""))
    return {
        soort: rows.with_columns(pl.concat_str(other, "leerling_id").alias("leerling_id"))
        if "leerling_id" in rows.columns
        else rows
        for soort, rows in frames.items()
    }


def part_found(counted: pl.DataFrame, supplier: str) -> int:
    return int(counted.filter(soort="trajecten", leverancier=supplier, maat="gevonden")["deel"].sum())


def test_a_changed_copy_of_a_region_knows_nothing_of_what_was_worked_out_of_the_first() -> None:
    first = load_region()
    assert "groeimee" in first.suppliers
    assert "groeimee" in first.key_domains
    changed = first.model_copy(update={"leveranciers": (first.suppliers["vo2703"],)})
    assert set(changed.suppliers) == set(changed.key_domains) == {"vo2703"}

"""Publications beside each other: what each keeps to itself and both tell together is found, and hidden."""

from datetime import date

import polars as pl
import pytest
from disclosure_rows import PEILDATUM, K, cube, row

from jos_pipeline.audit_report import Audited
from jos_pipeline.audited import audited
from jos_pipeline.counted import is_of, kept_counts, out
from jos_pipeline.disclosure import FIGURES, protect
from jos_pipeline.linear_system import growth, linear_system, together
from jos_pipeline.suppressor import Attackers

NOVEMBER = date(2022, 11, 1)
SCHOOLS = 4
TREE = pl.DataFrame(
    [
        ("regio", "r", None, None, False),
        ("samenwerkingsverband", "v", None, "v", False),
        ("gemeente", "g", "g", "v", False),
        *(("school", f"s{n}", "g", "v", False) for n in range(SCHOOLS)),
    ],
    schema={**dict.fromkeys(("niveau", "gebied", "gemeente", "samenwerkingsverband"), pl.String), "buiten": pl.Boolean},
    orient="row",
).join(pl.DataFrame({"periode": ["schooljaar", "halfjaar_2"]}), how="cross")
WHOLES = ("r", "v", "g")


def counted(*counts: int, peildatum: date = PEILDATUM, maat: str = "m") -> pl.DataFrame:
    """Schools with these counts and the areas they add up to."""

    def of(niveau: str, gebied: str, n: int) -> dict[str, object]:
        told = {"waarde": float(n), "teller": float(n), "teller_personen": n, "publiek_totaal": None}
        return row(niveau=niveau, gebied=gebied, teller_maat=maat, peildatum=peildatum, **told)

    levels = ("regio", "samenwerkingsverband", "gemeente")
    wholes = [of(level, area, sum(counts)) for level, area in zip(levels, WHOLES, strict=True)]
    return cube(*wholes, *(of("school", f"s{n}", count) for n, count in enumerate(counts)))


def with_hidden(rows: pl.DataFrame, *areas: str, indicator: str | None = None) -> pl.DataFrame:
    """The publication of a cube in which these areas are hidden, of one indicator only if it is named."""
    hide = pl.col("gebied").is_in(areas)
    if indicator is not None:
        hide &= pl.col("indicator") == indicator
    safe = protect(rows, TREE, K)
    shown = {name: rows[name] if name in rows.columns else pl.Series([None] * rows.height) for name in FIGURES}
    return safe.with_columns(
        *(pl.when(~hide).then(pl.Series(name, values)).alias(name) for name, values in shown.items()),
        waarde_status=pl.when(hide).then(pl.lit("onderdrukt")).otherwise(pl.lit("ok")),
    )


def published(now: pl.DataFrame, rows: pl.DataFrame, *before: tuple[pl.DataFrame, pl.DataFrame]) -> Audited:
    """The audit, for readers, of a publication beside earlier ones: each a cube and the rows of it that are out."""
    known = out([kept_counts(of, safe, TREE) for of, safe in before], K, TREE)
    return audited(now, rows, TREE, K, attackers=Attackers.READERS, out=known)


def hidden(found: Audited) -> set[str]:
    return set(found.rows.filter(waarde_status="onderdrukt")["gebied"])


def test_a_revision_with_another_partner_hidden_gives_away_the_small_one():
    """First s1 was hidden with s0, now s2 is: s1 did not change, so that what was left of the gemeente tells s0."""
    before, now = counted(3, 20, 30, 40), counted(3, 20, 50, 40)
    first, second = with_hidden(before, "s0", "s1"), with_hidden(now, "s0", "s2")
    for of, safe in ((before, first), (now, second)):
        alone = published(of, safe)
        assert (alone.first, alone.told, alone.more_hidden) == (0, 0, 0), "each by itself tells nothing"
    found = published(now, second, (before, first))
    assert found.first >= 1
    assert found.told == 0
    assert "s1" in hidden(found)
    assert found.publications == 1


def test_what_was_hidden_then_is_told_by_what_is_shown_of_the_year_so_far():
    """In November s0 and s1 were 23 together; s1 has 15 now, so that it had no more then and s0 no fewer than 8."""
    before = counted(8, 15, 30, 40, peildatum=NOVEMBER, maat="trajecten_nieuw")
    now = counted(28, 15, 60, 80, maat="trajecten_nieuw")
    first, second = with_hidden(before, "s0", "s1"), with_hidden(now)
    assert published(now, second).first == 0
    found = published(now, second, (before, first))
    assert found.first >= 1
    assert found.told == 0
    assert "s1" in hidden(found)


def test_what_came_out_of_a_later_day_tells_what_is_hidden_of_an_earlier_one():
    """All is out of the whole year; of November s0 and s1 are 23 together, and s1 had no more then than 15."""
    later = counted(28, 15, 60, 80, maat="trajecten_nieuw")
    now = counted(8, 15, 30, 40, peildatum=NOVEMBER, maat="trajecten_nieuw")
    first, second = with_hidden(later), with_hidden(now, "s0", "s1")
    assert published(now, second).first == 0
    found = published(now, second, (later, first))
    assert found.first >= 1
    assert found.told == 0
    assert hidden(found) > {"s0", "s1"}


@pytest.mark.parametrize("corrected", [41, 39])
def test_one_correction_takes_what_is_known_of_the_other_counts_away_from_nobody(corrected: int):
    """In November s0 and s1 were 24 together, and s1 has 16 now, whether s3 was corrected since or not."""
    before = counted(9, 15, 30, 40, peildatum=NOVEMBER, maat="trajecten_nieuw")
    now = counted(28, 16, 60, corrected, maat="trajecten_nieuw")
    first, second = with_hidden(before, "s0", "s1"), with_hidden(now)
    found = published(now, second, (before, first))
    assert found.first >= 1
    assert found.told == 0


@pytest.mark.parametrize(
    ("part", "whole", "tells"),
    [
        ("afgesloten_gesprekken_bekend", "trajecten_afgesloten", True),
        ("leerlingen_afgesloten", "jos_leerlingen", False),
    ],
)
def test_what_a_part_leaves_of_its_whole_is_no_less_later_unless_the_part_takes_from_it(
    part: str, whole: str, *, tells: bool
):
    """Of s0 it is 12 now, so that it was no more in November: then the part was no less than 8 of 20."""
    before = of_measures(NOVEMBER, {whole: (20, 60, 60, 70), part: (9, 20, 30, 40)})
    now = of_measures(PEILDATUM, {whole: (42, 90, 90, 99), part: (30, 50, 50, 60)})
    first, second = with_hidden(before, "s0", "s1", indicator=part), with_hidden(now)
    assert (published(before, first).first, published(now, second).first) == (0, 0), "each by itself tells nothing"
    found = published(now, second, (before, first))
    assert (found.first > 0) is tells
    assert found.told == 0


def of_measures(day: date, counts: dict[str, tuple[int, ...]]) -> pl.DataFrame:
    return pl.concat(
        counted(*n, peildatum=day, maat=maat).with_columns(indicator=pl.lit(maat)) for maat, n in counts.items()
    )


def tells_only_beside(before: tuple[pl.DataFrame, pl.DataFrame], now: tuple[pl.DataFrame, pl.DataFrame]) -> None:
    """Each publication by itself tells nothing, the second beside the first does, and more is hidden for it."""
    assert (published(*before).first, published(*now).first) == (0, 0)
    found = published(*now, before)
    assert found.first > 0
    assert found.told == 0


@pytest.mark.parametrize(
    ("stock", "began"),
    [
        ("trajecten_actief", "trajecten_nieuw"),
        ("jos_leerlingen", "trajecten_nieuw"),
        ("jeugdigen_met_jeugdhulp", "jeugdhulp_gestart"),
    ],
)
def test_who_is_there_since_began_since(stock: str, began: str, monkeypatch):
    """At s0 were 20 more in the end, so that all 20 who began did so since: nobody had before."""
    before = of_measures(NOVEMBER, {stock: (50, 60, 60, 70), began: (0, 15, 30, 40)})
    now = of_measures(PEILDATUM, {stock: (70, 90, 90, 99), began: (20, 50, 60, 70)})
    first, second = with_hidden(before, "s0", "s1", indicator=began), with_hidden(now)
    tells_only_beside((before, first), (now, second))
    monkeypatch.setattr(growth, "COME_AND_GO", ())
    assert published(now, second, (before, first)).first == 0


def test_who_came_to_the_school_year_in_its_second_half_came_to_that_half(monkeypatch):
    """At s0 the school year grew by 20 in spring, and so did its second half, to 23: it held no more than 3 before."""
    march, june = date(2023, 3, 1), date(2023, 6, 1)

    def of(day: date, year: tuple[int, ...], half: tuple[int, ...]) -> pl.DataFrame:
        rows = of_measures(day, {"trajecten_actief": year})
        of_half = of_measures(day, {"trajecten_actief": half}).with_columns(periode=pl.lit("halfjaar_2"))
        return pl.concat([rows, of_half])

    before, now = of(march, (50, 60, 60, 70), (3, 15, 30, 40)), of(june, (70, 80, 80, 90), (23, 35, 50, 60))
    first = with_hidden(before, "s0", "s1")
    shown_year = before.filter(periode="schooljaar")
    first = pl.concat([with_hidden(shown_year), first.filter(periode="halfjaar_2")])
    tells_only_beside((before, first), (now, with_hidden(now)))
    law = growth._since_in_half
    monkeypatch.setattr(growth, "_since_in_half", lambda pairs: law(pairs.clear()))
    assert published(now, with_hidden(now), (before, first)).first == 0


def test_who_began_since_may_be_more_than_who_is_there_since_after_a_correction():
    """One traject of before was taken back: of s0 nothing is known then."""
    before = of_measures(NOVEMBER, {"trajecten_actief": (50, 60, 60, 70), "trajecten_nieuw": (4, 15, 30, 40)})
    now = of_measures(PEILDATUM, {"trajecten_actief": (69, 90, 90, 99), "trajecten_nieuw": (24, 45, 60, 69)})
    first, second = with_hidden(before, "s0", "s1", indicator="trajecten_nieuw"), with_hidden(now)
    assert published(now, second, (before, first)).told == 0


def test_who_waits_since_came_since_and_did_not_go(monkeypatch):
    """At s0 as many wait as did and 20 went, so that 20 came since of the 24: 4 had before."""
    came = {"uitsplitsing": pl.lit("soort_onderwijs"), "categorie": pl.lit("vso")}

    def of(day: date, came_then: tuple[int, ...], went: tuple[int, ...]) -> pl.DataFrame:
        rows = of_measures(day, {"wachtend_vso": (30,) * SCHOOLS, "wachttijd_vso_waarnemingen": went})
        arrived = of_measures(day, {"tlv_afgegeven": came_then})
        return pl.concat([rows, arrived, arrived.with_columns(**came)])

    before, now = of(NOVEMBER, (4, 15, 30, 40), (20,) * SCHOOLS), of(PEILDATUM, (24, 35, 50, 60), (40,) * SCHOOLS)
    first, second = with_hidden(before, "s0", "s1", indicator="tlv_afgegeven"), with_hidden(now)
    tells_only_beside((before, first), (now, second))
    monkeypatch.setattr(growth, "WAITING", ())
    assert published(now, second, (before, first)).first == 0


def test_a_third_revision_does_not_tell_what_little_changed_between_the_first_two():
    """Of s0 came 3 and of s1 23, hidden both times. Then s1 is as it was, and s0 as it became: both are known."""
    counts = [(20, 30, 30, 40), (23, 53, 30, 40), (23, 30, 30, 40)]
    before, corrected, again = (counted(*one) for one in counts)
    first, second = (with_hidden(one, "s0", "s1") for one in (before, corrected))
    assert published(corrected, second, (before, first)).first == 0
    found = published(again, with_hidden(again), (before, first), (corrected, second))
    assert found.first > 0
    assert found.told == 0


def test_few_who_came_in_between_two_that_are_out_are_protected_against_a_third():
    """Of s0 came 3. In December nothing is shown of schools, and what others have later is no less than then."""
    days = [NOVEMBER, date(2022, 12, 15), date(2022, 12, 31)]
    all_counts = [(20, 20, 30, 40), (23, 40, 50, 60), (40, 40, 50, 60)]
    november, december, later = (
        counted(*counts, peildatum=day, maat="trajecten_nieuw") for counts, day in zip(all_counts, days, strict=True)
    )
    first, second = with_hidden(november), with_hidden(december, "s0", "s1", "s2", "s3")
    assert published(december, second, (november, first)).first == 0
    assert published(later, with_hidden(later), (december, second)).first == 0
    found = published(later, with_hidden(later), (november, first), (december, second))
    assert found.first > 0
    assert found.told == 0


def test_few_who_came_in_are_told_by_two_sums_of_which_each_is_large():
    """13 came in at s0 and s1 together, and 10 of these at s1: both new counts of s0 are large, the difference is 3."""
    before = counted(40, 50, 30, 40, peildatum=NOVEMBER, maat="trajecten_nieuw")
    now = counted(43, 60, 45, 55, maat="trajecten_nieuw")
    first, second = with_hidden(before, "s0", "s2"), with_hidden(now, "s0", "s2")
    before_told = out([kept_counts(before, first, TREE)], K, TREE)[0]
    system = together(linear_system(now, TREE, K), [before_told], K)
    assert system.table.sensitive.sum() == 1, "what came in at s0"
    assert published(now, second, (before, first)).told == 0
    all_but_one = with_hidden(now, "s0"), with_hidden(before, "s0")
    found = published(now, all_but_one[0], (before, all_but_one[1]))
    assert found.first >= 1
    assert found.told == 0


def test_the_same_figures_again_beside_what_is_out_hide_nothing_more():
    of = counted(3, 20, 30, 40)
    rows = with_hidden(of, "s0", "s1")
    found = published(of, rows, (of, rows), (of, rows))
    assert (found.first, found.told, found.more_hidden, found.publications) == (0, 0, 0, 1)
    assert found.counts == linear_system(of, TREE, K).table.cells.height, "every count is one with what is out"


def test_what_an_earlier_publication_told_is_known_anyway_and_stops_nothing():
    of = counted(3, 20, 30, 40)
    leaking, rows = with_hidden(of, "s0"), with_hidden(of, "s0", "s1")
    found = published(of, rows, (of, leaking))
    assert (found.told, found.anyway) == (0, 1)
    assert hidden(found) == {"s0", "s1"}
    widths = found.summary()["breedte_van_intervallen"]
    assert (widths["smaller_maar_al_bekend"], widths["te_smal"]) == (1, 0)
    assert widths["ten_minste_wat_moet"] == found.sensitive - 1
    assert {name: many for name, many in widths["precies_van_wat_al_bekend_is"].items() if many} == {"0": 1}


@pytest.mark.parametrize("status", ["onderdrukt", "ok"])
def test_what_is_kept_is_known_to_be_of_the_rows_it_was_made_for(status: str):
    of = counted(3, 20, 30, 40)
    rows = with_hidden(of, "s0", "s1")
    kept = kept_counts(of, rows, TREE)
    assert is_of(rows, kept)
    assert is_of(rows.with_columns(waarde_status=pl.lit(status)), kept) is False
    (told,) = out([kept], K, TREE)
    assert (~told.shown).sum() == 2


def test_what_is_mended_for_readers_is_asked_of_schools_after_that():
    """Beside s0 the cheapest other school is enough for readers, but that school knows its own count."""
    of = counted(3, 20, 30, 40)
    found = audited(of, with_hidden(of, "s0"), TREE, K)
    assert found.first == 1
    again = audited(of, found.rows, TREE, K)
    assert (again.first, again.more_hidden, again.told) == (0, 0, found.told)

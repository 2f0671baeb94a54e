"""Direct identifiers are seen in any spelling, and nothing of the supplier comes along in the answer."""

import time

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jos_pipeline.intake.personal import BsnCells, bsn_cells, bsn_mask, holding_bsn, personal_headings
from jos_pipeline.pseudonym import elfproef
from schemas.columns import PERSONAL_HEADINGS, PERSONAL_STEMS
from schemas.contracts import CONTRACTS

BSN = "123456782"


@pytest.mark.parametrize(
    "heading",
    ["bsn", "BSN", " b.s.n. ", "B_S_N", "BSN kind", "leerlingBSN", "bsn_leerling", "ВSN", "b\u200bsn", "Ｂｓｎ",
     "Burgerservicenummer", "burger-service nummer", "PGN", "Persoonsgebonden nummer", "Onderwijsnummer",
     "Naam", "NAAM", "naam moeder", "Naam leerling", "Achter-naam", "Voornaam", "Voornamen", "achternaam_moeder",
     "Geboorte-Datum", "geboortedatum kind", "Straat", "Straat + nr", "Huisnummer", "huis nummer", "E-mail",
     "e-mail ouder", "Email", "Telefoon", "telefoon thuis", "Tel. moeder", "tel", "Mobiel", "postcode6",
     "BSNnr", "kindbsn", "pgn-nr", "geb. dat.", "Geboortedat", "e-mailadres ouder", "emailouder", "Voorletter",
     "Geb.datum leerling", "geb datum leerling", "gebdatum kind", "Geb.dt.", "naam volledig", "naam (voluit)",
     "Naam en adres", "Volledige naam kind", "Namen ouders", "NAW", "mailadres ouder", "mail ouder", "oudermail",
     "Adres leerling", "Huisnr toev", "HuisnrToev", "ondw.nr", "Onderw. nr.", "onderwijsnr leerling", "sofi-nr kind",
     "b.s.n.-nr", "leerling b.s.n.", "telnr ouder", "mobiel moeder", "Mobiel nr.", "gsm vader", "geslachtsnaam lln",
     "tussenvoegsel kind", "woonadres", "Naam 2", "naam.1", "naam1", "Cliëntnaam", "naam jongere", "naam lln",
     "vadernaam", "naam 1e contact persoon", "soort onderwijsnummer", "soortonderwijsnr", "speciaal onderwijs nr",
     "Onderwijs nr", "soort onderwijs nr leerling", "kind soort onderwijs nr", "soort onderwijs nr BSN",
     "soort onderwijs nr / onderwijsnr", "soort onderwijs nr, onderwijs nr", "nr soort onderwijsnummer",
     "soort onderwijs nr geboortedatum", "type onderwijs nummer B.S.N."],
)  # fmt: skip
def test_personal_headings_in_any_spelling(heading):
    assert [hit.position for hit in personal_headings(["x", heading])] == [1]


@pytest.mark.parametrize(
    "heading",
    ["school", "naam school", "schoolnaam", "VESTIGINGSNAAM", "team", "hotel", "straatcultuur", "opmerking", "",
     "adres school", "mobiel team", "datum mail ouder", "naam volledig school", "namen scholen", "NAWOORD", "titel nr",
     "soort onderwijs", "soort onderwijs nr", "Soort_Onderwijs_Nr.", "SoortOnderwijsNr", "code type onderwijs nummer",
     "Vorm ondw. nr", "niveau onderwijs nr 2", "van", "ouder", "leerling", "toevoeging", "gebied", "geb",
     "datum gebruik", "naam opleiding", "leeftijd", "datum", "postcode", "functie", "telling", "maildatum x",
     "naam team", "bestandsnaam"],
)  # fmt: skip
def test_other_headings_pass(heading):
    assert personal_headings([heading], pl.DataFrame({"k0": ["1811"]})) == ()


def test_contract_headings_never_collide_with_personal_ones():
    for contract in CONTRACTS.values():
        spelled = [name for field in contract.fields for name in (field.column.name, *field.column.aliases)]
        assert personal_headings(spelled) == (), contract.soort
        assert not set(contract.headings) & PERSONAL_HEADINGS
        assert not [h for h in contract.headings for stem in PERSONAL_STEMS if stem in h], contract.soort


@pytest.mark.parametrize(
    ("cells", "personal"),
    [
        (["1811", None], False),
        (["1811", "1811 AB"], True),
        (["1811ab"], True),
        (["onbekend", "1811"], False),
        (["1811-AB"], True),
        (["NL-1811 AB"], True),
        (["1811 AB Alkmaar"], True),
        (["1811 Alkmaar"], False),
    ],
)
def test_a_postcode_is_personal_when_it_has_letters(cells, personal):
    assert bool(personal_headings(["Postcode"], pl.DataFrame({"k0": cells}))) is personal


def test_only_our_own_word_comes_along():
    (hit,) = personal_headings(["achternaam van Jan Jansen"])
    assert hit.word in PERSONAL_STEMS


@pytest.mark.parametrize(
    "cell",
    [BSN, "1234.56.782", "123.456.782", "123 456 782", "123-456-782", f" {BSN} ", f"{BSN}.0", f"{BSN},0", f"{BSN}.00",
     f"\u00a0{BSN}", "123\u200b456782", "１２３４５６７８２", f"leerling {BSN} is verhuisd", f"({BSN})", f"BSN:{BSN}",
     f"bsn{BSN}", f"a_{BSN}_b", "zie 1234.56.782.", f"x;{BSN};y", f"111111111 {BSN}", "012345672", f"{BSN},111222333",
     "1.23456782E8", "1,23456782e+08", "123,456,782", "123/456/782"],
)  # fmt: skip
def test_a_bsn_is_seen(cell):
    assert holding_bsn([cell]) == 1


@pytest.mark.parametrize(
    "cell",
    ["", " ", "123456789", "000000000", "999999999", "1234567820", "12345678", "a" * 64, "a" + BSN + "b" * 54,
     "T" + BSN, "0,123456782", "2023-02-01", "20230201", "1.611", "13,76", "0.111222333", BSN + "0" * 55, "072-1234567",
     "44958.123456782", "12345,111222333"],
)  # fmt: skip
def test_other_cells_pass(cell):
    assert holding_bsn([cell]) == 0


def test_cells_are_counted_and_rows_named():
    cells = pl.DataFrame({"k0": [BSN, "a", None, "x"], "k1": [f"{BSN}.0", "b", "c", f"zie {BSN}"]})
    assert bsn_cells(cells, pl.Series([7, 8, 9, 12])) == BsnCells(3, (7, 12))
    assert bsn_cells(cells.head(0), pl.Series([], dtype=pl.UInt32)) == BsnCells(0, ())
    assert bsn_cells(pl.DataFrame(), pl.Series([], dtype=pl.UInt32)) == BsnCells(0, ())


@given(st.integers(0, 999_999_999))
@settings(deadline=None, max_examples=100)
def test_the_vectorised_elfproef_is_the_elfproef(value):
    digits = f"{value:09d}"
    assert holding_bsn([digits]) == elfproef(digits)


@given(st.text(max_size=30), st.text(max_size=30))
@settings(deadline=None, max_examples=100)
def test_a_free_standing_bsn_is_seen_in_any_text(before, after):
    assert holding_bsn([f"{before} | {BSN} | {after}"]) == 1


@given(st.binary(min_size=32, max_size=32))
@settings(deadline=None, max_examples=100)
def test_a_pseudonym_never_triggers(raw):
    assert holding_bsn([raw.hex()]) == 0


def test_looking_for_numbers_costs_no_more_than_a_few_passes_over_the_cells():
    """About 26 passes in a quiet moment. Against a pass of the same run: a clock would measure the machine."""
    count = 100_000
    cells = pl.Series([f"{value:064x}" for value in range(count)])
    numbers = pl.Series([f"T-{value:09d}" for value in range(count)])
    started = time.process_time()
    assert not bsn_mask(cells).any()
    bsn_mask(numbers)
    looked = time.process_time()
    for series in (cells, numbers):
        series.str.replace_all(r"[^0-9]", "")
    assert looked - started < 150 * (time.process_time() - looked)

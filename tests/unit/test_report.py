"""The page model of the report: what it says of a figure, and what it keeps silent."""

import re
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import polars as pl
import pytest

from jos_pipeline import dutch, promise
from jos_pipeline.export.content import contents
from jos_pipeline.indicators.catalogue import INDICATORS
from jos_pipeline.publication import PublicationId, Withdrawal
from jos_pipeline.report import charts
from jos_pipeline.report.beside import NO_EARLIER, chart, shared_period
from jos_pipeline.report.figures import figure
from jos_pipeline.report.html import files
from jos_pipeline.report.model import Audience
from jos_pipeline.report.pages import report
from jos_pipeline.report.published import Published, comparable_with, published
from jos_pipeline.report.talk import QUESTIONS
from jos_pipeline.report.themes import THEMES
from jos_pipeline.report.wording import SPLIT_NAMES
from jos_pipeline.threshold import USUAL
from resources.site import MARK, NotOurReportError, shown_in, write_site
from schemas.published import WORDS
from schemas.warehouse import metadata
from tests.unit.public_tables import NOON, REGION, public_frames, publication

DOCS = Path(__file__).parents[2] / "docs"
PLANTED = 73519.0


def read(
    *, delivered=(), withdrawn=(), change=lambda rows: rows, peildatum=date(2023, 2, 1), earlier=None
) -> Published:
    cut = publication(peildatum=peildatum)
    found = contents(REGION, public_frames(cut, withdrawn=withdrawn))
    assert found is not None
    tables = {**found.tables, "monitor_indicator": change(found.tables["monitor_indicator"])}
    return published(replace(found, tables=tables), cut.id, delivered, earlier)


def everything(model) -> str:
    return "\n".join(content.decode() for content in files(model).values())


def place(here, gebied):
    return next(one for one in here.places if one.gebied == gebied)


def test_every_indicator_stands_in_one_theme_and_every_breakdown_has_a_name():
    named = [name for theme in THEMES for name in theme.indicators]
    assert sorted(named) == sorted(INDICATORS)
    assert {split.id for entry in INDICATORS.values() for split in entry.uitsplitsingen} <= set(SPLIT_NAMES)
    assert all(2 <= len(theme.questions) <= 3 for theme in THEMES)


def test_every_figure_has_its_own_questions_for_the_conversation():
    assert sorted(QUESTIONS) == sorted(INDICATORS)
    assert all(2 <= len(asked) <= 3 for asked in QUESTIONS.values())
    every = [question for asked in (*QUESTIONS.values(), *(theme.questions for theme in THEMES)) for question in asked]
    assert len({*every}) == len(every)
    assert all(question[0].isupper() and question.endswith("?") for question in every)
    here = read()
    assert figure(here, "jos_bereik", here.region, ()).questions == QUESTIONS["jos_bereik"]


def test_the_sentence_says_where_how_much_until_when_and_on_how_many_schools():
    here = read()
    found = figure(here, "jos_bereik", place(here, "GM0361"), (here.region,))
    assert found.value == "25,6 %"
    assert found.sentence == (
        "In Alkmaar gaat het om 25,6 %: 412 van de 1.611, tot en met 1 februari 2023, op basis van 7 van de 8 scholen. "
        "In Regio Alkmaar is het 25,6 %."
    )
    assert "Let op" not in " ".join(found.notes)
    assert "Let op" in " ".join(figure(here, "jos_bereik", here.region, ()).notes), "too little was delivered there"


def test_nothing_counted_is_said_as_people_say_it():
    def none(rows):
        return rows.with_columns(
            pl.when(pl.col("waarde_status") == "ok").then(0.0).otherwise(pl.col(name)).alias(name)
            for name in ("waarde", "teller")
        )

    here = read(change=none)
    said = {
        name: figure(here, name, place(here, "GM0361"), ()).sentence.partition(",")[0]
        for name in ("jos_leerlingen", "fte", "jos_bereik")
    }
    assert said["jos_leerlingen"] == "In Alkmaar waren er geen leerlingen"
    assert said["fte"].startswith("In Alkmaar gaat het om 0")
    assert "geen van de" in figure(here, "jos_bereik", place(here, "GM0361"), ()).sentence


@pytest.mark.parametrize(
    ("delivered", "expected", "words"),
    [(7, 8, "7 van de 8 scholen"), (8, 8, "alle 8 scholen"), (2, 2, "beide scholen"), (1, 1, "1 school")],
)
def test_what_a_figure_rests_on_is_said_as_people_say_it(delivered, expected, words):
    assert dutch.out_of(delivered, expected, "scholen") == words


def with_planted_numbers(rows: pl.DataFrame) -> pl.DataFrame:
    """The same figures, with a number behind everything that is hidden."""
    hidden = pl.col("waarde_status") == "onderdrukt"
    return rows.with_columns(
        pl.when(hidden).then(pl.lit(PLANTED)).otherwise(pl.col(name)).alias(name)
        for name in ("waarde", "waarde_min", "waarde_max", "teller", "noemer")
    )


def test_a_hidden_figure_has_no_number_anywhere_not_even_when_the_table_had_one():
    planted = read(change=with_planted_numbers)
    page = everything(report(planted))
    assert "verborgen" in page
    assert not re.search(r"73[.,]?519", page)
    assert page == everything(report(read())), "and nothing else differs either"


def test_a_chart_draws_no_bar_for_what_is_hidden_and_is_scaled_by_what_is_shown():
    here = read()
    shown_row, hidden = here.row("fte", place(here, "GM0361")), {"waarde": PLANTED, "waarde_status": "onderdrukt"}
    small = dict(shown_row) | {"waarde": 3.44}
    made = chart("Inzet", here.words["fte"], [("A", shown_row, True), ("B", hidden, True), ("C", small, True)])
    assert [(bar.shown, bar.length) for bar in made.bars] == [("13,76", 1.0), ("verborgen", None), ("3,44", 0.25)]
    assert made.alternative == "Staafdiagram. Inzet. A: 13,76; B: verborgen; C: 3,44."
    drawn = charts.svg(made)
    assert drawn.count('<path d="M0') >= 2
    assert len(re.findall(r'fill="#0b5c7a"', drawn)) == 2, "two bars"
    assert chart("Inzet", here.words["fte"], [("B", hidden, True), ("C", hidden, True)]) is None


def test_a_wait_below_zero_has_a_figure_and_no_bar():
    here = read()
    row = here.row("fte", place(here, "GM0361"))
    for others, lengths in (([], [0.0]), ([("B", row, True)], [0.0, 1.0])):
        made = chart("Inzet", here.words["fte"], [("A", dict(row) | {"waarde": -1.5}, True), *others])
        assert [bar.length for bar in made.bars] == lengths
        assert made.bars[0].shown == "-1,50"


def test_every_hidden_figure_of_a_chart_looks_the_same_whatever_is_behind_it():
    here = read()
    shown_row = here.row("fte", place(here, "GM0361"))
    drawn = []
    for behind in (PLANTED, 1.0, None):
        hidden = {"waarde": behind, "waarde_min": behind, "waarde_max": behind, "waarde_status": "onderdrukt"}
        lines = [("A", hidden, True), ("B", shown_row, True), ("C", hidden, True)]
        drawn.append(charts.svg(chart("Inzet", here.words["fte"], lines)))
    assert len({*drawn}) == 1
    words = re.findall(r"<text [^>]+>verborgen</text>", drawn[0])
    assert len(words) == 2
    assert len({re.sub(r"translate\(6,\d+\)", "", word) for word in words}) == 1


def test_the_bar_of_what_is_not_known_exactly_lies_between_its_bounds():
    here = read()
    found = figure(here, "duo_slaagpercentage", place(here, "GM0361"), ())
    (bar,) = found.parts[0].chart.bars
    assert (bar.shown, round(bar.begin, 2), bar.length) == ("tussen 90,0 % en 95,0 %", 0.95, 1.0)
    drawn = charts.svg(found.parts[0].chart)
    begin, length = map(float, re.search(r'd="M([\d.]+),22h([\d.]+)v16', drawn).groups())
    assert begin + length + charts.BEHIND + len(bar.shown) * charts.LETTER <= charts.WIDTH, "its words fall not off"
    assert 0.04 < length / (begin + length) < 0.06


def test_the_same_publication_gives_the_same_bytes():
    first = files(report(read()))
    charts._drawn.cache_clear()
    assert files(report(read())) == first


def test_a_page_of_what_was_taken_back_says_so():
    gone = Withdrawal(publication().id, "verkeerd bestand", NOON)
    assert all("verkeerd bestand" in page.warning for page in report(read(withdrawn=(gone,))).pages)
    assert not any(page.warning for page in report(read()).pages)


def test_what_is_missing_is_told_with_the_figures_that_rest_on_it():
    all_of_it = [(one.id, soort) for one in REGION.leveranciers for soort in one.levert]
    missing = report(read(delivered=[pair for pair in all_of_it if pair != ("groeimee", "inzet")])).page("ontbreekt")
    who, what = (block for section in missing.sections for block in section.blocks if hasattr(block, "rows"))
    assert [[cell.text for cell in row] for row in who.rows] == [["Stichting Groeimee", "Inzet van medewerkers"]]
    assert what.rows[0][1].text == "1 van 1"
    assert "Inzet in fte" in what.rows[0][2].text
    assert "Leerlingen met JOS" not in what.rows[0][2].text
    told = everything(report(read(delivered=all_of_it[1:]), Audience.OPENBAAR))
    assert "1 van " in told
    assert "Wat deze school leverde" not in told
    assert "Leveringen die ontbreken" in everything(report(read(delivered=all_of_it[1:])))
    assert "Leveringen die ontbreken" not in told
    complete = report(read(delivered=all_of_it)).page("ontbreekt")
    assert [section.id for section in complete.sections] == ["niets"]
    assert [section.id for section in report(read()).page("ontbreekt").sections] == ["onbekend"]


def test_a_figure_is_set_beside_one_over_a_period_that_is_as_long():
    ids = [PublicationId("2021-2022", date(2022, 8, 1), 1), PublicationId("2022-2023", date(2022, 11, 1), 1)]
    now = PublicationId("2022-2023", date(2023, 2, 1), 1)
    assert comparable_with(now, [*ids, now, PublicationId("2022-2023", date(2023, 6, 1), 1)]) == ids[1]
    assert comparable_with(now, ids[:1]) == ids[0]
    assert comparable_with(ids[0], [now]) is None
    february, november = read(), read(peildatum=date(2022, 11, 1))
    assert shared_period(february, november) == "schooljaar"
    last_year = replace(february, id=ids[0])
    assert shared_period(february, last_year) == "halfjaar_1", "one school year is not over"
    assert shared_period(november, last_year) is None
    assert figure(february, "fte", place(february, "GM0361"), ()).no_earlier == NO_EARLIER
    found = figure(read(earlier=november), "fte", place(february, "GM0361"), ())
    areas, beside = found.parts
    assert areas.chart
    assert found.no_earlier == ""
    assert [row[0].text for row in beside.table.rows] == [
        "Schooljaar 2022-2023, tot en met 1 feb 2023",
        "Schooljaar 2022-2023, tot en met 1 nov 2022",
    ]


def test_which_the_earlier_publication_is_stands_on_every_page_with_it():
    told = " De eerdere publicatie is 2022-2023/2022-11-01/1, voorlopig."
    assert report(read(earlier=read(peildatum=date(2022, 11, 1)))).standing.endswith(told)
    assert "eerdere" not in report(read()).standing


def test_the_promise_is_that_of_the_page_on_small_numbers():
    text = (DOCS / "kleine-aantallen.md").read_text(encoding="utf-8")
    page = re.sub(r"\s+", " ", re.sub(r"[*>]|^\d\. |^- ", "", text, flags=re.MULTILINE))
    for said in (promise.promise(USUAL), promise.promise_to_schools(USUAL), promise.about_threshold(USUAL, None)):
        assert said in page
    assert promise.CHOICE in page
    points = (*promise.ABOUT, *promise.NOT_PROMISED, *promise.not_guaranteed(USUAL))
    for point in (*promise.rule(USUAL), *points):
        assert str(point) in page
    bullets = re.findall(r"^- \*\*", text, re.MULTILINE)
    assert len(bullets) == len(points), "and nothing is left out"


@pytest.mark.parametrize(("k", "half"), [(5, 3), (10, 5), (15, 8)])
def test_what_is_promised_is_what_the_audit_asks_for(k, half):
    here = read()
    decision = "Stuurgroep, 12 maart 2026: <kleine> scholen"
    region = here.contents.region.model_copy(update={"drempel": k, "drempel_besluit": decision})
    model = report(replace(here, contents=replace(here.contents, region=region)))
    page = unescape(re.sub(r"<[^>]+>", "", files(model)["kleine-aantallen.html"].decode()))
    assert {int(number) for number in re.findall(r"(?<!\d)\d+(?!\d)", promises(model))} == {k, half, 100}
    assert f"En ook niet dat het {k} is, of alle leerlingen als er minder dan {k} zijn." in page
    assert f"Een klein aantal kan voor haar nul zijn, en het kan {half} zijn." in page
    assert "Cijfers per school publiceren wij alleen als wij dit konden narekenen: bij hoogstens 100 scholen." in page
    assert f"Tussen nul en {k} is soms" in page
    assert f"De grens is {k}." in page
    assert f"Het besluit daarover: {decision}." in page
    assert "tien" not in re.findall(r"\w+", page)


def promises(model) -> str:
    """What the page on small numbers says, but for the decision."""
    sections = [part for part in model.page("kleine-aantallen").sections if part.id in ("belofte", "niet")]
    return " ".join(str(block) for section in sections for block in section.blocks)


def test_half_and_the_limit_are_those_of_the_audit(monkeypatch):
    monkeypatch.setattr(promise, "SCHOOLS_SHARE", 0.3)
    monkeypatch.setattr(promise, "MANY_SCHOOLS", 7)
    said = promise.promise_to_schools(10)
    assert "30 procent" in said
    assert "het kan 3 zijn" in said
    assert "hoogstens 7 scholen" in said


def test_an_area_that_the_region_knows_no_more_is_called_by_its_code():
    gone = pl.when(pl.col("gebied") == "GM0361").then(pl.lit("GM0365")).otherwise(pl.col("gebied")).alias("gebied")
    page = report(read(change=lambda rows: rows.with_columns(gone))).page("gemeente-GM0365")
    assert page.title == "GM0365"
    assert page.figures


def test_analysts_find_every_table_column_code_and_formula():
    model = report(read())
    pages = [page for page in model.pages if page.kind == "woordenboek"]
    told = " ".join(files(model)[f"{page.name}.html"].decode() for page in pages)
    for table in metadata.tables.values():
        assert f'id="tabel-{table.name}"' in told
        assert all(f'<th scope="row">{column.name}</th>' in told for column in table.columns)
    assert all(f"{entry.id}, versie {entry.versie}" in told for entry in INDICATORS.values())
    assert all(f'<th scope="row">{word.code}</th>' in told for words in WORDS.values() for word in words.codes)


def test_a_report_takes_the_place_of_a_report_and_of_nothing_else(tmp_path):
    write_site({"index.html": b"een"}, tmp_path / "uit", "p1")
    write_site({"twee.html": b"twee"}, tmp_path / "uit", "p2")
    assert shown_in(tmp_path / "uit") == "p2"
    assert sorted(file.name for file in (tmp_path / "uit").iterdir()) == [MARK, "twee.html"]
    (tmp_path / "eigen").mkdir()
    (tmp_path / "eigen" / "brief.txt").write_text("van mij")
    with pytest.raises(NotOurReportError):
        write_site({"index.html": b""}, tmp_path / "eigen", "p3")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["eigen", "uit"]

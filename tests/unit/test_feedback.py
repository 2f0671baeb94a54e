"""What a supplier reads: complete, friendly, escaped, and without anything of the file's content."""

import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
import xlsxwriter

from jos_pipeline.causes import MOST_STEPS, causes, example_name, steps
from jos_pipeline.feedback import Beside, feedback_html, feedback_text
from jos_pipeline.intake.gate import judge
from jos_pipeline.intake.verdict import Outcome, make_finding, ordered
from schemas.findings import EXAMPLE_NAME, FINDINGS, Severity
from tests.records import PEILDATUM, csv_bytes, delivery, name_of, region, supplier_of, valid_records

BSN = "123456782"


def _verdict(change=None, count=150, soort="tlv"):
    records = valid_records(soort, count)
    for record in records[:12] if change else []:
        record.update(change)
    return judge(csv_bytes(records), name_of(soort), PEILDATUM, region(), supplier_of(soort))


def _every_finding():
    """A verdict with every finding there is."""
    found = [make_finding(code, kolom="school", rows=range(2, 200), detail="x") for code in FINDINGS]
    return replace(_verdict(), oordeel=Outcome.AFGEKEURD, findings=ordered(found))


class _Page(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.attributes, self.open = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes.append((tag, dict(attrs)))
        if tag not in ("meta", "wbr"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_a_good_delivery_is_thanked_for():
    text = feedback_text(_verdict())
    assert text.startswith("Het bestand is geaccepteerd.\n")
    assert re.search(r"Rijen die meetellen: +150\n", text)
    assert "Peildatum:                 1 februari 2023" in text
    assert "U hoeft niets te verbeteren" in text
    assert "FOUTEN" not in text


def test_a_supplier_is_called_by_its_name():
    verdict = _verdict()
    name = region().suppliers[verdict.leverancier].naam
    assert f"{name} ({verdict.leverancier})" in feedback_text(verdict)
    assert f"{verdict.file_name} van {name}</p>" in feedback_html(verdict)
    stranger = judge(b"x", "tlv.csv", PEILDATUM, region(), "vreemd")
    assert "van vreemd</p>" in feedback_html(stranger)


@pytest.mark.parametrize(
    ("file_name", "advised"),
    [
        ("tlv_2023-2024_2024-02-30.csv", "tlv_2023-2024_2024-02-01.csv"),
        ("tlv_2022-2023_2021-02-01.xlsx", "tlv_2022-2023_2023-02-01.xlsx"),
    ],
)
def test_the_advice_names_a_file_of_the_suppliers_own_soort(file_name, advised):
    verdict = judge(delivery("tlv"), file_name, PEILDATUM, region(), supplier_of("tlv"))
    (told,) = [one for one in causes(verdict) if one.kind.code == "JOS-E014"]
    assert advised in told.remedy
    assert told.remedy in feedback_html(verdict)
    assert told.remedy in feedback_text(verdict)
    assert example_name(replace(verdict, soort=None)) == EXAMPLE_NAME


def test_rejected_rows_are_counted_and_named_ten_at_most():
    verdict = _verdict({"categorie": "9"}, count=300)
    assert verdict.oordeel is Outcome.MET_AFKEUR
    text = feedback_text(verdict)
    assert "Waar: D2, D3, D4, D5, D6, D7, D8, D9, D10, D11 en nog 2\n" in text
    assert "FOUTEN" in text
    assert "[JOS-E027]" in text
    assert FINDINGS["JOS-E027"].remedy in text
    assert re.search(r"Rijen die meetellen: +288\n", text)
    assert "jos explain JOS-E027" in text


def test_a_refused_file_says_how_to_go_on():
    text = feedback_text(_verdict({"categorie": "9"}, count=40))
    assert text.startswith("Het bestand is afgekeurd")
    assert re.search(r"Rijen die meetellen: +0\n", text)
    assert "lever het hele bestand nog een keer" in text


def test_text_has_no_ragged_lines():
    text = feedback_text(_every_finding())
    assert "\n\n\n" not in text
    assert text == text.lstrip()
    assert not [line for line in text.splitlines() if line != line.rstrip()]


@pytest.mark.parametrize("render", [feedback_text, feedback_html])
def test_every_finding_is_told_with_its_remedy(render):
    told = render(_every_finding())
    for code, kind in FINDINGS.items():
        assert code in told
        remedy = kind.remedy.replace(EXAMPLE_NAME, name_of("tlv"))
        assert remedy.split("'")[0].split("<")[0].split("&")[0] in told
    assert "{" not in feedback_text(_every_finding())


def test_groups_come_in_order_of_weight():
    text = feedback_text(_every_finding())
    places = [text.index(title) for title in ("FOUTEN", "SIGNALEN", "TER INFORMATIE", "HOE VERDER")]
    assert places == sorted(places)
    assert {kind.severity for kind in FINDINGS.values()} == set(Severity)


@pytest.mark.parametrize("verdict", [_verdict(), _every_finding(), judge(b"", "x.csv", PEILDATUM, region())])
def test_the_page_is_well_formed_and_accessible(verdict):
    page = _Page(feedback_html(verdict))
    assert page.open == []
    assert page.tags.count("h1") == 1
    assert ("html", {"lang": "nl"}) in page.attributes
    assert page.tags.count("table") == page.tags.count("caption")
    assert all("scope" in attributes for tag, attributes in page.attributes if tag == "th")
    assert "title" in page.tags
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    ids = [attributes["id"] for _, attributes in page.attributes if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {attributes["href"] for tag, attributes in page.attributes if tag == "a"}
    assert targets <= {f"#{name}" for name in ids}
    assert [tag for tag in page.tags if tag in ("header", "main", "footer")] == ["header", "main", "footer"]
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_page_asks_nothing_of_the_network():
    page = feedback_html(_every_finding(), Beside("uitleg/", "kopie van mij.xlsx"))
    assert not re.search(r"https?:|//|@import|url\(|src=", page)
    assert 'href="kopie%20van%20mij.xlsx"' in page
    assert 'href="uitleg/JOS-E027.html"' in page
    assert 'href="uitleg/levering-tlv.html"' in page


def test_names_are_escaped():
    verdict = judge(delivery("tlv", 3), "<script>alert(1)&.csv", PEILDATUM, region(), "<b>")
    page = feedback_html(verdict)
    assert "<script>" not in page
    assert "<b>" not in page
    assert "&lt;script&gt;" in page
    assert "<script>" in feedback_text(verdict)


def test_no_cell_and_no_number_of_a_person_is_shown():
    records = valid_records("tlv", 40)
    records[0]["categorie"] = "Jantje"
    verdict = judge(csv_bytes(records), f"tlv_2022-2023_2023-02-01_{BSN}.csv", PEILDATUM, region())
    for told in (feedback_text(verdict), feedback_html(verdict)):
        assert "Jantje" not in told
        assert BSN not in told


class TestCauses:
    """Grouped by cause, the heaviest first, with what mending each brings."""

    def _mixed(self):
        records = valid_records("trajecten", 400)
        for record in records[:9]:
            record["functie"] = "psycholoog"
        for record in records[5:8]:
            record["aanmelddatum"] = "2/13/2023"
        records[20]["begindatum"] = "31-02-2023"
        return judge(csv_bytes(records), name_of("trajecten"), PEILDATUM, region(), "groeimee")

    def test_one_code_is_one_cause_over_its_columns(self):
        found = {cause.kind.code: cause for cause in causes(self._mixed())}
        assert list(found) == ["JOS-E027", "JOS-E021"]
        assert [place.column for place in found["JOS-E021"].places] == ["G (aanmelddatum)", "I (begindatum)"]
        assert [place.cells for place in found["JOS-E021"].places] == ["G7, G8, G9", "I22"]
        assert (found["JOS-E027"].rows, found["JOS-E027"].alone) == (9, 6)
        assert (found["JOS-E021"].rows, found["JOS-E021"].alone) == (4, 1)

    def test_the_steps_say_what_each_mend_brings(self):
        verdict = self._mixed()
        first, second, last = steps(verdict, causes(verdict))
        assert first.startswith("De code staat niet in de codelijst: 9 rijen, kolom F (functie). ")
        assert first.endswith("Verbetert u alleen dit, dan tellen 6 rijen weer mee.")
        assert second.endswith("Verbetert u alleen dit, dan telt 1 rij weer mee.")
        assert "lever het hele bestand nog een keer" in last

    def test_many_causes_give_few_steps(self):
        verdict = _every_finding()
        told = steps(verdict, causes(verdict))
        assert len(told) == MOST_STEPS + 2
        assert re.search(r"Los ook de \d+ andere fouten op", told[-2])

    def test_one_cause_more_than_the_steps_is_told_as_people_say_it(self):
        verdict = _every_finding()
        errors = [one for one in verdict.findings if one.ernst is Severity.FOUT and one.code != "JOS-E017"]
        fewer = replace(verdict, findings=tuple(errors[: MOST_STEPS + 1]))
        assert steps(fewer, causes(fewer))[-2] == "Los ook de andere fout op."

    @pytest.mark.parametrize(
        ("codes", "look"),
        [
            (("JOS-S003",), ""),
            (("JOS-S003", "JOS-S004"), " Kijk wel even of het signaal klopt."),
            (("JOS-S004", "JOS-S007"), " Kijk wel even of de 2 signalen kloppen."),
        ],
    )
    def test_a_signal_that_asks_for_nothing_is_not_to_be_checked(self, codes, look):
        found = ordered([make_finding(code, kolom="school", rows=[2], detail="x") for code in codes])
        verdict = replace(_verdict(), findings=found)
        assert steps(verdict, causes(verdict)) == (f"U hoeft niets te verbeteren.{look}",)

    def test_too_many_rejected_rows_is_no_cause_of_its_own(self):
        verdict = _verdict({"categorie": "9"}, count=40)
        assert [cause.kind.code for cause in causes(verdict)] == ["JOS-E027", "JOS-E017"]
        assert not any("Te veel rijen" in step for step in steps(verdict, causes(verdict)))
        assert "zijn 12 rijen weer goed" in steps(verdict, causes(verdict))[0]

    def test_a_rule_over_columns_names_them_all(self):
        records = valid_records("tlv", 100)
        records[3]["afgiftedatum"] = "2022-01-01"
        (cause,) = causes(judge(csv_bytes(records), name_of("tlv"), PEILDATUM, region()))
        assert cause.places[0].column == "F (aanvraagdatum), G (afgiftedatum)"
        assert cause.places[0].cells == "rij 5"

    def test_letters_are_those_of_the_file(self):
        """A table that begins in column C, under two titles, with an empty column in it."""
        records = valid_records("tlv", 100)
        records[3]["categorie"] = "9"
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as book:
            sheet = book.add_worksheet("Overzicht")
            sheet.write(0, 0, "Overzicht")
            for row, values in enumerate([list(records[0]), *(list(record.values()) for record in records)], start=2):
                sheet.write_row(row, 2, values[:2])
                sheet.write_row(row, 5, values[2:])
        verdict = judge(buffer.getvalue(), name_of("tlv", "xlsx"), PEILDATUM, region())
        place = causes(verdict)[0].places[0]
        assert (place.column, place.cells) == ("G (categorie)", "G7")


def test_all_rows_of_a_finding_are_known_and_json_names_a_hundred():
    records = valid_records("tlv", 500)
    for record in records:
        record["categorie"] = "9"
    finding = judge(csv_bytes(records), name_of("tlv"), PEILDATUM, region()).findings[1]
    assert (finding.code, finding.aantal, len(finding.rijen), len(finding.alle_rijen)) == ("JOS-E027", 500, 100, 500)

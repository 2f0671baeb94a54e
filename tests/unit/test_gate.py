"""The gate's order of questions and what it may never give away."""

import dataclasses
import io
import json
import zipfile
from datetime import date
from itertools import cycle

import polars as pl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from pandera.config import config_context

from jos_pipeline.intake.gate import judge, recognise
from jos_pipeline.intake.recognition import Recognised
from jos_pipeline.intake.rows import ContractsDisabledError
from jos_pipeline.intake.verdict import Finding, Outcome, make_finding, verdict_json
from jos_pipeline.intake.wording import excel_letter
from jos_pipeline.school_year import SchoolYear
from schemas.contracts import CONTRACTS
from tests.records import (
    PEILDATUM,
    SCHOOLJAAR,
    csv_bytes,
    delivery,
    lenient_region,
    name_of,
    region,
    supplier_of,
    valid_record,
    valid_records,
    xlsx_bytes,
)

BSN = "123456782"
NAME = name_of("trajecten")


def _judge(data, name=NAME, modified=PEILDATUM, supplier=None, where=None):
    return judge(data, name, modified, where or region(), supplier)


def _codes(verdict):
    return [finding.code for finding in verdict.findings]


def _said(verdict):
    """Everything a verdict can tell anyone, and every cell it keeps."""
    kept = [frame.write_json() for frame in (verdict.accepted, verdict.rejected) if frame is not None]
    passes = [dataclasses.asdict(one) for one in verdict.passes]
    return json.dumps(verdict_json(verdict)) + repr(verdict) + json.dumps(passes, default=str) + "".join(kept)


class TestIdentity:
    def test_the_name_says_it_all(self):
        verdict = _judge(delivery("trajecten"), supplier="groeimee")
        assert (verdict.soort, verdict.schooljaar, verdict.peildatum) == ("trajecten", SCHOOLJAAR, PEILDATUM)
        assert verdict.oordeel is Outcome.GEACCEPTEERD

    @pytest.mark.parametrize("soort", list(CONTRACTS))
    def test_a_header_fits_its_own_contract_only(self, soort):
        found = recognise(delivery(soort), "export.csv", PEILDATUM, region())
        assert (found.soort, found.peildatum) == (soort, PEILDATUM)

    @pytest.mark.parametrize("soort", list(CONTRACTS))
    def test_the_required_columns_alone_tell_the_soort(self, soort):
        required = [field.name for field in CONTRACTS[soort].fields if field.required]
        data = csv_bytes([{name: row[name] for name in required} for row in valid_records(soort, 3)])
        assert recognise(data, "export.csv", PEILDATUM, region()).soort == soort

    @pytest.mark.parametrize(("soort", "column"), [("inzet", "einddatum"), ("thuiszitters", "school")])
    def test_a_column_without_a_star_may_stay_away(self, soort, column):
        data = csv_bytes([{k: v for k, v in row.items() if k != column} for row in valid_records(soort)])
        assert _judge(data, name_of(soort)).oordeel is Outcome.GEACCEPTEERD

    def test_what_was_derived_is_told(self):
        records = [row | {"aanmelddatum": "2022-09-01"} for row in valid_records("trajecten")]
        verdict = _judge(csv_bytes(records), "export.csv")
        assert (verdict.soort, verdict.schooljaar, verdict.peildatum) == ("trajecten", SCHOOLJAAR, PEILDATUM)
        assert _codes(verdict) == ["JOS-S014"]
        assert "de peildatum (2023-02-01)" in verdict.findings[0].melding

    def test_dates_after_the_peildatum_do_not_tell_the_year(self):
        records = valid_records("trajecten")
        records[3]["einddatum"] = "2023-09-01"
        assert _judge(csv_bytes(records), "trajecten.csv").schooljaar == SCHOOLJAAR

    def test_dates_in_two_years_do_not_either(self):
        records = valid_records("trajecten")
        records[3]["aanmelddatum"] = "2022-07-31"
        verdict = _judge(csv_bytes(records), "trajecten.csv")
        assert _codes(verdict) == ["JOS-E013", "JOS-S014"]
        assert verdict.refused
        assert recognise(csv_bytes(records), "trajecten.csv", PEILDATUM, region()).schooljaar is None

    @pytest.mark.parametrize(
        ("aanvang", "schooljaar"),
        [
            pytest.param(["20220000"], None, id="may be two school years"),
            pytest.param(["20220000", "2022-10-01"], "2022-2023", id="fits the others"),
            pytest.param(["20220000", "2022-03-01"], "2021-2022", id="fits an earlier one"),
            pytest.param(["20190000", "2022-10-01"], None, id="does not fit the others"),
            pytest.param(["20220900"], "2022-2023", id="a month lies in one"),
        ],
    )
    def test_a_date_of_which_only_the_year_is_known_does_not_tell_the_school_year(self, aanvang, schooljaar):
        row = valid_records("jeugdhulp")[0] | {"einde": "", "reden_beeindiging": ""}
        data = csv_bytes([row | {"aanvang": day, "pseudoniem": f"{n:064x}"} for n, day in enumerate(aanvang)])
        assert recognise(data, "jeugdhulp.csv", PEILDATUM, region()).schooljaar == schooljaar
        verdict = _judge(data, "jeugdhulp.csv")
        assert verdict.schooljaar == schooljaar
        assert ("JOS-E013" in _codes(verdict)) is (schooljaar is None)

    def test_recognise_does_not_read_what_the_name_says(self):
        assert recognise(b"\x00", NAME, PEILDATUM, region()) == Recognised("trajecten", SCHOOLJAAR, PEILDATUM)
        assert recognise(b"\x00", "export.csv", PEILDATUM, region()) == Recognised(None, None, PEILDATUM)

    @pytest.mark.parametrize(
        ("sheets", "soort"), [(("Toelichting", "TLV"), "tlv"), (("Wachttijden", "TLV"), None), (("TLV",), "tlv")]
    )
    def test_a_sheet_called_as_a_soort_is_found(self, sheets, soort):
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as workbook:
            for name in sheets:
                worksheet = workbook.add_worksheet(name)
                worksheet.write(0, 0, "Lees dit eerst")
            records = valid_records("tlv", 5)
            for row, cells in enumerate([list(records[0]), *(list(record.values()) for record in records)]):
                worksheet.write_row(row, 0, cells)
        assert _judge(buffer.getvalue(), f"export_{SCHOOLJAAR}_2023-02-01.xlsx").soort == soort

    def test_an_unclear_header_is_refused(self):
        verdict = _judge(b"school;functie\n19ZQ00;gedragswetenschapper\n", f"export_{SCHOOLJAAR}_2023-02-01.csv")
        assert _codes(verdict) == ["JOS-E012"]

    @pytest.mark.parametrize(
        ("name", "code"),
        [
            ("trajecten_2022-2024_2023-02-01.csv", "JOS-E018"),
            ("trajecten_1999-2000_2000-02-01.csv", "JOS-E018"),
            ("trajecten_2022-2023_2023-02-30.csv", "JOS-E014"),
            ("trajecten_2022-2023_2022-07-31.csv", "JOS-E014"),
            ("trajecten_2022-2023_2203-02-01.csv", "JOS-E014"),
            ("trajecten_2022-2023_9999-12-31.csv", "JOS-E014"),
            ("trajecten_2022-2023_2032-02-01.csv", "JOS-E014"),
        ],
    )
    def test_impossible_years_and_days(self, name, code):
        verdict = _judge(delivery("trajecten"), name)
        assert _codes(verdict) == [code]
        assert verdict.accepted is None

    def test_a_peildatum_after_the_school_year_is_fine(self):
        assert not _judge(delivery("trajecten"), f"trajecten_{SCHOOLJAAR}_2023-09-01.csv").refused

    def test_suppliers_deliver_what_was_agreed(self):
        assert _codes(_judge(delivery("trajecten"), supplier="onbekend")) == ["JOS-E015"]
        assert _codes(_judge(delivery("trajecten"), supplier="19zq00")) == ["JOS-E016"]


class TestUnreadable:
    @pytest.mark.parametrize(
        ("data", "name"),
        [
            (b"", NAME),
            (b"%PDF-1.7 x", NAME),
            (b"PK\x03\x04", "trajecten.xlsx"),
            (b"\xff\xfe\x00", NAME),
            (b"a;b\n1;2\n", NAME),
            (delivery("trajecten"), "~$" + NAME),
        ],
    )
    def test_trouble_is_a_verdict(self, data, name):
        verdict = _judge(data, name)
        assert verdict.refused
        assert len(verdict.findings) == 1
        assert verdict.findings[0].refuses_file
        assert len(verdict.sha256) == 64

    @given(st.binary(max_size=400))
    @settings(deadline=None, max_examples=60)
    def test_any_bytes_give_a_verdict(self, data):
        assert _judge(data).oordeel in Outcome

    @given(st.data())
    @settings(deadline=None, max_examples=25)
    def test_any_damage_to_a_delivery_gives_a_verdict(self, data):
        whole = bytearray(delivery("inzet", 3))
        for _ in range(data.draw(st.integers(1, 4))):
            place = data.draw(st.integers(0, len(whole) - 1))
            whole[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
        verdict = _judge(bytes(whole), name_of("inzet"))
        assert verdict.refused == (verdict.accepted is None)
        if verdict.accepted is not None:
            CONTRACTS["inzet"].schema(region().reference_on(PEILDATUM)).validate(verdict.accepted, lazy=True)
            assert verdict.accepted.height + verdict.rijen_afgekeurd == verdict.rijen

    def test_without_pandera_the_gate_stops(self):
        with config_context(validation_enabled=False), pytest.raises(ContractsDisabledError):
            _judge(delivery("trajecten"))


class TestPersonal:
    def test_a_personal_column_is_refused_before_all_else(self):
        records = [row | {"Achternaam Jansen": "de Vries"} for row in valid_records("trajecten", 3)]
        verdict = _judge(csv_bytes(records), "onzin.csv", supplier="onbekend")
        assert _codes(verdict) == ["JOS-E010"]
        letter = excel_letter(len(records[0]) - 1)
        assert f"(kolom {letter}: achternaam)" in verdict.findings[0].melding
        assert "Jansen" not in _said(verdict)
        assert "Vries" not in _said(verdict)

    def test_a_table_of_persons_on_another_sheet_is_named_by_sheet_letter_and_our_own_word(self):
        other = [{"nr": "1", "Achternaam Jansen": "de Vries", "Geb.datum kind": "2010-01-01"}]
        verdict = _judge(xlsx_bytes(valid_records("trajecten", 3), beside=other), name_of("trajecten", "xlsx"))
        assert _codes(verdict) == ["JOS-E010"]
        assert "(kolom B: achternaam op werkblad 2, C: gebdatum op werkblad 2)" in verdict.findings[0].melding
        assert "Jansen" not in _said(verdict)
        assert "Vries" not in _said(verdict)

    @pytest.mark.parametrize("soort", list(CONTRACTS))
    def test_a_bsn_in_any_column_is_refused(self, soort):
        """Canaries: every column of every contract, and one that no contract knows, in turn in each spelling."""
        spellings = cycle([BSN, "1234.56.782", f"{BSN}.0", f"over {BSN} gesproken"])
        for column, spelling in zip([*CONTRACTS[soort].by_name, "opmerking"], spellings, strict=False):
            records = [row | ({"opmerking": ""} if column == "opmerking" else {}) for row in valid_records(soort, 3)]
            records[1][column] = spelling
            verdict = _judge(csv_bytes(records), name_of(soort))
            assert _codes(verdict) == ["JOS-E011"], column
            assert verdict.findings[0].rijen == (3,)
            assert (verdict.accepted, verdict.rejected) == (None, None)
            assert BSN not in _said(verdict)
            assert "1234.56.782" not in _said(verdict)

    def test_a_bsn_in_a_workbook_is_refused(self):
        records = valid_records("tlv", 3)
        records[2]["tlv_nummer"] = BSN
        assert _codes(_judge(xlsx_bytes(records), name_of("tlv", "xlsx"))) == ["JOS-E011"]

    def test_a_bsn_as_heading_is_refused_and_not_told(self):
        records = [row | {BSN: ""} for row in valid_records("tlv", 3)]
        verdict = _judge(csv_bytes(records), name_of("tlv"))
        assert _codes(verdict) == ["JOS-E011"]
        assert BSN not in _said(verdict)

    def test_a_bsn_in_the_name_is_masked(self):
        verdict = _judge(delivery("tlv"), f"tlv_{SCHOOLJAAR}_2023-02-01_{BSN}.csv", supplier=BSN)
        assert BSN not in _said(verdict)
        assert "#########" in verdict.file_name

    @pytest.mark.parametrize(
        ("before", "after"),
        [
            (f"Export voor {BSN}\r\n", ""),
            (f"Leerling BSN{BSN}\r\n", ""),
            ("Export voor 123-456-782\r\n", ""),
            ("", f"Totaal;{BSN}\r\n"),
            ("", "scheef;1234.56.782\r\n"),
        ],
    )
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
    def test_a_bsn_outside_the_table_is_refused(self, before, after, encoding):
        """Title rows, totals and rows of the wrong width are no part of the table, but they are in the file."""
        text = before + delivery("tlv", 3).decode() + "Zoë;x\r\n" + after
        verdict = _judge(text.encode(encoding), name_of("tlv"))
        assert _codes(verdict) == ["JOS-E011"]
        assert verdict.accepted is None
        assert BSN not in _said(verdict)

    def test_a_bsn_on_another_sheet_is_refused(self):
        target = io.BytesIO()
        with xlsxwriter.Workbook(target) as book:
            for number, row in enumerate(
                [list(valid_records("tlv", 1)[0]), *(r.values() for r in valid_records("tlv", 3))]
            ):
                (book.get_worksheet_by_name("tlv") or book.add_worksheet("tlv")).write_row(number, 0, row)
            book.add_worksheet("kladblok").write_number(4000, 2, int(BSN))
        verdict = _judge(target.getvalue(), name_of("tlv", "xlsx"))
        assert _codes(verdict) == ["JOS-E011"]
        assert verdict.findings[0].aantal == 1


class TestRows:
    def test_missing_markers_and_messy_values_are_read(self):
        records = valid_records("trajecten", 40)
        records[0] |= {"school": "19zq00", "aanmelddatum": "01-09-2022", "nut": "-", "overbrugging": "J"}
        records[1] |= {"functie": "J&G coach", "woongemeente": "361", "aanmelddatum": "20220900"}
        verdict = _judge(csv_bytes(records))
        assert verdict.oordeel is Outcome.GEACCEPTEERD
        assert [(one.code, one.kolom, one.rijen) for one in verdict.findings] == [
            ("JOS-S004", "woongemeente", (3,)),
            ("JOS-S007", "functie", (3,)),
            ("JOS-S009", "aanmelddatum", (3,)),
        ]
        assert verdict.accepted["woongemeente"][1] == "GM0361"
        assert verdict.accepted["aanmelddatum_precisie"][1] == "maand"

    def test_headings_may_be_spelled_freely_but_not_twice(self):
        records = valid_records("tlv", 5)
        headings = [name.upper().replace("_", " ") for name in records[0]]
        assert _codes(_judge(csv_bytes(records, headings), name_of("tlv"))) == []
        twice = [row | {"BRIN6": row["school"]} for row in records]
        verdict = _judge(csv_bytes(twice), name_of("tlv"))
        assert [(one.code, one.kolom) for one in verdict.findings] == [("JOS-E008", "school")]

    def test_unknown_columns_are_dropped_and_named_by_letter(self):
        records = [{"geheim woord": "abc"} | row | {"iets": "x"} for row in valid_records("tlv", 5)]
        verdict = _judge(csv_bytes(records), name_of("tlv"))
        (finding,) = verdict.findings
        assert (finding.code, finding.aantal) == ("JOS-S001", 2)
        assert "(kolom A, M)" in finding.melding
        assert "geheim" not in _said(verdict)

    @pytest.mark.parametrize(("end", "codes"), [("2022-08-31", ["JOS-E036"]), ("2022-09-01", [])])
    def test_who_never_began_does_not_end_before_the_application(self, end, codes):
        records = valid_records("trajecten")
        records[0] |= {"aanmelddatum": "2022-09-01", "eerste_contact": "", "begindatum": ""}
        records[0] |= {"einddatum": end, "uitkomst": "voortijdig_client"}
        assert _codes(_judge(csv_bytes(records))) == codes

    @pytest.mark.parametrize(
        "spelling", ["Castricum", "CASTRICUM ", "castricum", "JOS-team Castricum", "Team Castricum"]
    )
    def test_a_team_goes_by_any_of_its_names(self, spelling):
        records = valid_records("inzet")
        records[0] |= {"school": "", "team": spelling}
        verdict = _judge(csv_bytes(records), name_of("inzet"))
        assert _codes(verdict) == []
        assert verdict.accepted["team"][0] == "castricum"

    def test_failed_cells_are_not_kept(self):
        records = valid_records("trajecten")
        records[0]["aanmeldreden"] = "pleegzoon van de burgemeester"
        verdict = _judge(csv_bytes(records))
        assert verdict.rejected["aanmeldreden"].to_list() == [None]
        assert verdict.rejected["traject_id"].to_list() == ["A-1"]
        assert verdict.rejected.columns[:2] == ["rij", "codes"]
        assert "burgemeester" not in _said(verdict)

    def test_uneven_rows_count_as_rejected(self):
        data = delivery("tlv", 40) + b"te;weinig\r\n"
        verdict = _judge(data, name_of("tlv"))
        assert [(one.code, one.rijen) for one in verdict.findings] == [("JOS-E019", (42,))]
        assert (verdict.rijen, verdict.rijen_afgekeurd, verdict.accepted.height) == (41, 1, 40)
        assert verdict.rejected.select("rij", "codes").row(0) == (42, ["JOS-E019"])

    def test_too_many_rejected_rows_refuse_the_file_and_stay_in_quarantine(self):
        records = valid_records("tlv", 40)
        for record in records[:3]:
            record["categorie"] = "9"
        verdict = _judge(csv_bytes(records), name_of("tlv"))
        assert _codes(verdict) == ["JOS-E017", "JOS-E027"]
        assert "3 rijen zijn afgekeurd (7,5 procent; hoogstens 5,0 procent mag)" in verdict.findings[0].melding
        assert verdict.accepted is None
        assert verdict.rejected.height == verdict.rijen_afgekeurd == 3
        records[0]["categorie"] = "1"
        assert _judge(csv_bytes(records), name_of("tlv")).oordeel is Outcome.MET_AFKEUR

    def test_a_finding_names_at_most_a_hundred_rows(self):
        records = valid_records("tlv", 150)
        for record in records[:140]:
            record["categorie"] = "9"
        finding = next(one for one in _judge(csv_bytes(records), name_of("tlv")).findings if one.code == "JOS-E027")
        assert finding.rijen == tuple(range(2, 102))
        assert finding.aantal == 140

    def test_title_rows_count_in_row_numbers(self):
        records = valid_records("tlv", 40)
        records[0]["categorie"] = "9"
        verdict = _judge(b"Overzicht\r\n\r\n" + csv_bytes(records), name_of("tlv"))
        assert next(one for one in verdict.findings if one.code == "JOS-E027").rijen == (4,)

    def test_empty_key_parts_are_equal(self):
        records = valid_records("inzet", 40)
        records.append(records[2] | {"fte": "0,5"})
        assert _judge(csv_bytes(records), name_of("inzet")).findings[0].rijen == (4, 42)

    def test_rows_without_a_readable_key_are_not_each_others_double(self):
        records = valid_records("tlv", 80)
        for record in records[:3]:
            record["tlv_nummer"] = ""
        verdict = _judge(csv_bytes(records), name_of("tlv"))
        assert [(one.code, one.aantal) for one in verdict.findings] == [("JOS-E020", 3)]


class TestSpells:
    def _merged(self, *changes):
        records = [valid_record(CONTRACTS["jeugdhulp"], 1) | change for change in changes]
        verdict = _judge(csv_bytes(records), name_of("jeugdhulp"), where=lenient_region())
        assert not verdict.refused, verdict.findings
        columns = ["aanvang", "einde", "reden_beeindiging", "nut"]
        return verdict, verdict.accepted.select(columns).rows()

    def test_overlapping_rows_are_one_spell(self):
        verdict, rows = self._merged(
            {"aanvang": "2022-09-01", "einde": "2022-10-01", "reden_beeindiging": "01", "nut": "3"},
            {"aanvang": "2022-10-01", "einde": "2022-12-01", "reden_beeindiging": "02", "nut": "8"},
        )
        assert rows == [(date(2022, 9, 1), date(2022, 12, 1), "02", 8)]
        assert [(one.code, one.rijen, one.aantal) for one in verdict.findings] == [("JOS-S013", (2, 3), 2)]
        assert (verdict.rijen, verdict.rijen_afgekeurd) == (2, 0)

    def test_a_spell_begins_like_its_first_row_and_ends_like_its_last(self):
        verdict, _ = self._merged(
            {"aanvang": "2022-10-01", "einde": "2022-12-01", "verwijzer": "03", "nut": "8"},
            {"aanvang": "2022-09-01", "einde": "2022-10-01", "verwijzer": "01", "nut": "3"},
        )
        assert verdict.accepted.select("verwijzer", "nut").rows() == [("01", 8)]

    def test_rows_that_follow_each_other_are_two(self):
        verdict, rows = self._merged(
            {"aanvang": "2022-09-01", "einde": "2022-10-01"}, {"aanvang": "2022-10-02", "einde": "2022-12-01"}
        )
        assert len(rows) == 2
        assert verdict.findings == ()

    def test_an_open_end_wins_and_keeps_no_reason(self):
        _, rows = self._merged(
            {"aanvang": "2022-09-01", "einde": "", "reden_beeindiging": ""},
            {"aanvang": "2022-10-02", "einde": "2022-12-01", "reden_beeindiging": "02"},
            {"aanvang": "2023-01-02", "einde": "2023-01-09", "reden_beeindiging": "02"},
        )
        assert [row[:3] for row in rows] == [(date(2022, 9, 1), None, None)]

    def test_a_chain_is_one_spell_whatever_the_order(self):
        _, rows = self._merged(
            {"aanvang": "2022-11-01", "einde": "2022-12-01"},
            {"aanvang": "2022-09-01", "einde": "2022-10-15"},
            {"aanvang": "2022-10-01", "einde": "2022-11-01"},
        )
        assert [row[:2] for row in rows] == [(date(2022, 9, 1), date(2022, 12, 1))]

    def test_other_care_or_another_provider_is_another_spell(self):
        _, rows = self._merged({"hulpvorm": "01"}, {"hulpvorm": "02"}, {"aanbieder": "B"}, {"aanbieder": ""})
        assert len(rows) == 4

    def test_an_empty_provider_equals_an_empty_provider(self):
        _, rows = self._merged({"aanbieder": ""}, {"aanbieder": ""})
        assert len(rows) == 1

    def test_rejected_rows_are_not_merged(self):
        verdict, rows = self._merged({"nut": "4"}, {"nut": "11"})
        assert [row[3] for row in rows] == [4]
        assert _codes(verdict) == ["JOS-E033"]


class TestWording:
    def test_a_verdict_is_written_as_promised(self):
        records = valid_records("tlv", 40)
        records[0]["categorie"] = "9"
        written = verdict_json(_judge(csv_bytes(records), name_of("tlv"), supplier=supplier_of("tlv")))
        assert list(written) == [
            "bestand", "leverancier", "soort", "schooljaar", "peildatum", "sha256", "oordeel", "rijen",
            "rijen_afgekeurd", "bevindingen",
        ]  # fmt: skip
        assert list(written["bevindingen"][0]) == ["code", "ernst", "kolom", "rijen", "aantal", "melding"]
        assert written["oordeel"] == "geaccepteerd_met_afkeur"
        assert written["bevindingen"][0]["ernst"] == "fout"
        assert json.loads(json.dumps(written)) == written

    def test_one_row_is_singular(self):
        assert make_finding("JOS-E038", rows=[3], detail="uitkomst").melding.startswith(
            "1 rij mist een waarde in uitkomst"
        )
        assert make_finding("JOS-E036", rows=[3], detail="x").melding == "1 rij eindigt voordat hij begint (x)."
        assert make_finding("JOS-E038", count=1611, detail="uitkomst").melding.startswith("1.611 rijen missen")

    def test_findings_sort_and_bound_their_rows(self):
        finding = make_finding("JOS-E019", rows=[5, 3, 3, *range(10, 300)])
        assert isinstance(finding, Finding)
        assert finding.rijen[:3] == (3, 5, 10)
        assert (len(finding.rijen), finding.aantal) == (100, 292)

    @pytest.mark.parametrize(("position", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
    def test_excel_letters(self, position, letter):
        assert excel_letter(position) == letter


def test_accepted_frames_hold_what_the_year_needs():
    """A delivery of an earlier year is judged on its own peildatum: Heerhugowaard existed then."""
    records = [row | {"woongemeente": "GM0398", "aanmelddatum": "2021-09-01", "eerste_contact": "", "begindatum": "",
                      "einddatum": "", "uitkomst": ""} for row in valid_records("trajecten", 5)]  # fmt: skip
    verdict = _judge(csv_bytes(records), "trajecten_2021-2022_2021-11-01.csv")
    assert verdict.oordeel is Outcome.GEACCEPTEERD
    assert verdict.accepted.schema["aanmelddatum"] == pl.Date
    assert SchoolYear.parse(verdict.schooljaar) == SchoolYear(2021)


class TestDatedSchools:
    """A vestiging counts in every school year in which it existed on some day (spec 1.5)."""

    GONE = "19ZQ00"

    def _judge(self, schooljaar, peildatum):
        closed = [
            school.model_copy(update={"geldig_tot": date(2023, 1, 1)} if school.school == self.GONE else {})
            for school in region().scholen
        ]
        row = valid_records("leerlingen", 1)[0] | {"school": self.GONE, "inschrijfdatum": "2021-09-01"}
        row |= {"uitschrijfdatum": "", "uitstroom": ""}
        name = f"leerlingen_{schooljaar}_{peildatum}.csv"
        there = lenient_region().model_copy(update={"scholen": tuple(closed)})
        return judge(csv_bytes([row]), name, peildatum, there, "19zq00")

    def test_a_school_that_closed_during_the_year_counts_for_that_year(self):
        assert self._judge("2022-2023", date(2023, 2, 1)).oordeel is Outcome.GEACCEPTEERD
        assert self._judge("2022-2023", date(2023, 8, 1)).oordeel is Outcome.GEACCEPTEERD

    def test_a_school_that_closed_before_the_year_is_told_apart_from_an_unknown_one(self):
        verdict = self._judge("2023-2024", date(2024, 2, 1))
        assert [(one.code, one.kolom) for one in verdict.findings] == [("JOS-E043", "school")]


def test_a_part_of_a_workbook_with_a_wrong_checksum_is_damage_wherever_it_lies():
    """Found by damaging workbooks at random: the reader never looked at this part, the search for numbers did."""
    whole = xlsx_bytes(valid_records("inwoners"))
    with zipfile.ZipFile(io.BytesIO(whole)) as package:
        part = package.getinfo("docProps/app.xml")
        stored = io.BytesIO()
        with zipfile.ZipFile(stored, "w", zipfile.ZIP_STORED) as copy:
            for one in package.infolist():
                copy.writestr(one.filename, package.read(one))
    data = bytearray(stored.getvalue())
    place = data.index(b"<Application>")
    data[place + 1 : place + 4] = b"XXX"
    verdict = judge(bytes(data), name_of("inwoners", "xlsx"), PEILDATUM, region(), supplier_of("inwoners"))
    assert part.CRC
    assert [one.code for one in verdict.findings] == ["JOS-E003"]

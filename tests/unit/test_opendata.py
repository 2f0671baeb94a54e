"""Open data of DUO: small files with the real headings, and the real extracts where they lie beside the project."""

from pathlib import Path

import polars as pl
import pytest

from jos_pipeline.opendata import OpenDataError, contents, exams, exams_of, pupils_per_school, school_year_of, schools

REAL = Path(__file__).parents[3] / "shared" / "data" / "duo"
PILOT = ["19ZQ00", "08UV00", "25EF02", "20MH00", "00ZD00"]
HEADING = '"INSTELLINGSCODE";"VESTIGINGSCODE";"INSTELLINGSNAAM VESTIGING";"AANTAL LEERLINGEN"\r\n'


def test_the_year_of_a_file_is_that_of_its_first_of_october():
    assert str(school_year_of("duo_leerlingen_vo_2025_regio_alkmaar.csv")) == "2025-2026"
    assert school_year_of("duo_vestigingen_vo_2026_regio_alkmaar.csv") is None


@pytest.mark.parametrize("branch", ["19ZQ00", "00", "0"])
def test_a_branch_comes_as_six_characters_or_as_digits_to_join(branch):
    data = f'{HEADING}"19ZQ";"{branch}";"Huis ""De Zee"", Ameland";1.805\r\n'.encode()
    assert pupils_per_school(data, "duo_leerlingen_vo_2025.csv").rows() == [("19ZQ00", 1805)]


def test_a_masked_number_is_never_a_zero():
    data = f'{HEADING}"19ZQ";"00";"A";"<5"\r\n"08UV";"00";"B";12\r\n'.encode()
    assert pupils_per_school(data, "duo_leerlingen_vo_2025.csv").rows() == [("08UV00", 12)]


def test_a_file_without_its_headings_is_refused_by_name_of_the_heading():
    with pytest.raises(OpenDataError, match="AANTAL LEERLINGEN"):
        pupils_per_school(b"INSTELLINGSCODE;VESTIGINGSCODE;X\n19ZQ;00;5\n", "duo_leerlingen_vo_2025.csv")


def test_the_register_of_schools_comes_in_windows_1252():
    data = "INSTELLINGSCODE;VESTIGINGSCODE;VESTIGINGSNAAM;PLAATSNAAM;GEMEENTENUMMER\n20DL;20DL01;École;Kollum;361\n"
    assert schools(data.encode("cp1252"), "duo_vestigingen_vo_2026.csv").rows() == [
        ("20DL01", "École", "Kollum", "GM0361")
    ]


@pytest.mark.parametrize(("text", "counted"), [("1.805", 1805), ("1.805.000", 1_805_000), ("12", 12)])
def test_a_point_in_a_count_is_a_thousands_sign_where_the_decimal_sign_is_a_comma(text: str, counted: int):
    data = f"{HEADING}19ZQ;00;A;{text}\r\n".encode()
    assert pupils_per_school(data, "duo_leerlingen_vo_2025.csv")["aantal_leerlingen"].to_list() == [counted]


@pytest.mark.parametrize("text", ["1.5", "12,5", "1,805", "veel", "-3"])
def test_what_is_no_count_is_refused_and_not_guessed(text: str):
    with pytest.raises(OpenDataError, match="1 cells"):
        pupils_per_school(f"{HEADING}19ZQ;00;A;{text}\r\n".encode(), "duo_leerlingen_vo_2025.csv")


FIVE_YEARS = (
    "INSTELLINGSCODE;VESTIGINGSCODE;ONDERWIJSTYPE VO;OPLEIDINGSNAAM;"
    "EXAMENKANDIDATEN SCHOOLJAAR 2021-2022 - MAN;EXAMENKANDIDATEN SCHOOLJAAR 2021-2022 - TOTAAL;"
    "GESLAAGDEN SCHOOLJAAR 2021-2022 - TOTAAL;SLAAGPERC SCHOOLJAAR 2021-2022 - TOTAAL\r\n"
)
ONE_YEAR = (
    "INSTELLINGSCODE;VESTIGINGSCODE;ONDERWIJSTYPE VO;LEERWEG VMBO;EXAMENKANDIDATEN;GESLAAGDEN;GEZAKTEN;CIJFER\r\n"
)


def test_the_exams_of_more_years_stand_beside_each_other():
    data = f"{FIVE_YEARS}19ZQ;19ZQ00;VMBO;VMBO LWT - z;6;12;<5;33.3\r\n19ZQ;00;HAVO;HAVO - E;9;14;13;92.9\r\n".encode()
    assert exams(data, "examens.csv").rows() == [
        ("2021-2022", "19ZQ00", "vmbo_b", 12, 12, 1, 4),
        ("2021-2022", "19ZQ00", "havo", 14, 14, 13, 13),
    ]


def test_the_exams_of_one_year_have_it_in_their_name():
    data = f"{ONE_YEAR}19ZQ;19ZQ00;VMBO;TL;<5;0;<5;6,6\r\n".encode()
    name = "geslaagden-gezakten-en-cijfers-2024-2025.csv"
    assert exams(data, name).rows() == [("2024-2025", "19ZQ00", "vmbo_gt", 1, 4, 0, 0)]
    with pytest.raises(OpenDataError, match="school year"):
        exams(data, "geslaagden.csv")


def test_the_percentage_beside_a_masked_count_is_not_read():
    """66,7 % of fewer than five would tell the count; it changes nothing here."""
    leaks = [f"{FIVE_YEARS}19ZQ;19ZQ00;HAVO;HAVO;;<5;<5;{share}\r\n".encode() for share in ("66.7", "50", "")]
    assert len({str(exams(data, "examens.csv").rows()) for data in leaks}) == 1


def test_each_exam_file_has_its_own_decimal_sign():
    """1.234 is a number of candidates in the file with decimal commas, and none in the one with decimal points."""
    marks = f"{ONE_YEAR}19ZQ;19ZQ00;HAVO;;1.234;1.200;34;6,6\r\n".encode()
    assert exams(marks, "cijfers-2024-2025.csv")["kandidaten_min"].to_list() == [1234]
    for count in ("1.234", "12.5"):
        with pytest.raises(OpenDataError, match="neither a whole number"):
            exams(f"{FIVE_YEARS}19ZQ;19ZQ00;HAVO;HAVO;;{count};12;33.3\r\n".encode(), "examens.csv")
    shares = f"{FIVE_YEARS}19ZQ;19ZQ00;HAVO;HAVO;;1,234;1,200;97.2\r\n".encode()
    assert exams(shares, "examens.csv")["kandidaten_min"].to_list() == [1234]


def test_marks_and_percentages_end_in_no_column():
    """Only school, year, kind and bounds of counts are read; everything else may say anything."""
    kept = {
        "schooljaar",
        "school",
        "onderwijssoort",
        *(f"{n}_{b}" for n in ("kandidaten", "geslaagden") for b in ("min", "max")),
    }
    one, other = (
        exams(f"{FIVE_YEARS}19ZQ;19ZQ00;HAVO;HAVO;{x};<5;<5;{x}\r\n".encode(), "examens.csv") for x in ("3", "75")
    )
    assert set(one.columns) == kept
    assert one.equals(other)


def test_of_two_files_with_one_year_the_last_counts_as_a_whole():
    first = exams(f"{FIVE_YEARS}19ZQ;19ZQ00;HAVO;HAVO;;14;13;1\r\n".encode(), "a.csv")
    later = exams(f"{ONE_YEAR}08UV;08UV00;VWO;;10;9;1;6,6\r\n".encode(), "b-2021-2022.csv")
    assert exams_of("2021-2022", [first, later])["school"].to_list() == ["08UV00"]
    assert exams_of("2020-2021", [first, later]).is_empty()


if REAL.is_dir():  # no skip: where real parts are required a skip is a failure, and a clone elsewhere has no extracts

    def _pupils(year: int) -> dict[str, int]:
        name = f"duo_leerlingen_vo_{year}_regio_alkmaar.csv"
        return dict(pupils_per_school((REAL / name).read_bytes(), name).iter_rows())

    def test_the_exams_of_the_real_extracts_are_those_that_were_counted_by_hand():
        name = "duo_examen_5jr_regio_alkmaar.csv"
        found = exams((REAL / name).read_bytes(), name).filter(schooljaar="2023-2024")
        assert found.height == 254
        assert found.filter(kandidaten_min=1, kandidaten_max=4).height == 47
        known = found.filter(pl.col("kandidaten_min") == pl.col("kandidaten_max")).filter(
            pl.col("geslaagden_min") == pl.col("geslaagden_max")
        )
        sums = known.group_by("school").agg(pl.len(), pl.col("kandidaten_min", "geslaagden_min").sum())
        by_school = {school: tuple(counts) for school, *counts in sums.iter_rows()}
        assert by_school["19ZQ00"] == (9, 180, 159)
        assert by_school["00ZD00"] == (17, 312, 267)
        assert by_school["20MH00"] == (16, 366, 331)
        name = "duo_examen_2024-2025_voorbeeldrijen.csv"
        assert exams((REAL / name).read_bytes(), name).height == 6

    def test_no_percentage_of_the_real_extract_changes_anything():
        """Beside masked counts DUO's own percentage tells them; ours stay intervals, whatever stands there."""
        name = "duo_examen_5jr_regio_alkmaar.csv"
        lines = (REAL / name).read_text(encoding="utf-8").splitlines()
        shares = [n for n, heading in enumerate(lines[0].split(";")) if "SLAAGPERC" in heading]
        cells = [line.split(";") for line in lines[1:]]
        assert any("." in row[n] for row in cells for n in shares)
        for row in cells:
            for n in shares:
                row[n] = '"37,5"'
        other = "\r\n".join([lines[0], *(";".join(row) for row in cells)]).encode()
        assert exams((REAL / name).read_bytes(), name).equals(exams(other, name))

    def test_masked_counts_of_the_real_extracts_stay_intervals_in_both_forms():
        for name in ("duo_examen_5jr_regio_alkmaar.csv", "duo_examen_2024-2025_voorbeeldrijen.csv"):
            found = exams((REAL / name).read_bytes(), name)
            for what in ("kandidaten", "geslaagden"):
                masked = found.filter(pl.col(f"{what}_min") != pl.col(f"{what}_max"))
                assert masked.height
                assert set(masked.select(f"{what}_min", f"{what}_max").rows()) == {(1, 4)}

    def test_the_real_extracts_tell_what_they_are_about():
        told = {file.name: contents(file.read_bytes(), file.name) for file in REAL.glob("*.csv")}
        assert told == {
            "duo_examen_2024-2025_voorbeeldrijen.csv": "2024-2025",
            "duo_examen_5jr_regio_alkmaar.csv": "2019-2020, 2020-2021, 2021-2022, 2022-2023, 2023-2024",
            "duo_leerlingen_vo_2024_regio_alkmaar.csv": "2024-2025",
            "duo_leerlingen_vo_2025_regio_alkmaar.csv": "2025-2026",
            "duo_vestigingen_vo_2026_regio_alkmaar.csv": "actueel",
        }

    def test_the_pilot_schools_of_the_real_extract_add_up():
        now, before = _pupils(2025), _pupils(2024)
        assert sum(now[school] for school in PILOT) == 5020
        assert (before["19ZQ00"], now["19ZQ00"]) == (862, 805)

    def test_the_pilot_schools_stand_in_the_real_register():
        name = "duo_vestigingen_vo_2026_regio_alkmaar.csv"
        register = schools((REAL / name).read_bytes(), name)
        assert set(PILOT) - {"08UV00"} <= set(register["school"])  # the extract leaves out Heerhugowaard
        assert register["gemeente"].str.contains(r"^GM\d{4}$").all()

"""Open data of DUO: small files with the real headings, and the real extracts where they lie beside the project."""

from pathlib import Path

import pytest

from jos_pipeline.opendata import OpenDataError, pupils_per_school, school_year_of, schools

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


if REAL.is_dir():  # no skip: where real parts are required a skip is a failure, and a clone elsewhere has no extracts

    def _pupils(year: int) -> dict[str, int]:
        name = f"duo_leerlingen_vo_{year}_regio_alkmaar.csv"
        return dict(pupils_per_school((REAL / name).read_bytes(), name).iter_rows())

    def test_the_pilot_schools_of_the_real_extract_add_up():
        now, before = _pupils(2025), _pupils(2024)
        assert sum(now[school] for school in PILOT) == 5020
        assert (before["19ZQ00"], now["19ZQ00"]) == (862, 805)

    def test_the_pilot_schools_stand_in_the_real_register():
        name = "duo_vestigingen_vo_2026_regio_alkmaar.csv"
        register = schools((REAL / name).read_bytes(), name)
        assert set(PILOT) - {"08UV00"} <= set(register["school"])  # the extract leaves out Heerhugowaard
        assert register["gemeente"].str.contains(r"^GM\d{4}$").all()

"""What is wrong with the files of a region is one Dutch line: which file, where in it, and what to do."""

import re
import shutil

import pytest

from jos_pipeline import doctor
from jos_pipeline.region import SHIPPED, RegionError, load_region
from jos_pipeline.settings import Settings


@pytest.fixture
def directory(tmp_path):
    shutil.copytree(SHIPPED / "alkmaar", tmp_path / "regio")
    return tmp_path / "regio"


def _change(path, old, new):
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))


WRONG = [
    (
        "regio.toml",
        b"\n[[leveranciers]]",
        b"\n[[leveranciers]]\nkleur = 1",
        "regio.toml, leveranciers nummer 1, veld kleur",
    ),
    (
        "regio.toml",
        b"id = ",
        b"stil_na_dagen = 'tien'\nid = ",
        "regio.toml, veld stil_na_dagen: dit moet een geheel getal",
    ),
    ("regio.toml", b"id = ", b"afronden = 1\nid = ", "regio.toml, veld afronden: dit moet minstens 2"),
    ("regio.toml", b"id = ", b"id = 'x'\nid = ", "regio.toml, regel 5, kolom 15: dezelfde naam staat hier"),
    ("regio.toml", b"id = ", b"id = \nnaam = ", "regio.toml, regel 4, kolom 6: dit is geen TOML"),
    ("regio.toml", b"id = ", b"# caf\xe9\nid = ", "regio.toml, regel 4: hier staat een letter die geen UTF-8 is"),
    ("scholen.csv", b"19ZQ00", b"19ZQ", "scholen.csv, rij 2, kolom school: dit past niet bij het patroon"),
    ("scholen.csv", b"19ZQ00,", b"19ZQ00,een,", "scholen.csv, rij 2: deze rij heeft meer cellen dan de kop"),
    ("scholen.csv", b"19ZQ00,", b"", "scholen.csv, rij 2, kolom school: dit past niet bij het patroon"),
    ("scholen.csv", b"gemeente,", b"plaats,", "scholen.csv: in de kop ontbreekt gemeente"),
    ("gebieden.csv", b",ja,", b",Ja,", "gebieden.csv, rij 2, kolom in_regio: kies uit 'ja' of 'nee'"),
    ("postcodes.csv", b"pc4", b"postcode", "postcodes.csv: in de kop ontbreekt pc4"),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), WRONG)
def test_a_mistake_names_its_file_and_place(directory, file, old, new, says):
    _change(directory / file, old, new)
    with pytest.raises(RegionError) as wrong:
        load_region(str(directory))
    assert says in str(wrong.value)
    assert str(directory) in str(wrong.value)
    assert "\n" not in str(wrong.value)
    (line,) = doctor.region(Settings(regio=str(directory)))
    assert says in line.found, "and the doctor says the same"


SUPPLIER = b'soort = "aanbieder"\nlevert = ["inzet"'
FIRST = b"\n[[leveranciers]]\n"
CONTRADICTING = [
    ("regio.toml", b'"25EF02"', b'"99XX00"', "regio.toml, team castricum, veld scholen: school 99XX00 staat niet in"),
    (
        "regio.toml",
        b'"inzet"',
        b'"uren"',
        "regio.toml, leverancier groeimee, veld levert: soort uren bestaat niet. Kies",
    ),
    (
        "regio.toml",
        SUPPLIER,
        b'gebied = "GM0361"\n' + SUPPLIER,
        "leverancier groeimee, veld gebied: een aanbieder heeft",
    ),
    ("regio.toml", SUPPLIER, b'scholen = ["99XX00"]\n' + SUPPLIER, "leverancier groeimee, veld scholen: school 99XX00"),
    ("regio.toml", b'gebied = "VO2703"\n', b"", "leverancier vo2703, veld gebied: dit ontbreekt. Noem een code die"),
    (
        "regio.toml",
        b'gebied = "VO2703"',
        b'gebied = "VO9999"',
        "leverancier vo2703, veld gebied: VO9999 is onbekend. Noem",
    ),
    (
        "regio.toml",
        b'gebied = "VO2703"',
        b'gebied = "VO2703"\nscholen = ["19ZQ00"]',
        "veld scholen: alleen een aanbieder",
    ),
    (
        "regio.toml",
        b'id = "vo2703"',
        b'id = "groeimee"',
        "leverancier groeimee, veld id: deze naam staat bij leveranciers",
    ),
    (
        "regio.toml",
        b'"2021-2022"',
        b'"2021-2023"',
        "regio.toml, veld eerste_schooljaar: schrijf een schooljaar als 2022",
    ),
    ("regio.toml", b'"2021-2022"', b'"2041-2042"', "regio.toml, veld laatste_schooljaar: 2027-2028 ligt voor"),
    ("regio.toml", b"drempel = 10", b"drempel = 4", "regio.toml, veld drempel: 4 is te laag. Kies minstens 5"),
    (
        "regio.toml",
        b"drempel = 10",
        b"drempel = 6",
        "regio.toml, veld drempel: 6 is lager dan 10. Dat mag alleen met een",
    ),
    (
        "regio.toml",
        b"drempel = 10",
        b"drempel = 10\nafronden = 11",
        "regio.toml, veld afronden: 11 is hoger dan drempel 10",
    ),
    (
        "regio.toml",
        b"drempel = 10",
        b'uitsplitsen_tot = "wijk"\ndrempel = 10',
        "veld uitsplitsen_tot: 'wijk' bestaat niet",
    ),
    (
        "regio.toml",
        b"[verwachtingen]",
        b"[verwachtingen]\nx = 1",
        "regio.toml, tabel verwachtingen: x bestaat niet. Kies",
    ),
    ("regio.toml", b'VO2703 = "', b'VO2713 = "', "leverancier vo2703, veld gebied: VO2703 is onbekend. Noem een code"),
    ("scholen.csv", b",GM", b",GM9", "scholen.csv, rij 2, kolom gemeente: GM9"),
    (
        "scholen.csv",
        b",regulier",
        b",gewoon",
        "scholen.csv, rij 2, kolom onderwijstype: gewoon bestaat niet. Kies uit regulier",
    ),
    (
        "gebieden.csv",
        b"VO2703",
        b"VO9999",
        "gebieden.csv, rij 2, kolom samenwerkingsverband: VO9999 heeft geen naam. Zet",
    ),
    (
        "regio.toml",
        b"uiterlijk = 21",
        b"uiterlijk = 500",
        "levermomenten nummer 1, veld uiterlijk: schrijf 0 tot en met 365",
    ),
    (
        "regio.toml",
        b'peildatum = "02-01"',
        b'peildatum = "02-31"',
        "veld peildatum: 02-31 is geen dag van het jaar. Schrijf",
    ),
    (
        "regio.toml",
        b"uiterlijk = 21",
        b'uiterlijk = 21\nleveranciers = ["x"]',
        "levermoment 02-01, veld leveranciers: x is geen",
    ),
    (
        "regio.toml",
        b"uiterlijk = 21",
        b'uiterlijk = 21\nsoorten = ["x"]',
        "levermoment 02-01, veld soorten: x is met geen van",
    ),
    ("regio.toml", b'peildatum = "07-31"', b'peildatum = "02-01"', "regio.toml, levermoment 02-01: dit staat 2 keer"),
    (
        "regio.toml",
        FIRST,
        b'\n[[publicatiemomenten]]\npeildatum = "02-30"\nstatus = "voorlopig"\n' + FIRST,
        "regio.toml, publicatiemomenten nummer 1, veld peildatum: 02-30 is geen dag van het jaar",
    ),
    (
        "regio.toml",
        FIRST,
        b'\n[[uitstel]]\nnaam = "kerst"\nvan = 2023-01-02\ntot_en_met = 2023-01-01\n' + FIRST,
        "regio.toml, uitstel kerst, veld tot_en_met: deze dag ligt voor van. Verwissel de twee",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), CONTRADICTING)
def test_files_that_contradict_each_other_are_told_with_place_and_remedy(
    jos, monkeypatch, directory, file, old, new, says
):
    _change(directory / file, old, new)
    monkeypatch.setenv("JOS_REGIO", str(directory))
    _, _, told = jos("status")
    assert told.startswith(f"jos: de regio klopt niet: {file}, ")
    assert told.count("\n") == 1
    assert says in told
    assert not re.search(r"\b(the|is not|unknown|must|twice|should|error)\b", told, re.IGNORECASE)


def test_how_many_more_mistakes_there_are_is_told(directory):
    _change(directory / "regio.toml", b"id = ", b"stil_na_dagen = 'tien'\nafronden = 1\nid = ")
    with pytest.raises(RegionError, match=r"\(en nog 1 fout\)"):
        load_region(str(directory))


def test_a_table_saved_by_excel_is_read_with_its_byte_order_mark(directory):
    for file in directory.glob("*.*"):
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert load_region(str(directory)) == load_region("alkmaar")


def test_a_table_with_semicolons_is_told_as_such(directory):
    file = directory / "scholen.csv"
    file.write_bytes(file.read_bytes().replace(b",", b";"))
    with pytest.raises(RegionError, match=r"scholen\.csv: tussen de kolommen staan puntkomma's"):
        load_region(str(directory))


@pytest.mark.parametrize("file", ["scholen.csv", "gebieden.csv"])
def test_a_table_that_is_not_there_is_told(directory, file):
    (directory / file).unlink()
    with pytest.raises(RegionError, match=f"{file} is er niet"):
        load_region(str(directory))


def test_a_row_may_end_before_the_days_on_which_it_holds(directory):
    before = load_region(str(directory))
    path = directory / "scholen.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",,\n", "\n"), encoding="utf-8")
    assert load_region(str(directory)) == before


def test_a_region_without_postcodes_is_one(directory):
    (directory / "postcodes.csv").unlink()
    assert load_region(str(directory)).postcodes == {}


def test_a_region_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(RegionError, match=r"regio 'nergens' is er niet\. .*JOS_REGIO.*alkmaar"):
        load_region("nergens")


@pytest.mark.parametrize(
    ("deepest", "many", "warns"), [("school", 7, True), ("school", 8, False), ("gemeente", 7, False)]
)
def test_the_doctor_says_beforehand_that_figures_of_so_many_schools_cannot_go_out(
    directory, monkeypatch, deepest, many, warns
):
    _change(directory / "regio.toml", b"id = ", f'cijfers_tot = "{deepest}"\nid = '.encode())
    monkeypatch.setattr(doctor, "MANY_SCHOOLS", many)
    (line,) = doctor.region(Settings(regio=str(directory)))
    assert ("set cijfers_tot" in line.remedy) == warns

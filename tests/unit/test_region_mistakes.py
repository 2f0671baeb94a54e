"""What is wrong with the files of a region is one Dutch line: which file, where in it, and what to do."""

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

"""The data package: what each kind of file holds, how it opens elsewhere, and how it is put in its place."""

import hashlib
import io
import json
import shutil
from pathlib import Path

import duckdb
import frictionless
import openpyxl
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jos_pipeline import promise
from jos_pipeline.dimensions import dimensions
from jos_pipeline.export import workbook
from jos_pipeline.export.content import PUBLIC, contents
from jos_pipeline.export.csv_files import csv_bytes
from jos_pipeline.export.database import readable
from jos_pipeline.export.descriptor import FILE_NAME, descriptor
from jos_pipeline.export.files import DATABASE, FORMATS, WORKBOOK
from jos_pipeline.export.guide import guide, guide_text
from jos_pipeline.export.workbook import workbook_bytes
from jos_pipeline.handout import NoExportError, hand_out
from jos_pipeline.publication import Withdrawal
from jos_pipeline.region import Licence
from jos_pipeline.settings import Settings
from resources.package import NotOursError, write_package
from resources.warehouse import WarehouseStore
from schemas.published import NIVEAU, PERIODE, REFERENCES, SILENT, WAARDE_STATUS
from schemas.warehouse import data_woordenboek
from tests.unit.public_tables import FIGURES, NOON, REGION, SILENT_STATUSES, public_frames, publication, rows_of

NUMBERS = ("waarde", "waarde_min", "waarde_max", "teller", "noemer", "rang")


def current(region=REGION):
    found = contents(region, public_frames(publication()))
    assert found is not None
    return found


@pytest.fixture(scope="module")
def package(tmp_path_factory) -> Path:
    """A whole package, written once."""
    directory = tmp_path_factory.mktemp("pakket") / "uit"
    write_package(current(), FORMATS, directory)
    return directory


@pytest.fixture(scope="module")
def told(package):
    return json.loads((package / FILE_NAME).read_text(encoding="utf-8"))


def files_in(directory: Path) -> dict[str, bytes]:
    return {
        file.relative_to(directory).as_posix(): file.read_bytes() for file in directory.rglob("*") if file.is_file()
    }


# --- what is in it -----------------------------------------------------------------------------------------


def test_nothing_published_is_no_package():
    frames = public_frames(publication())
    assert contents(REGION, frames | {"publicatie": frames["publicatie"].head(0)}) is None


def test_only_what_is_public_is_in_it(package):
    tables = {path.stem for path in (package / "csv").iterdir()}
    assert tables == {
        *("intrekking", "toelichting", "dim_indicator_versie"),
        *("monitor_indicator", "publicatie", "data_woordenboek", "indicator_breed", "indicator_leesbaar"),
        *("dim_indicator", "dim_gebied", "dim_school", "dim_periode", "dim_categorie", "dim_leverancier"),
    }
    assert {path.stem for path in (package / "parquet").iterdir()} == tables


@pytest.fixture(scope="module")
def withdrawn():
    taken_back = Withdrawal(publication().id, "verkeerde levering", NOON)
    found = contents(REGION, public_frames(publication(), withdrawn=(taken_back,)))
    assert found is not None
    return found


def test_a_publication_that_was_withdrawn_says_so_before_anything_else(withdrawn):
    first = guide(withdrawn)[0]
    assert any("ingetrokken" in line and "verkeerde levering" in line for line in first.lines)
    text = guide_text(withdrawn, (("csv", "voor R"),))
    assert text.startswith("Let op: ingetrokken")
    assert text.count("verkeerde levering") == 1
    assert "verkeerde levering" in descriptor(withdrawn, ())["description"]
    whole = guide_text(current(), (("csv", "voor R"),))
    assert "ingetrokken" not in whole + descriptor(current(), ())["description"]


def test_every_row_of_the_workbook_says_that_its_publication_was_withdrawn(withdrawn, book):
    gone = openpyxl.load_workbook(io.BytesIO(workbook_bytes(withdrawn, readable(withdrawn)["indicator_leesbaar"])))
    assert _standing(gone) == {"ingetrokken"}
    assert "ingetrokken" not in _standing(book)
    assert "verkeerde levering" in str(gone["Lees mij"]["A4"].value) + gone.properties.description


@pytest.mark.parametrize(("k", "half"), [(5, 3), (10, 5), (15, 8)])
def test_the_explanation_promises_schools_no_more_than_is_enforced(k, half):
    decision = "Stuurgroep, 12 maart 2026: kleine scholen"
    region = REGION.model_copy(update={"drempel": k, "drempel_besluit": decision})
    text = guide_text(current(region), ())
    assert f"En ook niet dat het {k} is, of alle leerlingen als er minder dan {k} zijn." in text
    assert f"Een klein aantal kan voor haar nul zijn, en het kan {half} zijn." in text
    assert "Cijfers per school publiceren wij alleen als wij dit konden narekenen: bij hoogstens 100 scholen." in text
    assert f"De grens is {k}." in text
    assert f"Het besluit daarover: {decision}." in text
    assert "besluit" not in guide_text(current(), ()), "none was recorded here"
    for point in (*promise.ABOUT, *promise.NOT_PROMISED, *promise.not_guaranteed(k)):
        assert str(point) in text


def _standing(workbook) -> set[str]:
    heading, *rows = workbook["Cijfers"].iter_rows(values_only=True)
    return {row[heading.index("Publicatie is")] for row in rows}


def test_the_words_for_levels_and_statuses_are_those_of_the_figures():
    from jos_pipeline.areas import Level
    from jos_pipeline.indicators.figures import Status
    from jos_pipeline.indicators.reported import DELIVERED, MIXED, REPORTED
    from jos_pipeline.school_year import Period
    from schemas.published import HERKOMST

    assert set(NIVEAU.values) == {str(level) for level in Level}
    assert set(PERIODE.values) == {period.value for period in Period}
    assert set(WAARDE_STATUS.values) == {*(status.value for status in Status), "onderdrukt"}
    assert set(HERKOMST.values) == {DELIVERED, REPORTED, MIXED}
    assert set(SILENT) == set(SILENT_STATUSES)


def test_every_category_of_the_catalogue_has_its_name():
    from jos_pipeline.indicators.catalogue import INDICATORS

    named = set(current().tables["dim_categorie"].select("uitsplitsing", "categorie").iter_rows())
    for entry in INDICATORS.values():
        for split in entry.uitsplitsingen:
            assert {(split.id, code) for code in split.categories} <= named, entry.id


# --- the descriptor ----------------------------------------------------------------------------------------


def test_a_validator_finds_rows_types_and_keys_as_they_are_described(tmp_path, monkeypatch):
    write_package(current(), ("csv",), tmp_path / "uit")
    monkeypatch.chdir(tmp_path / "uit")
    found = frictionless.validate(FILE_NAME)
    assert found.valid, [error.message for task in found.tasks for error in task.errors][:5]
    assert {task.name: task.stats.get("rows") for task in found.tasks}["monitor_indicator"] == len(FIGURES)


def test_the_validator_sees_a_figure_that_was_changed(tmp_path, monkeypatch):
    write_package(current(), ("csv",), tmp_path / "uit")
    file = tmp_path / "uit" / "csv" / "monitor_indicator.csv"
    file.write_bytes(file.read_bytes().replace(b"jos_bereik", b"jos_verzin"))
    monkeypatch.chdir(tmp_path / "uit")
    found = {error.type for task in frictionless.validate(FILE_NAME).tasks for error in task.errors}
    assert {"hash-count", "foreign-key"} <= found


def test_the_descriptor_names_version_and_every_file_with_its_hash(package, told):
    assert told["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert told["version"] == str(publication().id)
    assert told["created"] == "2023-02-02T12:00:00Z"
    assert "licenses" not in told
    for resource in told["resources"]:
        content = (package / resource["path"]).read_bytes()
        assert resource["bytes"] == len(content)
        if resource["format"] != "duckdb":
            assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
    on_disk = set(files_in(package)) - {FILE_NAME, "LEESMIJ.txt"}
    assert {resource["path"] for resource in told["resources"]} == on_disk


def test_tables_are_described_by_their_comments_keys_and_words(told):
    resources = {resource["name"]: resource for resource in told["resources"]}
    for table in (*PUBLIC, data_woordenboek):
        schema = resources[table.name]["schema"]
        assert resources[table.name]["description"] == table.comment
        assert {field["name"]: field["description"] for field in schema["fields"]} == {
            column.name: column.comment for column in table.columns
        }
        assert schema["primaryKey"] == [column.name for column in table.primary_key.columns]
    of_figures = resources["monitor_indicator"]["schema"]
    fields = {field["name"]: field for field in of_figures["fields"]}
    assert fields["waarde_status"]["constraints"]["enum"] == list(WAARDE_STATUS.values)
    assert fields["waarde"] == {
        "name": "waarde",
        "type": "number",
        "description": fields["waarde"]["description"],
        "decimalChar": ",",
    }
    assert [key["fields"] for key in of_figures["foreignKeys"]] == [
        list(reference.columns) for reference in REFERENCES if reference.table == "monitor_indicator"
    ]


def test_a_licence_is_the_regions_own(tmp_path):
    licence = Licence(name="CC-BY-4.0", path="https://creativecommons.org/licenses/by/4.0/")
    region = REGION.model_copy(update={"licentie": licence})
    write_package(current(region), ("csv",), tmp_path / "uit")
    told = json.loads((tmp_path / "uit" / FILE_NAME).read_text(encoding="utf-8"))
    assert told["licenses"] == [{"name": licence.name, "path": licence.path}]
    assert "CC-BY-4.0" in (tmp_path / "uit" / "LEESMIJ.txt").read_text(encoding="utf-8-sig")


# --- each kind of file -------------------------------------------------------------------------------------


def test_hidden_rows_are_all_alike_in_every_table(package):
    for name in ("monitor_indicator", "indicator_leesbaar"):
        rows = pl.read_parquet(package / "parquet" / f"{name}.parquet")
        silent = rows.filter(pl.col("waarde_status").is_in(SILENT_STATUSES))
        assert silent.height == 5
        assert silent.select(pl.col(NUMBERS).is_not_null().sum()).row(0) == (0,) * len(NUMBERS)
    hidden = rows.filter(pl.col("waarde_status") == "onderdrukt")
    about = {"uitsplitsing", "categorie", "categorie_naam"}
    assert hidden.height == 2
    assert hidden.drop(about).unique().height == 1


def test_the_csv_opens_with_two_options_and_as_r_and_excel_expect(package):
    file = package / "csv" / "monitor_indicator.csv"
    assert file.read_bytes().startswith(b"\xef\xbb\xbfpublicatie;indicator;")
    typed = pl.read_parquet(package / "parquet" / "monitor_indicator.parquet")
    by_pandas = pd.read_csv(file, sep=";", decimal=",")
    by_polars = pl.read_csv(file, separator=";", decimal_comma=True)
    by_duckdb = duckdb.sql(f"FROM read_csv('{file}', delim = ';', decimal_separator = ',')").pl()
    for found in (by_pandas["waarde"].tolist(), by_polars["waarde"].to_list(), by_duckdb["waarde"].to_list()):
        assert [None if pd.isna(value) else value for value in found] == typed["waarde"].to_list()
    assert list(by_pandas.columns) == typed.columns


@settings(max_examples=40)
@given(st.sampled_from("=+-@\t\r\n\x00＝＋－＠"), st.text(alphabet=st.characters(codec="utf-8"), max_size=8))
def test_no_text_in_the_csv_is_a_formula_and_other_cells_stay_as_they_are(first, rest):
    content = csv_bytes(pl.DataFrame({"naam": [first + rest], "gewoon": ["a" + first], "getal": [-1.5]}))
    back = pl.read_csv(content, separator=";", decimal_comma=True)
    assert back.row(0) == ("'" + first + rest, "a" + first, -1.5)


def test_parquet_tells_what_its_columns_mean(package):
    file = pq.read_schema(package / "parquet" / "monitor_indicator.parquet")
    assert file.field("waarde").metadata[b"description"].decode() == PUBLIC[0].c.waarde.comment
    assert file.metadata[b"publicatie"].decode() == str(publication().id)
    types = {field.name: str(field.type) for field in file}
    assert (types["waarde"], types["rang"], types["peildatum"]) == ("double", "int64", "date32[day]")
    assert types["indicator"] == "string"
    assert types["berekend_op"] == "timestamp[us, tz=UTC]"


def test_the_database_opens_in_older_clients_and_explains_itself(package):
    with duckdb.connect(str(package / DATABASE), read_only=True) as connection:
        tags = connection.execute("SELECT tags FROM duckdb_databases() WHERE NOT internal").fetchall()
        assert tags[0][0]["storage_version"].startswith("v1.4.0")
        for kind in ("table", "view"):
            told = connection.execute(
                f"SELECT {kind}_name, comment FROM duckdb_{kind}s() WHERE NOT internal"
            ).fetchall()
            assert told
            assert all(words for _, words in told), told
        silent = "SELECT count(*) FROM duckdb_columns() WHERE NOT internal AND comment IS NULL"
        assert connection.execute(silent).fetchall() == [(0,)]
        assert connection.execute("SELECT count(*) FROM indicator_leesbaar").fetchall() == [(len(FIGURES),)]


def test_the_wide_view_never_confuses_hidden_with_not_delivered():
    wide = readable(current())["indicator_breed"]
    assert wide.columns[:8] == [
        *("publicatie", "schooljaar", "periode", "niveau", "gebied", "gebied_naam", "peildatum", "status")
    ]
    ids = current().tables["dim_indicator"]["indicator"].sort()
    assert wide.columns[8:] == [name for one in ids for name in (one, f"{one}_status")]
    row = wide.filter(gebied="GM0361").row(0, named=True)
    assert (row["jos_bereik"], row["jos_bereik_status"]) == (0.256, "ok")
    assert (row["jos_leerlingen"], row["jos_leerlingen_status"]) == (0.0, "ok")
    assert (row["duo_slaagpercentage"], row["duo_slaagpercentage_status"]) == (None, "interval")
    school = wide.filter(gebied="19ZQ00").row(0, named=True)
    assert (school["fte"], school["fte_status"]) == (None, "niet_van_toepassing")
    assert wide.height == 3


def test_the_readable_view_has_a_name_for_every_code():
    rows = readable(current())["indicator_leesbaar"]
    named = rows.select("periode_naam", "gebied_naam", "indicator_naam", "categorie_naam", "waarde_status_naam")
    assert named.null_count().row(0) == (0,) * named.width
    assert rows.filter(indicator="jos_bereik", niveau="gemeente")["gebied_naam"].to_list() == ["Alkmaar"]


# --- the workbook ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def book(package):
    return openpyxl.load_workbook(package / WORKBOOK)


def test_the_workbook_begins_with_an_explanation_in_dutch(book):
    assert book.sheetnames[:2] == ["Lees mij", "Cijfers"]
    assert book.active.title == "Lees mij"
    assert (book.properties.language, book.properties.creator) == ("nl-NL", REGION.naam)
    words = " ".join(str(row[0]) for row in book["Lees mij"].iter_rows(values_only=True))
    for said in (*WAARDE_STATUS.meanings.values(), str(publication().id), f"minder dan {REGION.drempel} leerlingen"):
        assert said in words or said == WAARDE_STATUS.meanings["ok"]


def test_every_sheet_is_one_named_table_with_a_header_in_sight(book):
    for sheet in book.worksheets[1:]:
        assert not sheet.merged_cells.ranges
        assert sheet.freeze_panes == "A2"
        (table,) = sheet.tables.values()
        assert table.name == sheet.title
        assert table.autoFilter is not None
        assert len([cell for cell in sheet[1] if cell.value]) == len(table.tableColumns)
        assert all(sheet.column_dimensions[cell.column_letter].width >= 8 for cell in sheet[1])


def test_long_texts_are_seen_whole_in_programs_that_do_not_fit_rows(book):
    for name in ("Lees mij", "Cijfers", "Versies", "Indicatoren"):
        sheet = book[name]
        for cell in (cell for row in sheet.iter_rows(min_row=2) for cell in row if isinstance(cell.value, str)):
            if len(cell.value) > sheet.column_dimensions[cell.column_letter].width:
                assert sheet.row_dimensions[cell.row].height >= 30, cell.coordinate


def test_figures_can_be_read_on_paper(book):
    """The columns up to what a figure rests on, on a page that lies down, in letters of seven points or more."""
    sheet = book["Cijfers"]
    printed = {cell.value: sheet.column_dimensions[cell.column_letter].width for cell in sheet["A1:K1"][0]}
    assert {"Gebied", "Indicator", "Categorie", "Cijfer", "Eenheid", "Geleverd", "Verwacht"} <= printed.keys()
    assert sheet.print_area == f"'Cijfers'!$A$1:$K${sheet.max_row}"
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage, "one page wide, as many long as it takes"
    assert sheet.print_title_rows == "$1:$1"
    across = (11.69 - sheet.page_margins.left - sheet.page_margins.right) * 96  # pixels of a page of A4
    letters = across / sum(7 * width + 5 for width in printed.values())
    assert letters * 11 >= 7


def figures(book):
    header, *rows = book["Cijfers"].iter_rows()
    return [dict(zip([cell.value for cell in header], row, strict=True)) for row in rows]


def test_figures_are_numbers_in_their_own_format_and_else_the_word_that_says_why(book):
    rows = {(row["Code indicator"].value, row["Niveau"].value, row["Categorie"].value): row for row in figures(book)}
    assert len(rows) == len(FIGURES)
    reach = rows["jos_bereik", "gemeente", "Totaal"]
    assert (reach["Cijfer"].value, reach["Cijfer"].number_format) == (0.256, "0.0%")
    fte = rows["fte", "gemeente", "Totaal"]
    assert (fte["Cijfer"].value, fte["Cijfer"].number_format, fte["Noemer"].value) == (13.76, "#,##0.00", "n.v.t.")
    between = rows["duo_slaagpercentage", "gemeente", "Totaal"]
    assert between["Cijfer"].value == "niet precies bekend"
    assert (between["Laagst mogelijk"].value, between["Laagst mogelijk"].number_format) == (0.9, "0.0%")
    zero = rows["jos_leerlingen", "gemeente", "Totaal"]
    assert (zero["Cijfer"].value, zero["Teller"].value) == (0, 0)


def test_the_newest_year_stands_first_and_the_region_before_its_parts():
    found = current()
    rows = readable(found)["indicator_leesbaar"]
    last = rows["schooljaar"].max()
    earlier = rows.with_columns(schooljaar=pl.lit("2001-2002"))
    shown = figures(openpyxl.load_workbook(io.BytesIO(workbook_bytes(found, pl.concat([earlier, rows])))))
    years = [row["Schooljaar"].value for row in shown]
    assert years == [last] * len(rows) + ["2001-2002"] * len(rows)
    newest = shown[: len(rows)]
    split = [row["Uitsplitsing"].value != "totaal" for row in newest]
    assert split == sorted(split)
    levels = [
        list(NIVEAU.values).index(row["Niveau"].value) for row in newest if row["Code indicator"].value == "jos_bereik"
    ]
    assert levels == sorted(levels)


def test_no_cell_is_empty_and_one_word_stands_for_hidden(book):
    for row in figures(book):
        assert all(cell.value is not None for cell in row.values())
        if row["Status van het cijfer"].value in ("verborgen", "niet geleverd", "geen waarnemingen"):
            shown = {row[name].value for name in ("Cijfer", "Teller", "Noemer", "Laagst mogelijk", "Hoogst mogelijk")}
            assert shown == {row["Status van het cijfer"].value}


def test_text_in_the_workbook_is_never_a_formula():
    frames = public_frames(publication())
    frames["dim_gebied"]["naam"] = '=HYPERLINK("http://x")'
    found = contents(REGION, frames)
    content = workbook.workbook_bytes(found, readable(found)["indicator_leesbaar"])
    sheet = openpyxl.load_workbook(io.BytesIO(content))["Cijfers"]
    assert {cell.data_type for cell in sheet["D"][1:]} == {"s"}


# --- putting it in its place -------------------------------------------------------------------------------


def test_the_same_publication_gives_the_same_bytes(package, tmp_path):
    write_package(current(), FORMATS, tmp_path / "weer")
    first, second = files_in(package), files_in(tmp_path / "weer")
    first.pop(DATABASE)
    second.pop(DATABASE)
    assert first == second


def test_a_new_package_takes_the_place_of_an_earlier_one_and_leaves_other_files(tmp_path):
    target = tmp_path / "uit"
    write_package(current(), ("xlsx", "csv"), target)
    (target / "van mij.txt").write_text("blijft", encoding="utf-8")
    write_package(current(), ("csv",), target)
    assert not (target / WORKBOOK).exists()
    assert (target / "van mij.txt").read_text(encoding="utf-8") == "blijft"
    assert {path.name for path in target.iterdir()} == {"csv", FILE_NAME, "LEESMIJ.txt", "van mij.txt"}


@pytest.mark.parametrize("died_at", [1, 6])
def test_what_a_killed_export_left_goes_with_the_next_one(tmp_path, monkeypatch, died_at):
    """Killed after some files were put there: whatever comes next, every file that stays is described."""

    class KilledError(BaseException):
        """As SIGKILL: nothing of us is done after it."""

    target, put, left = tmp_path / "uit", Path.replace, died_at
    write_package(current(), ("xlsx", "csv"), target)

    def replace(self, other):
        nonlocal left
        left -= 1
        if not left:
            raise KilledError
        return put(self, other)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        patch.setattr(shutil, "rmtree", lambda *_, **__: None)
        with pytest.raises(KilledError):
            write_package(current(), ("parquet",), target)
    assert not (target / "datapackage.json").exists(), "what is not whole is not described"
    write_package(current(), ("csv",), target)
    described = json.loads((target / "datapackage.json").read_text(encoding="utf-8"))["resources"]
    found = {str(path.relative_to(target)) for path in target.rglob("*") if path.is_file()}
    beside = {name for name in found if name.startswith(".jos-")}
    assert found - beside == {*(one["path"] for one in described), "datapackage.json", "LEESMIJ.txt"}


def test_a_package_that_cannot_be_made_leaves_the_earlier_one(tmp_path, monkeypatch):
    target = tmp_path / "uit"
    write_package(current(), ("csv",), target)
    before = files_in(target)
    monkeypatch.setattr(workbook, "LAST_ROW", 3)
    with pytest.raises(workbook.TooManyRowsError):
        write_package(current(), ("csv", "xlsx"), target)
    assert files_in(target) == before


def test_the_package_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / FILE_NAME).write_text('{"name": "iets anders"}', encoding="utf-8")
    with pytest.raises(NotOursError):
        write_package(current(), ("csv",), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]


# --- the command -------------------------------------------------------------------------------------------


def test_before_the_first_publication_the_command_says_what_to_do(tmp_path):
    with pytest.raises(NoExportError, match="jos run --publiceer"):
        hand_out(Settings(home=tmp_path), ("csv",), None, None)
    with pytest.raises(NoExportError, match="jos run --publiceer"):
        hand_out(Settings(home=tmp_path), ("csv",), None, str(publication().id))
    assert not Settings(home=tmp_path).export_path.exists()


def test_the_command_writes_the_publication_that_is_asked_for(tmp_path):
    settings = Settings(home=tmp_path)
    store = WarehouseStore(settings.warehouse_url)
    for cut in (publication(1), publication(2)):
        store.publish(cut, rows_of(cut), dimensions(REGION))
    store.close()
    assert hand_out(settings, ("csv",), None, None).publications == (str(publication(2).id),)
    asked = hand_out(settings, ("csv",), tmp_path / "uit", str(publication(1).id))
    assert asked.publications == (str(publication(1).id),)
    table = pl.read_csv(tmp_path / "uit" / "csv" / "monitor_indicator.csv", separator=";", decimal_comma=True)
    assert set(table["publicatie"]) == {str(publication(1).id)}
    with pytest.raises(NoExportError, match=str(publication(2).id)):
        hand_out(settings, ("csv",), tmp_path / "uit", "2022-2023/2023-02-01/9")
    with pytest.raises(NoExportError, match="is een bestand"):
        hand_out(settings, ("csv",), tmp_path / "warehouse.db", None)


def test_the_command_says_that_what_it_exports_was_withdrawn(tmp_path):
    settings = Settings(home=tmp_path)
    store = WarehouseStore(settings.warehouse_url)
    store.publish(publication(1), rows_of(publication(1)), dimensions(REGION))
    assert hand_out(settings, ("csv",), None, None).warnings == ()
    store.withdraw(Withdrawal(publication(1).id, "verkeerde levering", NOON))
    store.close()
    (warning,) = hand_out(settings, ("csv",), tmp_path / "uit", str(publication(1).id)).warnings
    assert "ingetrokken" in warning
    assert "verkeerde levering" in warning
    with pytest.raises(NoExportError, match="geldt nu geen publicatie"):
        hand_out(settings, ("csv",), None, None)

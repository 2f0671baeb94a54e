"""The command line as suppliers use it: exit codes, streams, and nothing of theirs overwritten (spec 1.1 and 4.1)."""

import json
import sys
from pathlib import Path

import pytest

from jos_pipeline.cli import main
from tests.ijw_messages import asked, assigned, message, start, stop

NAME = "wachttijden_2022-2023_2023-02-01.csv"
EXPORT = "BSN;woongemeente;soort;aanmelddatum\r\n111222333;GM0361;jeugdhulp;2022-09-01\r\n"
KEY = "ab" * 31 + "cd"
NUMBER = "111222333"


@pytest.fixture
def jos(tmp_path, monkeypatch, capsys):
    """Runs the command line in an empty directory; gives exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JOS_HOME", str(tmp_path / ".jos"))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["jos", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        captured = capsys.readouterr()
        return stopped.value.code or 0, captured.out, captured.err

    return run


@pytest.fixture
def prepare(jos, tmp_path):
    (tmp_path / "sleutel").write_text(KEY, encoding="ascii")

    def run(*arguments):
        return jos("prepare", *arguments, "--leverancier", "gm0361", "--sleutel-bestand", tmp_path / "sleutel")

    return run


def _export(path, content=EXPORT):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode())
    return path


def test_an_export_with_the_name_of_a_delivery_is_not_overwritten(prepare, tmp_path):
    export = _export(tmp_path / NAME)
    code, _, told = prepare(export)
    assert code == 0
    assert export.read_bytes() == EXPORT.encode()
    delivery = tmp_path / "levering" / NAME
    assert str(delivery) in told
    assert NUMBER.encode() not in delivery.read_bytes()


def test_two_exports_never_become_one_delivery(prepare, tmp_path):
    exports = [_export(tmp_path / name / NAME) for name in ("noord", "zuid")]
    code, _, told = prepare(*exports, "--uit", tmp_path / "uit")
    assert code == 2
    assert "dezelfde levering" in told
    assert sorted(path.name for path in (tmp_path / "uit").glob("*.csv")) == [NAME]


def test_files_of_one_name_each_have_their_feedback(jos, tmp_path):
    files = [_export(tmp_path / name / NAME) for name in ("noord", "zuid")]
    code, _, _ = jos("check", *files, "--terugkoppeling", tmp_path / "uit")
    assert code == 1
    assert len(list((tmp_path / "uit").iterdir())) == 2


@pytest.mark.parametrize("option", [("--soort", "foo"), ("--schooljaar", "2022"), ("--peildatum", "morgen")])
def test_impossible_options_are_usage(prepare, tmp_path, option):
    code, out, told = prepare(_export(tmp_path / "export.csv"), *option, "--uit", tmp_path / "uit")
    assert (code, out) == (2, "")
    assert told.startswith("jos: ")
    assert not (tmp_path / "uit").exists()


@pytest.mark.parametrize("key", ["", "zz" * 32, "ab" * 31, "ab" * 32])
def test_an_unusable_key_is_usage(prepare, tmp_path, key):
    (tmp_path / "sleutel").write_text(key, encoding="ascii")
    code, out, told = prepare(_export(tmp_path / NAME), "--uit", tmp_path / "uit")
    assert (code, out) == (2, "")
    assert "sleutel" in told
    assert "verbose" not in told
    assert not key or key not in told


def test_a_key_saved_with_a_byte_order_mark_serves(prepare, tmp_path):
    (tmp_path / "sleutel").write_text(KEY + "\r\n", encoding="utf-8-sig")
    assert prepare(_export(tmp_path / NAME), "--uit", tmp_path / "uit")[0] == 0


@pytest.mark.parametrize("verbose", [(), ("--verbose",)])
def test_exit_codes_do_not_depend_on_verbose(jos, monkeypatch, verbose):
    assert jos(*verbose, "check")[0] == 2
    monkeypatch.setenv("JOS_REGIO", "nergens")
    code, out, told = jos(*verbose, "check", __file__)
    assert (code, out) == (3, "")
    assert ("Traceback" in told) is bool(verbose)


@pytest.mark.parametrize("spelling", ["111222333", "111.222.333", "111_222_333", "1112-22-333"])
def test_a_number_in_a_name_is_never_repeated(jos, tmp_path, spelling):
    code, out, told = jos("check", tmp_path / f"{spelling}.csv")
    assert code == 2
    assert spelling not in out + told
    file = _export(tmp_path / f"wachttijden {spelling}.csv")
    code, out, told = jos("check", file, "--json", "--terugkoppeling", tmp_path / "uit")
    assert code == 1
    assert json.loads(out)["bestand"] == "wachttijden #########.csv"
    pages = [*(tmp_path / "uit").iterdir()]
    shown = out + told + "".join(f"{page.name} {page.read_text(encoding='utf-8')}" for page in pages)
    assert spelling not in shown


def test_the_command_for_messages_that_suppliers_read_about(jos, tmp_path, monkeypatch):
    page = Path(__file__).parents[2] / "docs" / "leverancier.md"
    lines = page.read_text(encoding="utf-8").splitlines()
    (told,) = [line for line in lines if line.startswith("    jos prepare JW301")]
    given = assigned(reference="R1")
    products = {"JW301": given, "JW305": start(), "JW307": stop(), "JW315": asked()}
    monkeypatch.chdir(tmp_path)
    for kind, product in products.items():
        Path(f"{kind}.xml").write_bytes(message(kind, product))
    Path("keten.sleutel").write_text(KEY, encoding="ascii")
    code, out, _ = jos(*told.split()[1:])
    assert code == 0, out
    names = sorted(path.name for path in Path("klaar").iterdir())
    assert names[:2] == ["jeugdhulp_2022-2023_2023-01-10.csv", "terugkoppeling_JW301.xml.html"]
    assert names[-1] == "wachttijden_2022-2023_2023-01-10.csv"
    written = out + "".join(path.read_text(encoding="utf-8") for path in Path("klaar").iterdir())
    assert "111222333" not in written
    assert "Kanarie" not in written


def test_messages_and_exports_in_one_call(prepare, tmp_path):
    data = tmp_path / "a.xml"
    data.write_bytes(message("JW301", assigned()))
    code, _, told = prepare(_export(tmp_path / NAME), data, "--schooljaar", "2022-2023", "--uit", tmp_path / "uit")
    assert code == 0, told
    assert len(list((tmp_path / "uit").glob("*.csv"))) == 2


def test_a_directory_without_the_official_schemas_is_usage(prepare, tmp_path):
    data = tmp_path / "a.xml"
    data.write_bytes(message("JW301", assigned()))
    code, _, told = prepare(data, "--xsd", tmp_path)
    assert code == 2
    assert "JW301.xsd" in told


def test_a_crash_never_shows_a_person(prepare, tmp_path, monkeypatch):
    def broken(*_arguments, **_more):
        raise RuntimeError("kapot")

    monkeypatch.setattr("jos_pipeline.ijw.preparing.judge", broken)
    data = tmp_path / "a.xml"
    data.write_bytes(message("JW301", assigned()))
    code, out, told = prepare(data, "--schooljaar", "2022-2023", "--verbose")
    assert code == 3
    assert "111222333" not in out + told

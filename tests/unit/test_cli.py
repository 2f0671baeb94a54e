"""The command line as suppliers use it: exit codes, streams, and nothing of theirs overwritten (spec 1.1 and 4.1)."""

import json
import os
import re
import sys
import time
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from jos_pipeline import supplier
from jos_pipeline.cli import HELP, app
from jos_pipeline.cli_shared import modified
from jos_pipeline.cli_usage import CALLED
from schemas.contracts import CONTRACTS
from tests.ijw_messages import asked, assigned, message, start, stop

NAME = "wachttijden_2022-2023_2023-02-01.csv"
EXPORT = "BSN;woongemeente;soort;aanmelddatum\r\n111222333;GM0361;jeugdhulp;2022-09-01\r\n"
KEY = "ab" * 31 + "cd"
NUMBER = "111222333"


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


def _text(path):
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as package:
        return "".join(package.read(name).decode() for name in package.namelist())


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
    stem = NAME.removesuffix(".csv")
    assert sorted(path.name for path in (tmp_path / "uit").iterdir()) == [
        f"terugkoppeling_{NAME}.html",
        f"terugkoppeling_{NAME}.json",
        f"terugkoppeling_{NAME}_2.html",
        f"terugkoppeling_{NAME}_2.json",
        "uitleg",
        f"{stem}_terugkoppeling.xlsx",
        f"{stem}_terugkoppeling_2.xlsx",
    ]
    links = re.findall(r'href="([^"#]+)"', (tmp_path / "uit" / f"terugkoppeling_{NAME}_2.html").read_text())
    assert f"{stem}_terugkoppeling_2.xlsx" in links
    assert all((tmp_path / "uit" / link).is_file() for link in links)


def test_the_json_beside_the_page_is_the_one_that_is_printed(jos, tmp_path):
    _, out, _ = jos("check", _export(tmp_path / NAME), "--json", "--terugkoppeling", tmp_path / "uit")
    assert json.loads((tmp_path / "uit" / f"terugkoppeling_{NAME}.json").read_text()) == json.loads(out)


def test_the_copy_never_replaces_a_file_that_was_checked(jos, tmp_path):
    mine = _export(tmp_path / NAME.replace(".csv", "_terugkoppeling.xlsx"), "van mij")
    jos("check", _export(tmp_path / NAME), mine, "--terugkoppeling", tmp_path)
    assert mine.read_bytes() == b"van mij"


def test_what_holds_persons_stays_with_the_export(prepare, tmp_path):
    """The directory with what is to be sent has nothing in it that may not be sent."""
    export = _export(tmp_path / "thuis" / NAME)
    code, _, told = prepare(export, "--uit", tmp_path / "klaar")
    assert code == 0
    assert NUMBER.encode() not in b"".join(path.read_bytes() for path in (tmp_path / "klaar").rglob("*.*"))
    copy = tmp_path / "thuis" / NAME.replace(".csv", "_terugkoppeling.xlsx")
    assert copy.is_file()
    assert not list((tmp_path / "klaar").glob("*.xlsx"))
    assert str(copy) in told
    assert "verstuur deze kopie niet" in told


def test_a_file_without_a_table_says_why_there_is_no_copy(jos, tmp_path):
    code, _, told = jos("check", _export(tmp_path / NAME, "%PDF-1.7"), "--terugkoppeling", tmp_path / "uit")
    assert code == 1
    assert "geen kopie met kleur: in het bestand was niet te zien welke kolom wat is" in told


def test_explain(jos, tmp_path):
    assert "Wat te doen" in jos("explain", "jos-e021")[1]
    assert jos("explain")[1].count("JOS-") > 40
    assert "traject_id" in jos("explain", "trajecten")[1]
    code, out, told = jos("explain", "E21")
    assert (code, out) == (2, "")
    assert "JOS-E021" in told
    assert jos("explain", "--html", tmp_path / "alles")[0] == 0
    assert (tmp_path / "alles" / "index.html").is_file()
    jos("explain", "tlv", "--html", tmp_path / "een")
    assert [path.name for path in (tmp_path / "een").iterdir()] == ["levering-tlv.html"]


def test_sjabloon(jos, tmp_path):
    code, out, _ = jos("sjabloon", "tlv", "--uit", tmp_path, "--schooljaar", "2022-2023", "--peildatum", "2023-02-01")
    assert code == 0
    assert out.strip() == str(tmp_path / "tlv_2022-2023_2023-02-01_sjabloon.xlsx")
    assert jos("sjabloon", "--uit", tmp_path / "alle")[1].count(".xlsx") == len(CONTRACTS)


@pytest.mark.parametrize("wrong", [("foo",), ("--schooljaar", "2022"), ("--peildatum", "2023-02-01")])
def test_impossible_wishes_for_a_workbook_are_usage(jos, tmp_path, wrong):
    code, out, told = jos("sjabloon", *wrong, "--uit", tmp_path / "uit")
    assert (code, out) == (2, "")
    assert told.startswith("jos: ")
    assert not (tmp_path / "uit").exists()


@pytest.mark.parametrize("option", [("--soort", "foo"), ("--schooljaar", "2022"), ("--peildatum", "morgen")])
def test_impossible_options_are_usage(prepare, tmp_path, option):
    code, out, told = prepare(_export(tmp_path / "export.csv"), *option, "--uit", tmp_path / "uit")
    assert (code, out) == (2, "")
    assert told.startswith("jos: ")
    assert not (tmp_path / "uit").exists()


@pytest.mark.parametrize("key", ["", "zz" * 32, "ab" * 31])
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
    written = [path for path in (tmp_path / "uit").rglob("*") if path.is_file()]
    assert len(written) > 3
    shown = out + told + "".join(f"{path.name} {_text(path)}" for path in written)
    assert spelling not in shown


def test_a_mapping_is_made_completed_and_used(jos, prepare, tmp_path):
    export = _export(tmp_path / NAME, EXPORT.replace("aanmelddatum", "Aangemeld op").replace("jeugdhulp", "JH"))
    code, out, told = jos("prepare", export, "--maak-mapping", tmp_path / "map.toml")
    assert (code, out) == (0, "")
    assert "Nog niet gevonden: aanmelddatum." in told
    assert sorted(path.name for path in tmp_path.iterdir()) == ["map.toml", "sleutel", NAME]
    text = (tmp_path / "map.toml").read_text(encoding="utf-8")
    assert NUMBER not in text
    text = text.replace('"Aangemeld op" = "weglaten"', '"Aangemeld op" = "aanmelddatum"')
    (tmp_path / "map.toml").write_text(text + '"JH" = "jeugdhulp"\n', encoding="utf-8")
    code, _, _ = prepare(export, "--mapping", tmp_path / "map.toml", "--uit", tmp_path / "uit")
    assert code == 0
    assert ";GM0361;jeugdhulp;2022-09-01" in (tmp_path / "uit" / NAME).read_text(encoding="utf-8")


def test_a_mapping_that_is_there_is_never_written_over(jos, tmp_path):
    (tmp_path / "map.toml").write_text("van mij", encoding="utf-8")
    code, _, told = jos("prepare", _export(tmp_path / NAME), "--maak-mapping", tmp_path / "map.toml")
    assert code == 2
    assert "bestaat al" in told
    assert (tmp_path / "map.toml").read_text(encoding="utf-8") == "van mij"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "--leverancier"),
        (["--leverancier", "gm0361"], 2, "--sleutel-bestand"),
        (["--leverancier", "gm0361", "--sleutel-bestand", "sleutel", "--mapping", "weg.toml"], 2, "niet gevonden"),
        ([NAME, "--maak-mapping", "map.toml"], 2, "een export tegelijk"),
    ],
)
def test_what_prepare_needs_is_said(prepare, jos, tmp_path, arguments, code, said):
    result, out, told = jos("prepare", _export(tmp_path / NAME), *arguments)
    assert (result, out) == (code, "")
    assert said in told


def test_no_mapping_is_made_of_what_cannot_be_read(jos, tmp_path):
    export = _export(tmp_path / "x.csv", "a;b\r\n1;2\r\n")
    code, _, told = jos("prepare", export, "--soort", "tlv", "--maak-mapping", "map.toml")
    assert code == 1
    assert "kolomnamen" in told
    assert not (tmp_path / "map.toml").exists()


def test_a_herlevering_is_compared_before_it_is_sent(jos, tmp_path):
    rows = ["GM0361;jeugdhulp;2022-09-01", "GM0361;jeugdhulp;2022-09-02", "GM0373;jeugdhulp;2022-09-03"]
    head = "woongemeente;soort;aanmelddatum"
    old = _export(tmp_path / "oud" / NAME, "\r\n".join([head, *rows]))
    new = _export(tmp_path / NAME, "\r\n".join([head, *rows[1:], "GM0383;jeugdhulp;2022-09-04"]))
    code, out, told = jos("check", new, "--leverancier", "gm0361", "--vorige", old, "--terugkoppeling", tmp_path / "t")
    assert code == 0
    assert [line.split() for line in out.splitlines() if line.startswith("  ") and len(line.split()) == 2][:3] == [
        ["nieuw", "1"],
        ["vervallen", "1"],
        ["ongewijzigd", "2"],
    ]
    page = tmp_path / "t" / f"spiegelrapport_{NAME}.html"
    assert str(page) in told
    assert "Wat is er veranderd?" in page.read_text(encoding="utf-8")
    code, out, _ = jos("check", new, "--vorige", old, "--json")
    assert json.loads(out)["spiegelrapport"]["verschil"]["nieuw"] == 1


@pytest.fixture(params=["UTC", "America/New_York", "Asia/Tokyo"])
def elsewhere(request, monkeypatch):
    """The machine stands in another time zone."""
    with monkeypatch.context() as patch:
        patch.setenv("TZ", request.param)
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("elsewhere")
def test_the_day_of_a_file_is_the_dutch_one_wherever_the_machine_stands(jos, tmp_path):
    """The same day as the monitor takes: half past ten in the evening in UTC is the next day here."""
    file = _export(tmp_path / "wachttijden.csv", "woongemeente;soort;aanmelddatum\r\nGM0361;jeugdhulp;2022-09-01\r\n")
    moment = datetime(2023, 7, 31, 22, 30, tzinfo=UTC).timestamp()
    os.utime(file, (moment, moment))
    assert modified(file) == date(2023, 8, 1)
    assert json.loads(jos("check", file, "--json")[1])["peildatum"] == "2023-08-01"


def test_what_cannot_be_compared_is_usage(jos, tmp_path):
    new = _export(tmp_path / NAME, "woongemeente;soort;aanmelddatum\r\nGM0361;jeugdhulp;2022-09-01")
    other = _export(tmp_path / "tlv_2022-2023_2023-02-01.csv", "niets")
    for options in (["--vorige", other], ["--vorige", tmp_path / "weg.csv"], ["--geldend"]):
        code, _, told = jos("check", new, *options)
        assert (code, told.startswith("jos: ")) == (2, True), options
    code, _, told = jos("check", new, "--geldend", "--leverancier", "gm0361")
    assert code == 3
    assert "--vorige" in told
    assert not (tmp_path / ".jos").exists()


def test_status_of_an_empty_installation_is_zero_and_says_what_to_start(jos):
    code, text, _ = jos("status")
    assert code == 0
    assert "Start: jos run" in text
    assert "nog niets te leveren" in text or "leveranciers compleet" in text
    code, text, _ = jos("status", "--schooljaar", "2022-2023", "--leverancier", "VO2703", "--json")
    assert code == 0
    assert {(one["soort"], one["te_laat"], one["ontvangen"]) for one in json.loads(text)} == {
        ("tlv", True, 0),
        ("thuiszitters", True, 0),
    }


def test_status_of_what_the_region_does_not_know_is_a_usage_error(jos):
    for arguments in (("--schooljaar", "1999-2000"), ("--leverancier", "niemand")):
        code, text, told = jos("status", *arguments)
        assert (code, text) == (2, "")
        assert told.startswith("jos: ")


def test_a_test_message_reaches_the_log_book_and_says_which_address_refused_it(jos, tmp_path, monkeypatch):
    monkeypatch.delenv("JOS_MELDINGEN", raising=False)
    code, text, told = jos("notify", "--test")
    assert (code, "aangekomen      logboek" in text, "JOS_MELDINGEN" in told) == (0, True, True)
    assert "proefmelding" in (tmp_path / ".jos" / "meldingen.jsonl").read_text(encoding="utf-8")
    monkeypatch.setenv("JOS_MELDINGEN", "json://127.0.0.1:9/geheim")
    code, text, told = jos("notify", "--test")
    assert code == 3
    assert "NIET aangenomen json-" in text
    assert "geheim" not in text + told
    assert jos("notify")[0] == 2


def test_the_command_for_messages_that_suppliers_read_about(jos, tmp_path, monkeypatch):
    page = Path(__file__).parents[2] / "docs" / "leverancier.md"
    lines = page.read_text(encoding="utf-8").splitlines()
    (told,) = [line for line in lines if line.startswith("jos prepare JW301")]
    given = assigned(reference="R1")
    products = {"JW301": given, "JW305": start(), "JW307": stop(), "JW315": asked()}
    monkeypatch.chdir(tmp_path)
    for kind, product in products.items():
        Path(f"{kind}.xml").write_bytes(message(kind, product))
    Path("keten.sleutel").write_text(KEY, encoding="ascii")
    code, out, _ = jos(*told.split()[1:])
    assert code == 0, out
    files = [path for path in Path("klaar").rglob("*") if path.is_file()]
    assert {"jeugdhulp_2022-2023_2023-01-10.csv", "wachttijden_2022-2023_2023-01-10.csv"} <= {
        path.name for path in files
    }
    assert not [path for path in files if path.suffix == ".xlsx"]
    written = out + "".join(path.read_text(encoding="utf-8") for path in files)
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


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["diff"], "er ontbreekt iets: P1. Zie: jos diff --help"),
        (["publish", "--weg"], "optie --weg is er niet. Zie: jos publish --help"),
        (["publish", "--peildatum", "gisteren"], "--peildatum kan niet gisteren zijn. Zie: jos publish --help"),
        (["status", "--op"], "zet een waarde achter --op. Zie: jos status --help"),
        (["diff", "a", "b", "c"], "dit is te veel: c. Zie: jos diff --help"),
        (["dif"], "opdracht dif is er niet; bedoelt u diff. Zie: jos --help"),
        (["withdraw"], "opdracht withdraw is er niet; bedoelt u publish --trek-in. Zie: jos --help"),
        (["xyzzy"], "opdracht xyzzy is er niet. Zie: jos --help"),
        (
            ["diff", "2022-2023/2023-02-01/1", "2022-2023/2023-02-01/2"],
            "publicatie 2022-2023/2023-02-01/1 is er niet: er is nog niets gepubliceerd. "
            "Start eerst: jos run --publiceer",
        ),
        (
            ["attack", "2022-2023/2023-02-01/1"],
            "publicatie 2022-2023/2023-02-01/1 is er niet: er is nog niets gepubliceerd. "
            "Start eerst: jos run --publiceer",
        ),
        (
            ["demo", "x", "--schooljaar", "1990-1991"],
            "schooljaar 1990-1991 wordt niet verwerkt; kies uit 2021-2022, 2022-2023, 2023-2024, 2024-2025, 2025-2026, "
            "2026-2027, 2027-2028",
        ),
        (["trace", "fte", "alkmaar", "schooljaar"], "er gold toen geen levering. Start eerst: jos run --publiceer"),
        (["check", "."], ". is een map: noem de bestanden, zoals *"),
        (["diff", "a", "b", "--json", "--csv"], "kies een van --json, --csv en --alles"),
        (["export", "--formaat", " "], "geef minstens een formaat: xlsx, csv, parquet, duckdb"),
    ],
)
def test_arguments_that_do_not_fit_get_one_dutch_line(jos, arguments, said):
    code, out, error = jos(*arguments)
    assert (code, out, error) == (2, "", f"jos: {said}\n")


COMMANDS = [name for name in app if not name.startswith("-")]


@pytest.mark.parametrize("command", [None, *COMMANDS])
def test_help_is_in_dutch_also_where_the_library_speaks(jos, command):
    code, out, _ = jos(*filter(None, (command, "--help")))
    assert code == 0
    assert out.startswith(f"Gebruik: jos {command or 'OPDRACHT'}")
    assert not re.search(r"Usage|default|required|choices|OPTIONS|COMMAND\b|Commands|Parameters|--no-", out), out
    asks = [name for name in ("DIRECTORY", "PUBLICATIE", "INDICATOR") if f" *  {name}" in out]
    assert out.count("[verplicht]") >= len(asks)
    assert "--verbose" in out


def test_help_of_a_supplier_is_in_dutch_too(monkeypatch, capsys):
    for arguments in ([], ["prepare", *sorted(HELP)[:1]]):
        monkeypatch.setattr(sys, "argv", ["jos", *arguments])
        with pytest.raises(SystemExit):
            supplier.main()
        told = capsys.readouterr().out
        assert told.startswith("Gebruik: jos")
        assert not re.search(r"Usage|default|required|choices|Commands|Parameters", told), told


def test_what_people_call_a_command_leads_to_one_that_is_there():
    assert {told.split()[0] for told in CALLED.values()} <= set(COMMANDS)


def test_a_demo_of_another_region_says_which_it_is_of(jos, monkeypatch):
    monkeypatch.setenv("JOS_REGIO", "holland-rijnland")
    code, _, told = jos("demo", "x")
    assert (code, told.count("\n")) == (2, 1)
    assert told.startswith("jos: de verzonnen regio is die van alkmaar, en regio holland-rijnland heeft andere scholen")


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (["check", "a.csv", "b.csv"], "Nakijken: bestand 2 van 2 ..."),
        (["prepare", "a.csv", "--leverancier", "gm0361", "--sleutel-bestand", "sleutel"], "bestand 1 van 1 ..."),
        (["status"], "Leveringen opzoeken ..."),
        (["doctor"], "Looking at every part ..."),
        (["roles"], "Regio lezen ..."),
    ],
)
def test_who_waits_sees_on_what_and_a_program_does_not(jos, tmp_path, monkeypatch, command, says):
    for name in ("a.csv", "b.csv"):
        _export(tmp_path / name)
    (tmp_path / "sleutel").write_text(KEY, encoding="ascii")
    assert says not in "".join(jos(*command)[1:])
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    assert says in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", jos(*command)[2])

"""The synthetic region: always the same, safe to share, and judged by the gate as its key says."""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from jos_pipeline.demo import DemoRegion, write_region
from jos_pipeline.demo.people import LAST_NAMES, remainder
from jos_pipeline.demo.profiles import SCHOOLS
from jos_pipeline.demo.shipping import Shipment
from jos_pipeline.demo.support import PERSON
from jos_pipeline.demo.world import World, make_world
from jos_pipeline.intake.gate import Verdict, judge
from jos_pipeline.intake.references import held_against
from jos_pipeline.prepare import prepare
from jos_pipeline.pseudonym import read_key
from jos_pipeline.region import Region, load_region
from jos_pipeline.school_year import SchoolYear
from tests.verdicts import verdicts_of

YEAR = SchoolYear.parse("2022-2023")
SEED = 7
PLANTED_CODES = {
    *(f"JOS-E0{number:02d}" for number in (1, 2, 3, 5, 7, 9, 10, 11, 14, 15, 16, 17)),
    *(f"JOS-E0{number:02d}" for number in (20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33)),
    *(f"JOS-E0{number:02d}" for number in (35, 36, 37, 38, 39, 40, 41)),
    "JOS-S008",
}
BESIDE_OTHERS = {"JOS-S012"}
"""Signals that need another delivery beside the file: not the gate's, but of who takes the file in."""
PERSONAL_REFUSED = {"JOS-E010", "JOS-E011"}


@pytest.fixture(scope="module")
def region() -> Region:
    return load_region("alkmaar")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory, region: Region) -> DemoRegion:
    return write_region(tmp_path_factory.mktemp("demo"), YEAR, SEED, region)


@pytest.fixture(scope="module")
def world(region: Region) -> World:
    return make_world(region, YEAR, SEED)


@pytest.fixture(scope="module")
def verdicts(demo: DemoRegion, region: Region) -> dict[tuple[str, str], Verdict]:
    """The gate's verdict on every file of the inbox."""
    return verdicts_of(demo.inbox, region)


@pytest.fixture(scope="module")
def key(demo: DemoRegion) -> list[dict]:
    return json.loads((demo.directory / "SLEUTEL.json").read_text(encoding="utf-8"))


def _files(directory: Path) -> list[Path]:
    return sorted(path for path in directory.rglob("*") if path.is_file())


def _snapshot(directory: Path) -> dict[str, tuple[bytes, int]]:
    """Every file with its bytes; of deliveries the time stamp too."""
    return {
        path.relative_to(directory).as_posix(): (
            path.read_bytes(),
            path.stat().st_mtime_ns if path.parent.parent.name in ("inbox", "leveranciers") else 0,
        )
        for path in _files(directory)
    }


def test_the_same_seed_gives_the_same_bytes_and_times(demo: DemoRegion, region: Region, tmp_path: Path) -> None:
    steps: list[str] = []
    again = write_region(tmp_path, YEAR, SEED, region, steps.append)
    assert steps == ["Regio verzinnen", "Leveringen maken", "Bestanden schrijven"]
    first, second = _snapshot(demo.directory), _snapshot(again.directory)
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


def test_another_seed_gives_another_region(world: World, region: Region) -> None:
    other = make_world(region, YEAR, SEED + 1)
    assert other.key != world.key
    assert other.pupils["99SP00"] != world.pupils["99SP00"]
    assert other.activiteiten != world.activiteiten


def test_the_key_names_every_file_of_the_inbox_once(demo: DemoRegion, key: list[dict]) -> None:
    named = Counter((entry["leverancier"], entry["bestand"]) for entry in key)
    assert named == Counter((path.parent.name, path.name) for path in _files(demo.inbox))


def test_the_gate_agrees_with_the_key(verdicts: dict[tuple[str, str], Verdict], key: list[dict]) -> None:
    seen: set[tuple[str, str]] = set()
    differences = {}
    for entry in key:
        verdict = verdicts[entry["leverancier"], entry["bestand"]]
        is_copy = (verdict.leverancier or "", verdict.sha256) in seen
        seen.add((verdict.leverancier or "", verdict.sha256))
        assert is_copy == (entry["oordeel"] == "dubbel")
        if is_copy:
            assert [finding["code"] for finding in entry["bevindingen"]] == ["JOS-S008"]
        elif difference := _difference(verdict, entry):
            differences[f"{entry['leverancier']}/{entry['bestand']}"] = difference
    assert differences == {}


def _difference(verdict: Verdict, entry: dict) -> list[str]:
    """Where the verdict and the key differ: verdict, fouten with column, count and rows, and promised signals."""
    found = {
        (finding.code, finding.kolom, finding.aantal): finding.rijen
        for finding in verdict.findings
        if finding.code[4] == "E"
    }
    wanted = {
        (finding["code"], finding["kolom"], finding["aantal"]): tuple(finding["rijen"])
        for finding in entry["bevindingen"]
    }
    rows = [code for code, rijen in wanted.items() if rijen and code in found and found[code] != rijen[:100]]
    signals = set(entry["signalen"]) - BESIDE_OTHERS - {finding.code for finding in verdict.findings}
    return [
        *([f"oordeel {verdict.oordeel}, not {entry['oordeel']}"] if verdict.oordeel != entry["oordeel"] else []),
        *(f"not found: {code}" for code in wanted.keys() - found.keys()),
        *(f"not in the key: {code}" for code in found.keys() - wanted.keys()),
        *(f"other rows: {code}" for code in rows),
        *(f"signal missing: {code}" for code in sorted(signals)),
    ]


def test_activities_name_trajecten_that_are_not_there(
    verdicts: dict[tuple[str, str], Verdict], key: list[dict]
) -> None:
    sent = [verdicts[one["leverancier"], one["bestand"]] for one in key if "JOS-S012" in one["signalen"]]
    assert [(one.leverancier, one.soort) for one in sent] == [("groeimee", "activiteiten")]
    last = verdicts["groeimee", f"trajecten_{YEAR}_2023-02-01_herlevering.csv"]
    assert last.accepted is not None
    told = held_against(sent[0], "traject_id", last.accepted["traject_id"].to_list()).findings
    assert sum(one.aantal for one in told if one.code == "JOS-S012") > 4, "those that were left out or refused too"


def test_preparing_finds_what_is_wrong_with_persons(demo: DemoRegion, region: Region) -> None:
    files = [file for file in demo.planted if file.bij_klaarmaken]
    assert len(files) == 1
    for file in files:
        assert file.raw is not None
        name, export = file.raw
        prepared = prepare(
            export,
            name,
            file.ontvangen.date(),
            region,
            file.leverancier,
            key=read_key(demo.supplier_key.read_text()),
            soort=file.soort,
            schooljaar=file.schooljaar,
            peildatum=demo.peildatum,
        )
        assert prepared.content == (demo.inbox / file.leverancier / file.bestand).read_bytes()
        found = {(one.code, one.kolom, one.aantal, one.rijen) for one in prepared.findings if one.kolom}
        wanted = {(one.code, one.kolom, one.aantal, one.rijen) for one in file.bij_klaarmaken}
        assert wanted == {(code, *rest) for code, *rest in found if code in {one.code for one in file.bij_klaarmaken}}
        assert {code for code, *_ in wanted} == {"JOS-E050", "JOS-E051", "JOS-E052", "JOS-S015"}


def test_every_kind_of_error_is_planted(key: list[dict]) -> None:
    codes = {finding["code"] for entry in key for finding in entry["bevindingen"]}
    assert codes >= PLANTED_CODES


def test_only_refused_files_hold_anything_of_a_person(demo: DemoRegion, world: World, key: list[dict]) -> None:
    refused = {
        (entry["leverancier"], entry["bestand"])
        for entry in key
        if PERSONAL_REFUSED & {finding["code"] for finding in entry["bevindingen"]}
    }
    people = _everyone(world)
    guilty = []
    for path in _files(demo.inbox):
        text = _text(path.read_bytes())
        numbers = {number.zfill(9) for number in re.findall(r"(?<![0-9A-Za-z])\d{8,9}(?![0-9A-Za-z])", text)}
        if numbers & people or any(name in text for name in LAST_NAMES):
            guilty.append((path.parent.name, path.name))
    assert set(guilty) == refused
    assert len(refused) == 2


def _everyone(world: World) -> set[str]:
    rows = [
        row
        for source in (world.tlv, world.thuiszitters, world.jeugdhulp, world.leerplicht)
        for part in source.values()
        for row in part
    ]
    enrolled = [pupil for source in (world.pupils, world.leavers) for part in source.values() for pupil in part]
    return {row[PERSON].number for row in (*rows, *world.trajecten)} | {pupil.person.number for pupil in enrolled}


def _text(content: bytes) -> str:
    """All text in a file, of every sheet when it is a workbook."""
    if content[:2] == b"PK":
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                return "\n".join(book.read(name).decode("utf-8") for name in book.namelist())
        except zipfile.BadZipFile:
            return ""
    if content[:2] == b"\xff\xfe":
        return content.decode("utf-16")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def test_numbers_of_persons_come_from_ranges_that_are_not_given_out(world: World) -> None:
    numbers = _everyone(world)
    assert {remainder(number) for number in numbers} == {0, 5}
    assert all(number.startswith(("9998", "9999", "09999", "10999")) for number in numbers)
    assert any(number.startswith("0") for number in numbers), "some have lost a zero in the export"


def _is_cp1252(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return content[:2] not in (b"PK", b"\xff\xfe") and any(
            letter in content.decode("cp1252", "replace") for letter in "éëï–"
        )
    return False


def _lines(content: bytes) -> list[str]:
    return _text(content).splitlines() if content[:2] != b"PK" else []


def _has(pattern: str) -> Callable[[bytes], bool]:
    return lambda content: re.search(pattern, _text(content)) is not None


MESS: dict[str, Callable[[bytes], bool]] = {
    "semicolons": lambda content: any(line.count(";") > 5 for line in _lines(content)),
    "commas": lambda content: any(line.count(",") > 5 and ";" not in line for line in _lines(content)),
    "tabs": lambda content: any(line.count("\t") > 5 for line in _lines(content)),
    "pipes": lambda content: any(line.count("|") > 5 for line in _lines(content)),
    "byte order mark": lambda content: content.startswith(b"\xef\xbb\xbf"),
    "utf-16": lambda content: content.startswith(b"\xff\xfe"),
    "windows-1252": _is_cp1252,
    "crlf": lambda content: b"\r\n" in content and content[:2] != b"PK",
    "lf only": lambda content: b"\n" in content and b"\r" not in content and content[:2] != b"PK",
    "empty columns at the end": _has(r"[^;\n];;\r?\n"),
    "empty rows at the end": _has(r"\n;{6,}\r?\n;{6,}\r?\n$"),
    "totals row": _has(r"\nTotaal;"),
    "no-break space": _has("\u00a0"),
    "double space": _has(r"\w  \w"),
    "line end in a cell": _has(r';"[^"\n]*(?:""[^"\n]*)*\n[^"]*";'),
    "quotes in a cell": _has(r'""externen""'),
    "more sheets": lambda content: _text(content).count("<sheet ") > 1,
    "hidden sheet": _has(r'state="hidden"'),
    "date cells": _has(r'numFmt [^>]*formatCode="dd-mm-yyyy"'),
    "jjjj-mm-dd": _has(r"[;,|\t]20\d\d-\d\d-\d\d[;,|\t]"),
    "dd-mm-jjjj": _has(r"[;,|\t]\d\d-\d\d-20\d\d[;,|\t]"),
    "d/m/jjjj": _has(r"[;,|\t][1-9]/[1-9]/20\d\d[;,|\t]"),
    "jjjjmmdd": _has(r"[;,|\t]20\d{4}[0-3][1-9][;,|\t]"),
    "jjjjmm00": _has(r"[;,|\t]20\d\d[01][1-9]00[;,|\t]"),
    "jjjj0000": _has(r"[;,|\t]20\d\d0000[;,|\t]"),
    "thousands point": _has(r";1\.050;"),
    "decimal comma": _has(r">0,\d<|;0,\d;|;\"?0,\d"),
    "gemeente without GM and zeros": _has(r"[\t,]361[\t,]"),
    "label for a code": _has("J&amp;G coach|J&G coach"),
    "unknown column": _has("Opmerking"),
    "alias with hyphen": _has("Aantal-Deelnemers"),
    "ja/nee": _has(r"(?i)[;,\t|]ja[;,\t|]"),
    "J/N": _has(r"[;,\t|]J[;,\t|]"),
    "true/false": _has(r"[;,\t|]true[;,\t|]"),
    "01/02": _has(r"[;,\t|]02[;,\t|]"),
    "x": _has(r"<t>x</t>"),
    "NULL": _has(r"[;,\t|]NULL[;,\t|]"),
    "n.v.t.": _has(r"[;,\t|]n\.v\.t\.[;,\t|]"),
}


@pytest.mark.parametrize("feature", MESS)
def test_suppliers_are_messy_in_every_way_the_reader_tolerates(demo: DemoRegion, feature: str) -> None:
    assert any(MESS[feature](path.read_bytes()) for path in [*_files(demo.inbox), *_files(demo.raw)])


def test_the_reader_mends_what_it_should(verdicts: dict[tuple[str, str], Verdict]) -> None:
    signals = {finding.code for verdict in verdicts.values() for finding in verdict.findings if finding.code[4] == "S"}
    expected = {1, 2, 3, 4, 5, 7, 9, 10, 13, 14}
    assert signals >= {f"JOS-S{number:03d}" for number in expected}


def _in_force(demo: DemoRegion, soort: str, schooljaar: str) -> dict[str, Shipment]:
    """The last accepted delivery of each supplier."""
    accepted = ("geaccepteerd", "geaccepteerd_met_afkeur")
    return {
        file.leverancier: file
        for file in demo.planted
        if file.soort == soort and file.schooljaar == schooljaar and file.oordeel in accepted
    }


def test_who_delivers_late_or_not_at_all(demo: DemoRegion, region: Region) -> None:
    missing = {
        (supplier.id, soort)
        for supplier in region.leveranciers
        for soort in supplier.levert
        if supplier.id not in _in_force(demo, soort, str(YEAR))
    }
    silent = {("25ef02", soort) for soort in ("leerlingen", "verzuim", "begeleiders")}
    assert missing == silent | {("gm0373", "wachttijden")}
    assert not (demo.inbox / "25ef02").exists()
    late = {file.leverancier for file in demo.planted if file.ontvangen.date() > demo.peildatum + timedelta(days=28)}
    assert late == {"gm0450"}
    assert set(_in_force(demo, "leerlingen", "2021-2022")) == {"19zq00", "20mh00", "00zd00"}
    assert set(_in_force(demo, "trajecten", "2021-2022")) == {"groeimee"}


def test_a_herlevering_changes_the_counts(verdicts: dict[tuple[str, str], Verdict]) -> None:
    first = verdicts["groeimee", "trajecten_2022-2023_2023-02-01.csv"].accepted
    again = verdicts["groeimee", "trajecten_2022-2023_2023-02-01_herlevering.csv"]
    assert first is not None
    assert again.accepted is not None
    before, after = set(first["traject_id"]), set(again.accepted["traject_id"])
    added = len(after - before)
    assert 0 < added <= 12
    assert added + again.rijen_afgekeurd >= 12
    assert len(before - after) >= 7


def test_the_region_has_the_size_of_the_pilot(world: World) -> None:
    pupils = {code: len(enrolled) for code, enrolled in world.pupils.items()}
    assert 5_900 <= sum(pupils.values()) <= 6_100
    helped = {row[PERSON].number for row in world.trajecten_now() if row["begindatum"] is not None}
    at_school = {code: sum(p.person.number in helped for p in enrolled) for code, enrolled in world.pupils.items()}
    assert 0.08 <= len(helped) / sum(pupils.values()) <= 0.10
    assert 0 < at_school.pop("99SP00") < 10
    assert all(30 <= count <= 120 for count in at_school.values())
    assert 1_300 <= sum(map(len, world.jeugdhulp.values())) <= 1_800
    assert 600 <= sum(map(len, world.wachttijden.values())) <= 800


def test_children_with_extra_support_also_have_jeugdhulp_or_jos(world: World) -> None:
    """Linking works: the same number stands in the files of school, aanbieder and gemeente."""
    helped = {row[PERSON].number for row in world.trajecten_now()}
    cared_for = {row[PERSON].number for rows in world.jeugdhulp.values() for row in rows}
    supported = {pupil.person.number for enrolled in world.pupils.values() for pupil in enrolled if pupil.extra_support}
    assert len(supported & (helped | cared_for)) >= 50
    assert len(helped & cared_for) >= 50


def test_waiting_is_shorter_where_there_is_more_fte(world: World) -> None:
    def mean_wait(code: str) -> float:
        waits = [
            (row["eerste_contact"] - row["aanmelddatum"]).days
            for row in world.trajecten_now()
            if row["school"] == code and row["eerste_contact"] is not None
        ]
        return sum(waits) / len(waits)

    assert mean_wait("19ZQ00") * 1.5 < mean_wait("02TD03")


def test_keys_are_for_their_owner_only_and_differ(demo: DemoRegion) -> None:
    for path in (demo.supplier_key, demo.monitor_key):
        assert path.stat().st_mode & 0o777 == 0o600
        assert re.fullmatch(r"[0-9a-f]{64}\n", path.read_text(encoding="ascii"))
    assert demo.supplier_key.read_text() != demo.monitor_key.read_text()
    assert "alleen voor deze demo" in (demo.directory / "SLEUTEL.md").read_text(encoding="utf-8")


def test_the_readable_key_names_every_file_and_code(demo: DemoRegion, key: list[dict]) -> None:
    text = (demo.directory / "SLEUTEL.md").read_text(encoding="utf-8")
    for entry in key:
        assert f"### {entry['leverancier']}/{entry['bestand']}" in text
        assert all(f"| {finding['code']} |" in text for finding in entry["bevindingen"])


def test_open_data_looks_like_duo(demo: DemoRegion) -> None:
    pupils = (demo.open_data / "leerlingen-vo-per-vestiging-2022.csv").read_bytes().decode("utf-8")
    assert pupils.startswith('"BEVOEGD GEZAG NUMMER";"INSTELLINGSCODE";"VESTIGINGSCODE";"INSTELLINGSNAAM VESTIGING";')
    rows = list(csv.DictReader(io.StringIO(pupils), delimiter=";"))
    assert {row["VESTIGINGSCODE"] for row in rows} == set(SCHOOLS)
    assert re.search(r';"Noord-Holland";\d+;"(<5|\d+)"\r\n', pupils)
    locations = (demo.open_data / "alle-vestigingen-vo.csv").read_bytes()
    assert '"' not in locations.decode("cp1252")
    assert "één" in locations.decode("cp1252")
    widths = {line.count(";") for line in locations.decode("cp1252").splitlines()}
    assert len(widths) == 1


def test_a_region_or_year_the_demo_does_not_know_is_refused(region: Region, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="schooljaar 1999-2000 wordt niet verwerkt"):
        write_region(tmp_path, SchoolYear(1999), SEED, region)
    elsewhere = region.model_copy(update={"id": "elders", "scholen": region.scholen[:1]})
    with pytest.raises(ValueError, match="elders"):
        write_region(tmp_path, YEAR, SEED, elsewhere)
    assert _files(tmp_path) == []


@pytest.mark.slow
@pytest.mark.parametrize(("year", "seed"), [("2021-2022", 1)])
def test_the_gate_agrees_with_the_key_for_other_years_and_seeds(
    region: Region, tmp_path: Path, year: str, seed: int
) -> None:
    made = write_region(tmp_path, SchoolYear.parse(year), seed, region)
    entries = json.loads((tmp_path / "SLEUTEL.json").read_text(encoding="utf-8"))
    differences = [
        difference
        for entry, file in zip(entries, made.planted, strict=True)
        if entry["oordeel"] != "dubbel"
        for difference in _difference(
            judge(file.content, file.bestand, file.ontvangen.date(), region, file.leverancier), entry
        )
    ]
    assert differences == []

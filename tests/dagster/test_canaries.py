"""Canaries: what may tell on a person stands in every source, and all that is written is searched for it.

Two houses. At the monitor no identifier and nothing of a supplier's own words is written anywhere, and no value of a
record outside the lake. At the supplier cells are shown in the annotated copy and nowhere else.
"""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from assets.bronnen import LEDGER
from jos_pipeline.cli import app
from jos_pipeline.concise import Depth
from jos_pipeline.mirror.supplier_page import folder_of
from schemas.columns import Kind
from schemas.contracts import CONTRACTS
from tests.canaries import Flock, found
from tests.chaos.plants import planted as sown
from tests.dagster.conftest import YEAR, Installation, installed
from tests.records import csv_bytes, name_of, supplier_of, valid_records, xlsx_bytes
from tests.small_region import region_of

BSN, PERSON = "123456782", "kanariepiet"
PSEUDONYM = "cafe" * 14
IDENTIFIERS = (BSN, "1234.56.782", "kanarie@voorbeeld.test", "kanarietitel", "kanariekolom", "kanarieblad", PSEUDONYM)
RECORD = "kanariewaarde"
"""How every free text of a record begins: numbers of trajecten and verklaringen, codes of staff and respondents."""


def planted(soort: str, count: int = 20) -> list[dict[str, str]]:
    """Valid records in which every text and every pseudonym is a canary."""
    texts = [f.name for f in CONTRACTS[soort].fields if f.column.kind is Kind.TEXT and f.name != "team"]
    records = [
        record | dict.fromkeys(texts, f"{RECORD}-{number}") for number, record in enumerate(valid_records(soort, count))
    ]
    return [
        record | ({"pseudoniem": f"{PSEUDONYM}{number:08x}"} if "pseudoniem" in record else {})
        for number, record in enumerate(records)
    ]


def as_exported() -> bytes:
    """Trajecten as they come: a title above, a column nobody asked for, and a rejected row with persons in it."""
    records = [record | {"Kanariekolom": f"{PERSON} {number}"} for number, record in enumerate(planted("trajecten"))]
    records[3] |= {"school": "kanarie@voorbeeld.test", "aanmelddatum": PERSON}
    return f"kanarietitel van {PERSON}\r\n\r\n".encode() + csv_bytes(records)


def with_bsn(spelled: str) -> list[dict[str, str]]:
    records = planted("trajecten")
    records[4]["traject_id"] = spelled
    return records


def logged(installation) -> str:
    runs = installation.instance.get_runs()
    return repr([installation.instance.all_logs(run.run_id) for run in runs]).lower()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Installation]:
    """Without most breakdowns: they write no other words, and their audit takes a whole run."""
    with installed(tmp_path / "home", regio=region_of(tmp_path / "regio", Depth("school", "regio"))) as made:
        yield made


def test_no_canary_flies_out_of_the_house_of_the_monitor(house: Installation, capfd):
    installation, home = house, Path(house.settings.home)
    for soort in CONTRACTS:
        content = as_exported() if soort == "trajecten" else csv_bytes(planted(soort))
        installation.drop(supplier_of(soort), name_of(soort), content)
    installation.drop("groeimee", f"trajecten_2022-2023_2023-02-03_{BSN}.csv", csv_bytes(with_bsn(BSN)))
    wide = csv_bytes(with_bsn("1234.56.782"), encoding="utf-16")
    installation.drop("groeimee", "trajecten_2022-2023_2023-02-04.csv", wide)
    sheet = xlsx_bytes(with_bsn(f"{BSN}.0"), sheet="Kanarieblad")
    installation.drop("groeimee", "trajecten_2022-2023_2023-02-05.xlsx", sheet)
    installation.drop(PERSON, f"trajecten_2022-2023_2023-02-01_{PERSON}.csv", csv_bytes(planted("trajecten", 3)))
    installation.run()

    assert installation.store.deliveries()["geldend"].sum() == len(CONTRACTS)
    hits = found(home, (*IDENTIFIERS, PERSON, RECORD), ("inbox",))
    assert {secret for _, secret in hits} == {PERSON, RECORD}
    # the ledger keeps the folder a file came from: somebody has to find it
    named = {place for place, secret in hits if secret == PERSON}
    assert named
    assert named <= {"warehouse.db", "warehouse.db-wal"}
    assert {Path(place).parts[0] for place, secret in hits if secret == RECORD} == {"lake"}, "and it is found there"
    told = ("".join(capfd.readouterr())).lower() + logged(installation)
    assert not [canary for canary in (*IDENTIFIERS, PERSON, RECORD) if canary in told]


def test_forty_canaries_of_a_source_in_every_spelling_are_nowhere(installation, capfd):
    made = sown("trajecten", place=0)
    for file in made.files:
        installation.drop(file.leverancier, file.name, file.content, file.moment)
    installation.take_in()
    assert len(installation.store.deliveries()) == len(made.files) > 20
    assert len(made.nowhere) > 40
    assert {"geaccepteerd_met_afkeur", "afgekeurd"} <= {verdict for _, verdict, _ in installation.verdicts()}
    home = Path(installation.settings.home)
    hits = found(home, [*made.nowhere, *made.in_ledger, *made.in_lake], ("inbox",))
    assert [place for place, secret in hits if secret in made.nowhere] == []
    named = {place for place, secret in hits if secret in made.in_ledger}
    assert "warehouse.db" in named
    assert all(one.startswith(("warehouse.db", "rapport/terugkoppeling/groeimee/")) for one in named), (
        "and its own page"
    )
    assert {Path(place).parts[0] for place, secret in hits if secret in made.in_lake} == {"lake"}
    told = "".join(capfd.readouterr()) + logged(installation)
    assert Flock([*made.nowhere, *made.in_lake, *made.in_ledger]).among([told.encode()]) == set()


@pytest.mark.parametrize("where", ["jos_pipeline.intake.gate.check_rows", "assets.intake._keep_rows"])
def test_an_error_whose_message_holds_cells_tells_none(installation, monkeypatch, capfd, where):
    def fails(*given):
        raise ValueError(f"cannot cast {planted('trajecten')} or {BSN}") from KeyError(PSEUDONYM)

    monkeypatch.setattr(where, fails)
    installation.drop("groeimee", name_of("trajecten"), csv_bytes(planted("trajecten")))
    gate = next(one for one in installation.defs.assets if isinstance(one, dg.AssetsDefinition) and one.key == LEDGER)
    given = {"instance": installation.instance, "resources": installation.defs.resources}
    assert not dg.materialize([gate], partition_key=YEAR, raise_on_error=False, **given).success
    told = "".join(capfd.readouterr()).lower() + logged(installation)
    assert "valueerror at tests/dagster/test_canaries.py" in told, "what and where is told"
    assert not [canary for canary in (BSN, PSEUDONYM, RECORD) if canary in told]
    assert installation.store.deliveries().empty


def test_a_page_that_cannot_be_written_does_not_tell_the_name_of_a_file(installation):
    name, content = f"trajecten_2022-2023_2023-02-01_{PERSON}.csv", csv_bytes(planted("trajecten"))
    installation.drop("groeimee", name, content)
    folder = folder_of(name, hashlib.sha256(content).hexdigest())
    blocked = installation.settings.report_path / "terugkoppeling" / "groeimee" / folder
    blocked.parent.mkdir(parents=True)
    blocked.write_text("a file in the place of the directory", encoding="utf-8")
    gate = next(one for one in installation.defs.assets if isinstance(one, dg.AssetsDefinition) and one.key == LEDGER)
    given = {"instance": installation.instance, "resources": installation.defs.resources}
    assert not dg.materialize([gate], partition_key=YEAR, raise_on_error=False, **given).success
    assert "a page could not be written" in logged(installation)
    assert PERSON not in logged(installation)
    assert installation.store.deliveries().empty, "it is judged anew when pages can be written again"
    blocked.unlink()
    assert dg.materialize([gate], partition_key=YEAR, **given).success
    assert len(installation.store.deliveries()) == 1


def test_at_the_supplier_cells_are_in_the_annotated_copy_only(tmp_path, capfd):
    export, back = tmp_path / name_of("trajecten"), tmp_path / "terug"
    export.write_bytes(as_exported())
    earlier = tmp_path / "vorige" / name_of("trajecten")
    earlier.parent.mkdir()
    earlier.write_bytes(csv_bytes(planted("trajecten")))
    for more in ((), ("--json",)):
        with pytest.raises(SystemExit):
            app(["check", str(export), "--terugkoppeling", str(back), "--vorige", str(earlier), *more])
    with pytest.raises(SystemExit):
        app(["prepare", str(export), "--soort", "trajecten", "--maak-mapping", str(back / "mapping.toml")])
    cells = (BSN, PERSON, "kanarie@voorbeeld.test", PSEUDONYM, RECORD)
    assert {Path(place).suffix for place, _ in found(back, cells)} == {".xlsx"}
    assert {path.suffix for path in back.iterdir() if path.is_file()} == {".xlsx", ".html", ".json", ".toml"}
    told = "".join(capfd.readouterr()).lower()
    assert not [canary for canary in cells if canary in told]

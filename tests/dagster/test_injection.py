"""Names and cells that are no data but commands to whatever shows or stores them: they stay text, everywhere."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
import sqlalchemy as sa

from jos_pipeline.cli import app
from tests.records import csv_bytes, valid_records
from tests.small_region import small_region

SPOKEN = "kwaadaardig"
"""In every hostile text, so that it is found wherever it comes."""
HOSTILE = {
    "formula": f"=cmd|' C calc'!A0{SPOKEN}",
    "sum": f"@SUM(1+1){SPOKEN}",
    "tag": f"<img src=x onerror=alert(1)>{SPOKEN}",
    "attribute": f'" onmouseover="alert(1){SPOKEN}',
    "script": f"{SPOKEN}<script>alert(1)</script>",
    "markdown": f"[{SPOKEN}](javascript:alert(1)) **vet** ![x](http:x)",
    "sql": f"{SPOKEN}'; DROP TABLE levering; --",
    "statement": f"{SPOKEN}%(x)s %s :x ? $1",
    "path": f"..\\..\\{SPOKEN}",
    "format": f"{{{SPOKEN}.__class__}} %n [red]{SPOKEN}[/red]",
    "line": f"{SPOKEN}\n2023-02-01 INFO alles is goed\r",
    "terminal": f"{SPOKEN}\x1b[31m\x1b]0;titel\x07\x9b2J",
    "direction": f"{SPOKEN}\u202etxt.exe\u2028",
}
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e]")


class _Tags(HTMLParser):
    """The elements of a page, with what they would do."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        links = [value or "" for name, value in attrs if name in ("href", "src")]
        if tag == "script" or any(name.startswith("on") for name in names):
            self.found.append(f"<{tag}> acts")
        if any(re.match(r"(?i)\s*(javascript|data|vbscript|http):", link) for link in links):
            self.found.append(f"<{tag}> leads outside")


@pytest.fixture
def attacked(installation, capfd, monkeypatch):
    """An installation that took in all of it: as folders, names of files, headings, and cells; and what was said."""
    for number, text in enumerate(HOSTILE.values()):
        part, day = text.replace("/", " "), f"2023-01-{number + 1:02}"
        records = valid_records("trajecten", 20 + number)
        records = [row | {text: text, "opmerking": text} for row in records]
        records[2] = records[2] | {"traject_id": text, "aanmelddatum": text, "school": text}
        installation.drop("groeimee", f"trajecten_2022-2023_{day}_{part}.csv", csv_bytes(records))
        installation.drop(part, f"tlv_2022-2023_{day}.csv", csv_bytes(valid_records("tlv", 3 + number)))
    installation.take_in()
    monkeypatch.setenv("JOS_HOME", str(installation.settings.home))
    monkeypatch.setenv("JOS_REGIO", small_region())
    with pytest.raises(SystemExit):
        app(["status"])
    return installation, "".join(capfd.readouterr())


def test_they_stay_text_everywhere(attacked):
    installation, said = attacked
    home = Path(installation.settings.home)
    known = installation.store.deliveries()
    assert len(known) == 2 * len(HOSTILE)
    assert known["oordeel"].str.startswith("geaccepteerd").sum() >= len(HOSTILE)

    # SQL: every table is there, and the ledger holds the names as text without what steers a terminal or a line
    with sa.create_engine(installation.settings.warehouse_url).connect() as connection:
        assert {"levering", "bevinding", "publicatie"} <= {*sa.inspect(connection).get_table_names()}
    told = [*known["bestand"], *known["leverancier"], *installation.store.findings()["melding"]]
    assert any(SPOKEN in text for text in told)
    assert not [text for text in told if CONTROL.search(text) or "../" in text or "..\\" in text]

    # pages: nothing acts, nothing leads outside, and something was there to escape
    pages = {path: path.read_text(encoding="utf-8") for path in home.rglob("*.html")}
    assert sum(SPOKEN in page for page in pages.values()) > len(HOSTILE)
    for path, page in pages.items():
        tags = _Tags()
        tags.feed(page)
        assert not tags.found, f"{path}: {tags.found}"
        assert not CONTROL.search(page), path

    # paths: what is written lies where it belongs, also when a name climbs
    places = [path.relative_to(home) for path in home.rglob("*") if SPOKEN in path.name]
    assert {place.parts[0] for place in places} <= {"inbox", "rapport"}
    assert not [path for path in home.parent.rglob("*") if SPOKEN in path.name and home not in path.parents]

    # log and terminal: no control character, no line of somebody else; Dagster is told no name at all
    assert not re.search(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f]|\x1b(?!\[[\d;]*m)", said)
    assert "INFO alles is goed" not in {line.strip() for line in said.splitlines()}
    runs = installation.instance.get_runs()
    logged = repr([installation.instance.all_logs(run.run_id) for run in runs])
    assert "levering" in logged
    assert SPOKEN not in logged

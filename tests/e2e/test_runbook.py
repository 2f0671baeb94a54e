"""What the runbook and the page on production tell to type works: every command and every query, on a finished demo."""

import re
import shlex
import sqlite3

import psycopg
import pytest
import sqlalchemy as sa

from jos_pipeline.cli import main
from tests.databases import SERVER, needs_postgres
from tests.finished_demo import ROOT, FinishedDemo

RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
PRODUCTION = (ROOT / "docs" / "productie.md").read_text(encoding="utf-8")
SHOWN = {"NAAM": "groeimee", "CODE": "JOS-E007", "ADDRESS": "mailto://x", "...": "1"}
"""What a reader fills in."""
ELSEWHERE = {
    "jos run": "tests/e2e/test_demo_region.py",
    "jos erase": "tests/dagster/test_vergeten.py",
    "jos erase --opnieuw": "tests/dagster/test_vergeten.py",
    "jos erase --opnieuw --bewijs DIRECTORY": "tests/dagster/test_vergeten.py",
    "jos publish --peildatum 2023-02-01 --zonder-eerdere-aantallen": "tests/dagster/test_lost_counts.py",
    "jos check FILE": "tests/unit/test_cli.py",
}
"""Commands that change what others look at; they are tested there."""


def filled_in(text: str) -> str:
    for word, value in SHOWN.items():
        text = text.replace(word, value)
    return text


COMMANDS = sorted(set(re.findall(r"`(jos [^`\n]+)`", RUNBOOK)))
QUERIES = [" ".join(found.split()) for found in re.findall(r"`(SELECT [^`]+)`", RUNBOOK)]
ON_POSTGRESQL = re.findall(r"^```sql\n(.+?)^```$", PRODUCTION, re.MULTILINE | re.DOTALL)


def test_there_is_something_to_try():
    assert len(COMMANDS) > 6
    assert QUERIES
    assert ON_POSTGRESQL
    assert set(ELSEWHERE) <= {*COMMANDS, "jos check FILE"}
    assert all((ROOT / place).exists() for place in ELSEWHERE.values())


@pytest.mark.parametrize("command", [one for one in COMMANDS if one not in ELSEWHERE])
def test_a_command_of_the_runbook_does_what_it_does(
    command: str, finished_demo: FinishedDemo, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.chdir(finished_demo.directory)
    monkeypatch.delenv("DAGSTER_HOME", raising=False)
    monkeypatch.setattr("sys.argv", shlex.split(filled_in(command)))
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    assert int(ended.value.code or 0) == 0, told.err
    assert told.out


@pytest.mark.parametrize("query", QUERIES)
def test_a_query_of_the_runbook_can_be_asked(query: str, finished_demo: FinishedDemo):
    with sqlite3.connect(finished_demo.warehouse) as connection:
        connection.execute(filled_in(query)).fetchall()


@needs_postgres
@pytest.mark.parametrize("query", ON_POSTGRESQL)
def test_a_query_about_turns_can_be_asked(query: str):
    address = sa.make_url(str(SERVER)).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address) as connection:
        assert connection.execute(query).description

"""What the documentation promises works: its code runs, its commands and links exist.

Where the program of an example is not there (R, Power BI, Excel), the files, columns and codes it names are looked up;
``test_examples_in_r.py`` runs those in R where R is.
"""

import json
import os
import pkgutil
import re
import sqlite3
import subprocess
import sys
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import psycopg
import pytest
import sqlalchemy as sa

from resources.warehouse import WarehouseStore
from schemas import warehouse as tables
from schemas.published import REFERENCES, WAARDE_STATUS
from tests.finished_demo import ROOT, jos
from tests.pages import PAGES, name_of

ANALYSTS = (ROOT / "docs" / "analist.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", ANALYSTS, re.DOTALL)


QUERIES = blocks("sql")


@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.split()[1])
def test_the_examples_for_analysts_give_rows(query, finished_demo):
    with sqlite3.connect(finished_demo.warehouse) as connection:
        assert connection.execute(query).fetchall()


def test_every_table_and_view_that_analysts_read_about_exists(finished_demo):
    with sqlite3.connect(finished_demo.warehouse) as connection:
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        columns = {row[1] for row in connection.execute("PRAGMA table_info(monitor_indicator)")}
    named = set(re.findall(r"`([a-z_]+)`", ANALYSTS))
    assert {name for name in named if name.startswith(("monitor_", "dim_", "indicator_b", "indicator_l"))} <= there
    assert {"waarde_status", "n_verwacht", "n_geleverd", "dekking", "peildatum"} <= named & columns


def test_the_same_examples_give_rows_on_the_copy_in_duckdb(exported):
    with duckdb.connect(str(exported / "jos-monitor.duckdb"), read_only=True) as connection:
        there = {name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()}
        there |= {"indicator_breed", "indicator_leesbaar"}
        asked = [query for query in QUERIES if set(re.findall(r"(?:FROM|JOIN) (\w+)", query)) <= there]
        assert len(asked) >= 4
        assert all(connection.execute(query).fetchall() for query in asked)


@pytest.mark.skipif(not os.environ.get("JOS_TEST_POSTGRES"), reason="JOS_TEST_POSTGRES is not set")
def test_the_same_examples_give_rows_on_postgresql(finished_demo):
    server = sa.make_url(os.environ["JOS_TEST_POSTGRES"])
    name = f"jos_docs_{os.getpid()}"
    address = server.set(drivername="postgresql", database="postgres").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    try:
        _copy_figures(f"sqlite:///{finished_demo.warehouse}", server.set(database=name))
        there = server.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        with psycopg.connect(there) as connection:
            assert all(connection.execute(query).fetchall() for query in QUERIES)
    finally:
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _copy_figures(source: str, target: sa.URL) -> None:
    """What the examples ask for: figures of region and gemeenten, one breakdown, publications, dimensions and
    expectations."""
    engine, copy = sa.create_engine(source), WarehouseStore(target.render_as_string(hide_password=False))
    figures = (tables.monitor_indicator, tables.monitor_indicator_historie)
    publications = (tables.publicatie, tables.levering, tables.publicatie_levering, tables.KEPT)
    with engine.connect() as connection, copy._write() as other:
        for table in (*tables.DIMENSIONS.values(), *publications, tables.verwachting, tables.koppeling, *figures):
            chosen = sa.select(table)
            if table in figures:
                asked_for = (table.c.uitsplitsing == "totaal") | (table.c.indicator == "jos_vorm")
                chosen = chosen.where(table.c.niveau.in_(("regio", "gemeente")), asked_for)
            other.execute(table.insert(), [dict(row) for row in connection.execute(chosen).mappings()])
    copy.ensure_schema()
    copy.close()
    engine.dispose()


NOTEBOOK = json.loads((ROOT / "docs" / "voorbeeld.ipynb").read_text(encoding="utf-8"))
CELLS = "\n".join("".join(cell["source"]) for cell in NOTEBOOK["cells"] if cell["cell_type"] == "code")


@pytest.mark.parametrize("code", [*blocks("python"), CELLS], ids=lambda code: code.split()[1])
def test_the_examples_in_python_give_rows(code, exported, finished_demo):
    ending = "\nimport json, sys\njson.dump([len(bereik) if 'bereik' in dir() else len(per_status)], sys.stdout)\n"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code + ending],
        cwd=exported,
        env=os.environ | {"JOS_WAREHOUSE": f"sqlite:///{finished_demo.warehouse}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout.splitlines()[-1])[0] > 0


@pytest.mark.parametrize("code", [*blocks("r"), *blocks("powerquery")], ids=lambda code: code.split()[0])
def test_what_examples_for_programs_that_are_not_here_name_exists(code, exported, finished_demo):
    for path in re.findall(r"(?:csv|parquet)[/\\]\w+\.(?:csv|parquet)", code):
        assert (exported / path.replace("\\", "/")).is_file(), path
    readable = pl.read_parquet(exported / "parquet" / "indicator_leesbaar.parquet")
    columns = [
        *re.findall(r'\{"(\w+)", type', code),
        *re.findall(r"\[(\w+)\] = ", code),
        *re.findall(r"(\w+) == ", code),
    ]
    assert set(columns) <= set(readable.columns)
    for column, value in re.findall(r'\[?(\w+)\]? ={1,2} "(\w+)"', code):
        assert column in ("Schema", "Item") or value in readable[column], (column, value)
    with sqlite3.connect(finished_demo.warehouse) as connection:
        for query in re.findall(r'dbGetQuery\(\w+, "([^"]+)"', code):
            assert connection.execute(query).fetchall()
        there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert set(re.findall(r'Item = "(\w+)"', code)) <= there
    told = json.loads((exported / "datapackage.json").read_text(encoding="utf-8"))["resources"][0]["dialect"]
    assert set(re.findall(r'Delimiter = "(.)"', code)) <= {told["delimiter"]}


def test_the_statuses_on_the_page_are_those_in_the_tables():
    told = dict(re.findall(r"^\| `(\w+)` \| ([^|]+) \|$", ANALYSTS, re.MULTILINE))
    assert {code: told.get(code) for code in WAARDE_STATUS.values} == WAARDE_STATUS.meanings


def test_the_star_on_the_page_is_the_one_of_the_tables():
    drawn = re.findall(r"m -->\|\"?([a-z_, ]+)\"?\| \w\[\"(\w+)\"\]", ANALYSTS)
    shown = {table: tuple(columns.removesuffix(", op de peildatum").split(", ")) for columns, table in drawn}
    keys = {one.refers_to: one.columns for one in REFERENCES if one.table == "monitor_indicator"}
    assert {table: shown.get(table) for table in keys} == keys


def test_every_file_that_analysts_read_about_is_in_the_export(exported):
    named = set(re.findall(r"^\| `([\w.-]+/?)` \|", ANALYSTS, re.MULTILINE)) - {"waarde_status"}
    files = {name for name in named if "." in name or name.endswith("/")} - {"jos-monitor.xlsx"}
    assert len(files) == 4
    assert all((exported / name).exists() for name in files)


def test_the_export_says_what_it_made_and_what_to_open(exported, finished_demo):
    said = (exported / "stdout.txt").read_text(encoding="utf-8")
    assert f"Open eerst: {exported / 'LEESMIJ.txt'}" in said
    with sqlite3.connect(finished_demo.warehouse) as connection:
        (rows,) = connection.execute("SELECT count(*) FROM monitor_indicator").fetchone()
        out = [name for (name,) in connection.execute("SELECT DISTINCT publicatie FROM monitor_indicator")]
    assert all(name in said for name in out)
    frame = pd.read_csv(exported / "csv" / "monitor_indicator.csv", sep=";", decimal=",", usecols=["publicatie"])
    assert len(frame) == rows


def test_an_export_in_a_format_that_is_not_there_says_what_to_choose(finished_demo, tmp_path):
    done = jos("export", "--formaat", "csv,pdf", "--uit", str(tmp_path / "uit"), cwd=finished_demo.directory)
    assert (done.returncode, done.stdout) == (2, "")
    assert "kies uit xlsx, csv, parquet, duckdb" in done.stderr
    assert not (tmp_path / "uit").exists()


@cache
def anchors(page: Path) -> set[str]:
    """What a link can point at in a page: its headings, named as GitHub does, and places with a name of their own."""
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    named = (re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings)
    return {*named, *re.findall(r'<a id="([^"]+)">', text)}


def leads_somewhere(target: str, page: Path) -> bool:
    path, _, anchor = target.partition("#")
    there = page.parent / path if path else page
    return there.exists() and (not anchor or anchor in anchors(there))


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_and_images_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))
    assert [one for one in targets if not one.startswith("http") and not leads_somewhere(one, page)] == []


def test_every_page_that_the_program_points_at_is_there():
    code = [path for room in ("jos_pipeline", "resources", "assets", "schemas") for path in (ROOT / room).rglob("*")]
    texts = [path.read_text(encoding="utf-8") for path in code if path.suffix in (".py", ".toml", ".j2")]
    named = {found for text in texts for found in re.findall(r"\bdocs/\w[\w-]*\.md(?:#[\w-]+\b)?", text)}
    assert "docs/runbook.md#klok" in named
    assert [one for one in named if not leads_somewhere(one, ROOT / "README.md")] == []


WORDS = (ROOT / "docs" / "begrippen.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", re.findall(r"`([a-z_]+(?:\.\w+)+)` \|", WORDS))
def test_every_word_leads_to_something_in_the_code(name):
    assert pkgutil.resolve_name(name) is not None


def test_every_page_stands_in_the_index():
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    assert [page.name for page in PAGES if page.name != "README.md" and f"({page.name})" not in index] == []


def test_every_make_target_that_is_named_exists_and_every_one_with_a_meaning_is_named():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = {
        target
        for page in PAGES
        for target in re.findall(r"(?:`|^)make ([a-z-]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert named <= targets, named - targets
    helped = set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))
    assert helped - named <= {"env", "clean"}, "nobody finds these"

"""What the documentation promises works: its SQL runs, its commands and links exist."""

import re
import sqlite3

import pytest

from tests.finished_demo import ROOT, jos

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
ANALYSTS = (ROOT / "docs" / "analist.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "query", re.findall(r"```sql\n(.*?)```", ANALYSTS, re.DOTALL), ids=lambda query: query.split()[3]
)
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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_and_images_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert target.startswith("http") or (page.parent / target).is_file(), target


@pytest.fixture(scope="module")
def listed(tmp_path_factory):
    return jos("--help", cwd=tmp_path_factory.mktemp("help")).stdout


@pytest.mark.xdist_group("help")
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_that_is_named_exists(page, listed):
    named = set(re.findall(r"\bjos ([a-z]+)\b", page.read_text(encoding="utf-8")))
    assert all(re.search(rf"│ {command} ", listed) for command in named), named


def test_every_make_target_that_is_named_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        target
        for page in PAGES
        for target in re.findall(r"(?:`|^    )make ([a-z]+)", page.read_text(encoding="utf-8"), re.MULTILINE)
    }
    assert named <= targets, named - targets

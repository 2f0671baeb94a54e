"""A full disk is told in one Dutch line, however deep in which library it was met; nothing else is called so."""

import errno
import os
import sqlite3
import sys

import polars as pl
import psycopg
import pytest
import sqlalchemy as sa

from assets.guarded import told
from jos_pipeline import cli
from jos_pipeline.full_disk import TOLD, TOLD_OF_SERVER, FullDiskError, full_disk
from resources.report import PageError

FULL = OSError(errno.ENOSPC, "No space left on device", "/huis/trajecten_kanarie.csv")


def in_sqlite() -> Exception:
    """SQLite's own error, as our databases tell it: there is room for two pages."""
    engine = sa.create_engine("sqlite://")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 2")
        connection.exec_driver_sql("CREATE TABLE one (x)")
        with pytest.raises(sa.exc.OperationalError) as caught:
            connection.exec_driver_sql("CREATE TABLE two (x)")
    return caught.value


def behind(error: Exception) -> Exception:
    """Met while another error was told of."""
    shown = ValueError("it does not go")
    shown.__context__ = error
    return shown


@pytest.mark.parametrize(
    "error",
    [
        FULL,
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        pl.exceptions.ComputeError("No space left on device (os error 28)"),
        in_sqlite(),
        behind(FULL),
        PageError(errno.ENOSPC, "a page could not be written"),
        FullDiskError(),
    ],
    ids=["system", "quota", "polars", "sqlite", "behind another", "page", "ours"],
)
def test_a_full_disk_is_recognised(error):
    assert (type(told(error)), str(told(error))) == (FullDiskError, TOLD)


def damaged() -> sqlite3.Error:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_READ
    return error


@pytest.mark.parametrize(
    "error", [PermissionError(errno.EACCES, "no"), ValueError("x"), damaged(), OSError("no number")]
)
def test_nothing_else_is_called_so(error):
    assert full_disk(error) is None
    assert full_disk(behind(error)) is None


def test_it_is_said_when_the_disk_is_that_of_the_server():
    full = sa.exc.OperationalError("INSERT", {}, (refused := psycopg.errors.DiskFull("could not extend file")))
    full.__cause__ = refused
    assert str(told(full)) == str(told(behind(told(full)))) == TOLD_OF_SERVER


def test_a_command_says_what_to_do_and_not_what_it_was_writing(monkeypatch, capsys):
    def fails(*_, **__):
        raise ValueError("it does not go") from FULL

    monkeypatch.setattr(sys, "argv", ["jos", "sjabloon"])
    with pytest.raises(SystemExit) as stopped:
        cli.main(fails)
    assert stopped.value.code == 3
    assert capsys.readouterr().err == f"jos: {TOLD}\n"


def test_a_command_is_heard_also_when_its_stderr_was_led_elsewhere_and_left_there(monkeypatch, tmp_path):
    """As Dagster does when the file that it led stderr to cannot be written."""

    def fails(*_, **__):
        with (tmp_path / "elders").open("wb") as elsewhere:
            os.dup2(elsewhere.fileno(), 2)
        raise FULL

    monkeypatch.setattr(sys, "argv", ["jos", "sjabloon"])
    before = os.fstat(2)
    with pytest.raises(SystemExit):
        cli.main(fails)
    assert os.path.samestat(before, os.fstat(2))

"""What is kept of an error: what kind it is and where, nothing that may be a value; and who is asked again."""

import ast
import errno
import inspect
from pathlib import Path

import dagster as dg
import pytest
import sqlalchemy as sa

from assets.guarded import OURS, PAUSE, RETRIES, UnexpectedError, guarded, guarded_tick, told
from resources.database_address import UnreachableDatabaseError
from resources.report import PageError
from resources.storage import StorageError

SECRET = "kanarie 123456782"


def failing(error: Exception):
    def work(context):
        raise error

    return work


def raised(step, *given) -> Exception:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which one is the question
        step(*given)
    return caught.value


@pytest.mark.parametrize("guard", [guarded, guarded_tick])
def test_of_a_strange_error_only_kind_and_place_are_kept(guard):
    kept = raised(guard(failing(ValueError(SECRET))), None)
    assert type(kept) is UnexpectedError
    assert "ValueError at tests/dagster/test_guarded.py" in str(kept)
    assert SECRET not in repr(kept)
    assert (kept.__cause__, kept.__suppress_context__) == (None, True), (
        "Dagster writes down what an error came from too"
    )


def test_a_generator_is_guarded_while_it_runs():
    @guarded
    def work(context):
        yield 1
        raise KeyError(SECRET)

    assert inspect.isgeneratorfunction(work)
    steps = work(None)
    assert next(steps) == 1
    assert "KeyError" in str(raised(lambda: next(steps)))


def test_the_reason_of_the_system_is_told():
    closed = OSError(errno.EACCES, "Permission denied", f"/inbox/{SECRET}.csv")
    assert "(Permission denied)" in str(told(closed))
    assert SECRET not in str(told(closed))


@pytest.mark.parametrize("ours", [PageError(13, "a page could not be written"), UnexpectedError("x")])
def test_our_own_errors_come_through(ours):
    assert raised(guarded(failing(ours)), None) is ours
    assert type(ours).__module__.partition(".")[0] in OURS


@pytest.mark.parametrize(
    "error",
    [
        StorageError("de bucket antwoordt niet"),
        UnreachableDatabaseError("de database is niet te bereiken"),
        sa.exc.OperationalError("SELECT 1", {}, Exception(SECRET), connection_invalidated=True),
    ],
    ids=["store", "database", "connection that broke"],
)
def test_a_server_that_does_not_answer_is_asked_again(error):
    again = raised(guarded(failing(error)), None)
    assert isinstance(again, dg.RetryRequested)
    assert (again.max_retries, again.seconds_to_wait) == (RETRIES, PAUSE)
    assert RETRIES * PAUSE > 60, "a minute without a database is made up for"
    assert SECRET not in repr(again.__cause__)
    assert type(raised(guarded_tick(failing(error)), None)) is not dg.RetryRequested, "a tick comes by itself"


@pytest.mark.parametrize("error", [ValueError("no"), sa.exc.OperationalError("x", {}, Exception("disk is full"))])
def test_what_would_fail_again_is_not_tried_again(error):
    assert not isinstance(raised(guarded(failing(error)), None), dg.RetryRequested)


def test_what_dagster_itself_raises_comes_through():
    asked = dg.Failure("stop", allow_retries=False)
    assert raised(guarded(failing(asked)), None) is asked


def test_every_step_and_tick_stands_behind_a_guard():
    """A new asset without a guard would have Dagster write down whatever it trips over."""
    told = {}
    for path in (Path(__file__).parents[2] / "assets").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                names = [ast.unparse(getattr(one, "func", one)) for one in node.decorator_list]
                if any(name.startswith("dg.") for name in names):
                    told[f"{path.name}:{node.name}"] = names[-1]
    assert len(told) > 15
    ticks = {name for name, guard in told.items() if guard == "guarded_tick"}
    assert {name for name, guard in told.items() if guard != "guarded"} == ticks
    assert {name.partition(":")[0] for name in ticks} == {"alerting.py", "rapportage.py", "schedules.py", "sensors.py"}

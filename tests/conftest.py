"""Tiers by directory, guarded: what a tier may use, and what it must not.

``unit``, ``contract`` and ``hostile`` are pure and fast: they may not use Dagster, a database server or the demo.
``dagster`` runs real instances, ``e2e`` the whole pipeline on the demo, ``browser`` a real browser. Where a real
part is missing a test skips and says so; with JOS_REAL_PARTS=required such a skip is a failure.
"""

import gc
import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from xdist.scheduler import LoadScopeScheduling

pytest_plugins = ["tests.finished_demo", "tests.databases", "tests.servers"]

ROOT = Path(__file__).parent
PURE = ("unit", "contract", "hostile")
TOGETHER = {
    "demo": ("tests/e2e/test_demo_region.py",),
    "finished_demo": ("tests/browser/", "tests/e2e/"),
    "finished": (
        "tests/dagster/test_pipeline.py",
        "tests/dagster/test_lost_counts.py",
        "tests/dagster/test_sensor.py",
        "tests/dagster/test_recording.py",
        "tests/dagster/test_rounding_region.py",
        "tests/dagster/test_concise_region.py",
        "tests/dagster/test_servers.py",
        "tests/dagster/test_many_hosts.py",
        "tests/dagster/test_postgres.py",
        "tests/dagster/test_vergeten.py",
        "tests/dagster/test_new_key.py",
        "tests/dagster/test_restore_drill.py",
        "tests/dagster/test_opruimen.py",
        "tests/dagster/test_typed_lines.py",
    ),
    "story": ("tests/dagster/test_history.py",),
}
"""What is dear to make, and where the tests stand that share it in one process; the first place that fits counts."""
SLOW_FIXTURES = {"finished_demo", "finished", "installation", "with_figures", "browser"}

settings.register_profile(
    "jos", max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("jos")
os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
os.environ["GX_ANALYTICS_ENABLED"] = "False"
# In the background of a script Ctrl-C is ignored, and Dagster gives SIGTERM the handler of Ctrl-C: then every process
# that follows the output of a run outlives it, and is waited for half a minute each.
signal.signal(signal.SIGINT, signal.default_int_handler)
gc.set_threshold(50_000, 20, 50)  # what is imported and collected is no garbage: it need not be looked at so often
os.environ.setdefault("POLARS_MAX_THREADS", "1")  # every core has a process of its own already


class _TogetherWhereShared(LoadScopeScheduling):
    """Hands out file by file, but what shares something dear to one process.

    Not test by test: what a file makes once would be made in every process, and after every test the scheduler looks
    through all it ever handed out. Not by the marks of pytest-xdist: with pytest 9.2 and pytest-xdist 3.8 its ``--dist
    loadgroup`` has no effect, since it writes the group where pytest no longer reads it.
    """

    def _split_scope(self, nodeid: str) -> str:
        return _group(nodeid) or nodeid.partition("::")[0]


def _group(nodeid: str) -> str | None:
    return next((group for group, places in TOGETHER.items() if nodeid.startswith(places)), None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> LoadScopeScheduling:
    config.option.loadscopereorder = False  # the order is that of pytest_collection_modifyitems, not most tests first
    return _TogetherWhereShared(config, log)


LONG = ("tests/unit/test_audited.py", "tests/unit/test_cube.py", "tests/unit/test_warehouse.py")
"""Of the fast tiers, what takes long nevertheless."""


def _longest_first(item: pytest.Item) -> int:
    """What takes longest begins first, so that at the end no process waits long for the other."""
    tier = item.path.relative_to(ROOT).parts[0]
    if _group(item.nodeid) == "finished_demo":
        return 0
    if tier not in PURE:
        return 1
    return 2 if item.nodeid.startswith(LONG) else 3


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stops the session when a fast tier leans on something slow, or when a test would make anew what others share."""
    alone = [
        item.nodeid
        for item in items
        for shared in TOGETHER
        if shared in getattr(item, "fixturenames", ()) and not item.nodeid.startswith(TOGETHER[shared])
    ]
    if alone:
        raise pytest.UsageError("these belong to a file named in TOGETHER (tests/conftest.py): " + "; ".join(alone))
    wrong = [
        f"{item.nodeid} uses {', '.join(used)}"
        for item in items
        if (used := sorted(SLOW_FIXTURES & set(getattr(item, "fixturenames", ()))))
        and item.path.relative_to(ROOT).parts[0] in PURE
    ]
    if wrong:
        raise pytest.UsageError("a fast tier uses a slow fixture: " + "; ".join(wrong))
    items.sort(key=_longest_first)


def pytest_collection_finish() -> None:
    """From here on no garbage is looked for among libraries and tests: that takes a fifth of the time."""
    gc.freeze()


def pytest_sessionfinish() -> None:
    """Who ends takes everything down, as ever: some libraries tell of what they think was left."""
    gc.unfreeze()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """With JOS_REAL_PARTS=required, a test that skips for want of a real part fails instead."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("JOS_REAL_PARTS") == "required" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although real parts are required: {report.longrepr}"

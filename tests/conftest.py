"""Tiers by directory, guarded: what a tier may use, and what it must not.

``unit``, ``contract`` and ``hostile`` are pure and fast: they may not use Dagster, a database server or the demo.
``dagster`` runs real instances, ``e2e`` the whole pipeline on the demo, ``browser`` a real browser. Where a real
part is missing a test skips and says so; with JOS_REAL_PARTS=required such a skip is a failure.
"""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

pytest_plugins = ["tests.finished_demo"]

ROOT = Path(__file__).parent
PURE = ("unit", "contract", "hostile")
SHARED = ("finished_demo", "finished")
"""What costs a run to make and is then shared by all tests of a process."""
SLOW_FIXTURES = {*SHARED, "installation", "with_figures", "browser"}

settings.register_profile("jos", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("jos")
os.environ["DAGSTER_DISABLE_TELEMETRY"] = "yes"
os.environ["GX_ANALYTICS_ENABLED"] = "False"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Stops the session when a fast tier leans on something slow; keeps tests of what is shared in one process.

    First of all, since pytest-xdist reads the groups in a hook of its own.
    """
    for item in items:
        for shared in SHARED:
            if shared in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(shared))
    wrong = [
        f"{item.nodeid} uses {', '.join(used)}"
        for item in items
        if (used := sorted(SLOW_FIXTURES & set(getattr(item, "fixturenames", ()))))
        and item.path.relative_to(ROOT).parts[0] in PURE
    ]
    if wrong:
        raise pytest.UsageError("a fast tier uses a slow fixture: " + "; ".join(wrong))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]):
    """With JOS_REAL_PARTS=required, a test that skips for want of a real part fails instead."""
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("JOS_REAL_PARTS") == "required" and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped although real parts are required: {report.longrepr}"

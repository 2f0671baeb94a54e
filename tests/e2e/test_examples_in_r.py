"""The examples in R, in R itself: ``make examples-r``, where R is with readr, DBI and RSQLite (Debian: ``r-cran-*``).

Not in the suite: to install R takes longer than all of these. The one with arrow, which Debian does not have, is left
out; ``test_docs.py`` looks up the names in all of them.
"""

import shutil
import subprocess

import pytest

from tests.e2e.test_docs import blocks

EXAMPLES = [code for code in blocks("r") if "arrow::" not in code]
ASKED = """
stopifnot(nrow(bereik) > 0, any(!is.na(bereik$waarde)))
if (exists("cijfers")) stopifnot(nrow(problems(cijfers)) == 0)
"""


@pytest.mark.parametrize("code", EXAMPLES, ids=lambda code: code.split()[0])
def test_the_examples_in_r_give_rows_and_lose_no_number(code, exported, finished_demo, tmp_path):
    place = tmp_path / "export"
    shutil.copytree(exported, place, ignore=shutil.ignore_patterns("*.duckdb"))
    (place / "warehouse.db").symlink_to(finished_demo.warehouse)
    done = subprocess.run(
        ["Rscript", "-e", code + ASKED], cwd=place, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr

"""The benchmark that a page tells to run does run, on next to nothing. What it measures is for whoever runs it."""

import re
import shlex
import subprocess

from tests.finished_demo import ROOT, clean_environment
from tests.pages import line_on

SMALL = {"SHARE": "0.001", "RECORDS": "1000", "SUPPLIERS": "3"}
MEASURED = ("by hand in polars", "as usual in pandas", "the pipeline", "the publication", "a tick of sensor inbox")


def test_a_whole_country_is_measured_as_the_page_tells():
    line = line_on("docs/schaal.md", "make bench-national")
    for name, size in SMALL.items():
        line, found = re.subn(rf"{name}=[\d.]+", f"{name}={size}", line)
        assert found == 1, name
    make, *asked = shlex.split(line)
    done = subprocess.run(
        [make, "-o", ".venv/.ready", *asked],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert [one for one in MEASURED if one not in done.stdout] == []

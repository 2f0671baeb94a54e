"""The example on the page for statisticians runs as it stands."""

import math
import re
from pathlib import Path

from jos_pipeline.threshold import SCHOOLS_SHARE

PAGE = Path(__file__).parents[2] / "docs" / "disclosure.md"


def test_the_example_runs():
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, str(PAGE), "exec"), names)
    hidden = names["table"].cells.filter(names["found"].hidden)
    assert set(hidden.filter(soort="jos")["school"]) > {"a"}, "4 is hidden, and something that would tell it"
    assert names["shown"].height


def test_what_a_school_is_left_is_what_readers_are_told():
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    left = {k: math.ceil(k * SCHOOLS_SHARE) for k in (10, 5, 15)}
    assert f"from 0 to {left[10]} where k = 10, to {left[5]} where k = 5, to {left[15]} where k = 15" in page


def test_the_solver_says_nothing_on_standard_output(capfd):
    test_the_example_runs()
    assert capfd.readouterr().out == ""

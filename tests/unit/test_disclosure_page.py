"""The example on the page for statisticians runs as it stands."""

import re
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "disclosure.md"


def test_the_example_runs():
    (code,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, object] = {}
    exec(compile(code, str(PAGE), "exec"), names)
    hidden = names["table"].cells.filter(names["found"].hidden)
    assert set(hidden.filter(soort="jos")["school"]) > {"a"}, "4 is hidden, and something that would tell it"
    assert names["shown"].height


def test_the_solver_says_nothing_on_standard_output(capfd):
    test_the_example_runs()
    assert capfd.readouterr().out == ""

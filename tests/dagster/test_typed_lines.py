"""What the pages tell to type and takes long on a whole region is typed on a small one: cutting, report, package.

All else on the pages is typed in ``tests/e2e/test_every_command.py``.
"""

import shlex

import pytest

from jos_pipeline.cli import main
from tests.dagster.conftest import Installation
from tests.pages import DEAR, dear_lines


def test_what_takes_long_is_typed_line_after_line(with_figures: Installation, monkeypatch, capsys):
    home, lines = with_figures.settings.home, dear_lines()
    assert [begin for begin in DEAR if not any(line.startswith(begin) for line in lines)] == []
    monkeypatch.chdir(home.parent)
    monkeypatch.setenv("JOS_HOME", str(home))
    said = {}
    for line in lines:
        monkeypatch.setattr("sys.argv", shlex.split(line, comments=True))
        with pytest.raises(SystemExit) as ended:
            main()
        said[line], told = capsys.readouterr()
        assert int(ended.value.code or 0) == 0, line + told
    opened = [text.partition("Open: ")[2].strip() for line, text in said.items() if line.startswith("jos report")]
    assert len({*opened}) == len(opened) == 3, "each in a place of its own"
    assert "2023-08-01/1 (definitief)" in "".join(said.values())
    assert (home.parent / "jos-monitor" / "jos-monitor.xlsx").is_file()

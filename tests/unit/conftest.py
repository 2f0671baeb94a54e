"""What more than one of these tests needs: the command line in an empty directory."""

import sys

import pytest

from jos_pipeline.cli import main


@pytest.fixture
def jos(tmp_path, monkeypatch, capsys):
    """Runs the command line in an empty directory; gives exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JOS_HOME", str(tmp_path / ".jos"))

    def run(*arguments):
        monkeypatch.setattr(sys, "argv", ["jos", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        captured = capsys.readouterr()
        return stopped.value.code or 0, captured.out, captured.err

    return run

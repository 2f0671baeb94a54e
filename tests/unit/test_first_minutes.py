"""The command line in the first minutes: Tab completes it. What makes help come at once is in ``test_architecture``."""

import os
import subprocess
import sys
from pathlib import Path

from jos_pipeline.cli import app

JOS = [sys.executable, "-c", "from jos_pipeline.cli import main; main()"]
COMPLETED = """source "$HOME/.bashrc"
typed() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _jos; echo "${COMPREPLY[@]}"; }
complete -p jos; typed jos pre; typed jos report --pu; typed jos ''"""


def test_tab_completes_commands_and_options_in_a_new_terminal(tmp_path: Path):
    home = os.environ | {"HOME": str(tmp_path)}
    made = subprocess.run(
        [*JOS, "--install-completion", "--shell", "bash"], env=home, capture_output=True, text=True, check=True
    )
    assert Path(made.stdout.strip()).is_relative_to(tmp_path)
    assert "Open een nieuwe terminal" in made.stderr
    done = subprocess.run(["bash", "-c", COMPLETED], env=home, capture_output=True, text=True, check=True)
    function, command, option, every = done.stdout.splitlines()
    assert function == "complete -F _jos jos"
    assert (command, option) == ("prepare", "--publicatie")
    assert {name for name in app if not name.startswith("-")} <= {*every.split()}

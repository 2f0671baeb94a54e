"""The command line in the first minutes: help that is there at once, and Tab that completes it."""

import os
import resource
import subprocess
import sys
from pathlib import Path

from jos_pipeline.cli import app

JOS = [sys.executable, "-c", "from jos_pipeline.cli import main; main()"]
AT_ONCE = 0.5
COMPLETED = """source "$HOME/.bashrc"
typed() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _jos; echo "${COMPREPLY[@]}"; }
complete -p jos; typed jos pre; typed jos report --pu; typed jos ''"""


def processor_seconds(*arguments: str) -> float:
    """What a command took of the processor: other than wall time it says little of who else is at work."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run([*JOS, *arguments], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.stdout.startswith("Gebruik: jos")
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def test_help_is_there_within_half_a_second():
    assert min(processor_seconds("--help") for _ in range(5)) < AT_ONCE


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

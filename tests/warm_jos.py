"""``jos`` for a shell, without the seconds it takes to start: one process has read all libraries and forks per command.

    python -m tests.warm_jos DIRECTORY

leaves a command ``jos`` in DIRECTORY. What is typed is done as ever, in the directory, with the variables and with the
files of whoever types it; only the reading of libraries is left out. The process itself must never compute anything
with polars: its threads would be gone in a child.
"""

import array
import gc
import json
import os
import socket
import sys
from pathlib import Path

import great_expectations  # noqa: F401 - read here, so that no child has to
import highspy  # noqa: F401
import paramiko  # noqa: F401
import psycopg  # noqa: F401
import s3fs  # noqa: F401

import jos_pipeline.cli
import jos_pipeline.erasing
import jos_pipeline.handout
import jos_pipeline.headless
import jos_pipeline.pruning
import jos_pipeline.publishing
import jos_pipeline.reporting
from tests.forked import only

ASK = """#!{python} -IS
import array, json, os, socket, sys
asked = socket.socket(socket.AF_UNIX)
asked.connect({address!r})
line = json.dumps([sys.argv, os.getcwd(), dict(os.environ)]).encode()
asked.sendmsg([len(line).to_bytes(8, "big")], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0, 1, 2]))])
asked.sendall(line)
sys.exit((asked.recv(1) or b"\\x46")[0])
"""
"""What stands in the place of ``jos``: hands its command line, directory, variables and files over, and waits."""


def main(directory: Path) -> None:
    """Answers until it is ended."""
    gc.freeze()  # no child looks for garbage among the libraries
    address, command = directory / "jos.socket", directory / "jos"
    with socket.socket(socket.AF_UNIX) as heard:
        heard.bind(str(address))
        heard.listen()
        command.write_text(ASK.format(python=sys.executable, address=str(address)), encoding="utf-8")
        command.chmod(0o755)
        while True:
            asker, _ = heard.accept()
            with asker:
                asker.sendall(bytes([_answer(asker)]))


def _answer(asker: socket.socket) -> int:
    """The exit code of one command line, done in a child."""
    size, handed, *_ = asker.recvmsg(8, socket.CMSG_SPACE(3 * array.array("i").itemsize))
    files = array.array("i", handed[0][2])
    arguments, place, variables = json.loads(asker.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL))
    pid = os.fork()
    if not pid:
        only(lambda: _typed(files, arguments, place, variables))
    for number in files:
        os.close(number)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) % 256


def _typed(files: "array.array[int]", arguments: list[str], place: str, variables: dict[str, str]) -> None:
    for number, file in enumerate(files):
        os.dup2(file, number)
    sys.stdin, sys.stdout, sys.stderr = (open(n, "r" if n == 0 else "w", encoding="utf-8") for n in range(3))  # noqa: PTH123, SIM115
    os.chdir(place)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv = arguments
    jos_pipeline.cli.main()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

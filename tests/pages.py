"""The pages of the documentation as what stands in them: blocks of code, and commands between backticks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGES = (ROOT / "README.md", ROOT / "deploy" / "README.md", *sorted((ROOT / "docs").glob("*.md")))
DEAR = ("jos publish --peildatum", "jos report", "jos export")
"""How lines begin that take long on a whole region, in an order in which they can be typed: on a small one."""
_BLOCK = re.compile(r"^```(\S+)(?: (\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    """A block between fences: what it is written in, the file it is for (or none), its first line, and the text."""

    language: str
    file: str | None
    line: int
    text: str


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def blocks(page: Path) -> Iterator[Block]:
    """All blocks of a page in order; a block is a file where its fence names one."""
    text = page.read_text(encoding="utf-8")
    for found in _BLOCK.finditer(text):
        yield Block(found[1], found[2], text.count("\n", 0, found.start()) + 2, found[3])


def shell_lines(page: Path) -> list[tuple[int, str]]:
    """Every line that a page tells to type, with its number."""
    return [
        (block.line + number, line)
        for block in blocks(page)
        if block.language == "sh"
        for number, line in enumerate(block.text.splitlines())
        if line.strip()
    ]


def line_on(name: str, begin: str) -> str:
    """The one line that a page tells to type and that begins so; ValueError when there is another number of them."""
    (line,) = [line for _, line in shell_lines(ROOT / name) if line.startswith(begin)]
    return line


def dear_lines() -> list[str]:
    """Every line of a page that begins as ``DEAR`` says, once."""
    lines = [line for page in PAGES for _, line in shell_lines(page)]
    return [*dict.fromkeys(line for begin in DEAR for line in lines if line.startswith(begin))]


def inline_commands(page: Path) -> list[str]:
    """Every command line of ``jos`` between backticks."""
    prose = _BLOCK.sub("", page.read_text(encoding="utf-8"))
    return [" ".join(found.split()) for found in re.findall(r"`(jos(?: [^`]*)?)`", prose)]

"""How ``--help`` of a command looks: the library's own, with in Dutch what the library says in English.

Only words belong here; what a command does and asks stands with the command. Loaded when help is asked for.
"""

from typing import TYPE_CHECKING

from attrs import evolve
from cyclopts.help import ColumnSpec, DefaultFormatter, DescriptionRenderer, HelpEntry, HelpPanel
from cyclopts.help.specs import get_default_parameter_columns
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType


WORDS = {"[OPTIONS]": "[OPTIES]", "COMMAND": "OPDRACHT"}
EPILOGUE = "Ging er iets mis? Met --verbose, bij elke opdracht, ziet u ook waar een fout vandaan komt."


class _Explained(DescriptionRenderer):
    """What an option is, what it can be and what it is when nobody says. That a switch is off goes without saying."""

    def __call__(self, entry: HelpEntry) -> "RenderableType":
        told = []
        if entry.choices:
            told.append(f"[kies uit: {', '.join(entry.choices)}]")
        if entry.default is not None and entry.default != "False":
            told.append(f"[anders: {entry.default}]")
        if entry.required:
            told.append("[verplicht]")
        bare = entry.copy(choices=None, env_var=None, default=None, required=False)
        shown = super().__call__(bare)
        for one in told:
            shown.append(Text(one, "cyclopts.default"))  # type: ignore[union-attr]  # an InlineText, which takes more
        return shown


def _columns(console: "Console", options: "ConsoleOptions", entries: list[HelpEntry]) -> tuple[ColumnSpec, ...]:
    *names, described = get_default_parameter_columns(console, options, entries)
    return (*names, described.copy(renderer=_Explained()))


class DutchFormatter(DefaultFormatter):
    """The help of a command in Dutch."""

    def __call__(self, console: "Console", options: "ConsoleOptions", panel: HelpPanel) -> None:
        ours = evolve(self, column_specs=_columns) if panel.format == "parameter" else self
        super(DutchFormatter, ours).__call__(console, options, panel)

    def render_usage(self, console: "Console", options: "ConsoleOptions", usage: object) -> None:  # noqa: ARG002 - as called
        """The line that says how the command is written."""
        told = str(usage).strip().removeprefix("Usage:").strip()
        for english, dutch in WORDS.items():
            told = told.replace(english, dutch)
        console.print(Text(f"Gebruik: {told}\n", "bold"))

"""Lets canaries loose in a real installation and looks for them in all that is written: ``make canaries``.

Every source sends files in which every value that may tell on a person is a secret of its own. They go through success,
refusal, crashes (killed, and errors whose message holds a cell) and every command that writes something for people.
Then every byte of the monitor's house is searched: warehouse with its log, lake, pages, exports, Dagster's storage,
temporary files and what commands said. Nothing may be found; what was put there to be found must be.
"""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import polars as pl

import assets.intake
import jos_pipeline.indicators.cube
import jos_pipeline.intake.rows
from schemas.contracts import CONTRACTS
from tests.canaries import found
from tests.chaos import place, warm
from tests.chaos.plants import Planted, planted

MAIL_SECRET = "kanariewachtwoord"
SECRETS = {
    "JOS_MELDINGEN": f"json://u:{MAIL_SECRET}@127.0.0.1:9/",
    "JOS_HARTSLAG_URL": "http://127.0.0.1:9/kanariehartslag",
    "JOS_SFTP_WACHTWOORD": "kanariesftpwoord",
    "PGPASSWORD": "kanariepgwoord",
    "AWS_ACCESS_KEY_ID": "kanarieawsnaam",
    "AWS_SECRET_ACCESS_KEY": "kanarieawssleutel",
}
"""What an installation is told in confidence; ``IN_CONFIDENCE`` of it may be written nowhere."""
IN_CONFIDENCE = [MAIL_SECRET, "kanariehartslag", *[told for told in SECRETS.values() if told.startswith("kanarie")]]
COMMANDS = (
    ("run", "--publiceer"),
    ("status",),
    ("status", "--json"),
    ("doctor",),
    ("doctor", "--json"),
    ("publish", "--peildatum", "2023-03-01"),
    ("report",),
    ("export", "--formaat", "xlsx,csv,parquet,duckdb"),
    ("trace", "nieuwe_trajecten", "alkmaar", "schooljaar"),
    ("notify", "--test"),
    ("erase", "--pseudoniem-bestand", "verzoek.txt"),
    ("prune", "--uitvoeren"),
)


def _surroundings() -> None:
    """Temporary files stay in the house, and somebody is told who cannot be reached."""
    Path("tijdelijk").mkdir(exist_ok=True)
    os.environ.update(SECRETS, TMPDIR=str(Path("tijdelijk").absolute()))
    tempfile.tempdir = None


def _failing(module: object, name: str) -> Callable[[], None]:
    """As ``_surroundings``, and a function of the program fails with all that it was given in the message."""

    def prepare() -> None:
        _surroundings()

        def fails(*given: object, **named: object) -> None:
            told = [one.to_dicts() if isinstance(one, pl.DataFrame) else one for one in (*given, *named.values())]
            raise ValueError(f"cannot do anything with {told!r}")

        setattr(module, name, fails)

    return prepare


IN_THE_GATE = (
    (assets.intake, "judge"),
    (jos_pipeline.intake.gate, "check_rows"),
    (assets.intake, "_keep_rows"),
    (assets.intake, "write_feedback"),
)
AFTER_IT = ((jos_pipeline.indicators.cube, "_window_cube"),)
"""Where the program is made to fail with values in the message of the error."""


CHANGES, SECONDS = 40, 2.0
"""A run dies before one of its first so many changes or within so many processor seconds: it has more to do."""
NAMES = (
    ".jos/warehouse.db",
    ".jos/rapport/terugkoppeling/",
    ".jos/rapport/overzicht_",
    "uitvoer/run-",
    "uitvoer/mislukt-",
)
"""Where the name of a file may stand: the ledger, pages on what came in, and the summary of ``jos run``."""


def _outputs(here: Path, name: str, said: str) -> None:
    (here / "uitvoer").mkdir(exist_ok=True)
    (here / "uitvoer" / f"{name}.txt").write_text(said, encoding="utf-8")


def _sow(here: Path, chosen: list[str], rows: int) -> Planted:
    """Leaves the files of these sources in the inbox; all their secrets together."""
    together = Planted()
    for number, soort in enumerate(chosen):
        made = planted(soort, number, rows)
        place.drop(here, made.files)
        for name in ("files", "nowhere", "in_lake", "in_ledger"):
            getattr(together, name).extend(getattr(made, name))
    return together


def let_loose(here: Path, chosen: list[str], kills: int, draw: random.Random, rows: int = 25) -> list[str]:
    """What was found where it may not be, or not found where it must; nothing when all is well."""
    place.found(here)
    told = warm.asked(here, lambda: vars(_sow(here, chosen, rows)) | {"files": []})
    (here / "verzoek.txt").write_text(next(one for one in told["nowhere"] if len(one) == 64) + "\n", encoding="utf-8")
    wrong = _fail(here, IN_THE_GATE)
    killed = 0
    for number in range(kills):
        kill = warm.Kill(nth=draw.randint(1, CHANGES)) if number % 2 else warm.Kill(seconds=draw.uniform(0.1, SECONDS))
        ended = warm.jos(here, "run", kill=kill, before=_surroundings)
        killed += ended.code == -signal.SIGKILL
        _outputs(here, f"{'gedood' if ended.code == -signal.SIGKILL else 'run'}-{number}", ended.said)
    if kills and not killed:
        wrong.append("no run was killed: all ended before it")
    wrong += _fail(here, AFTER_IT, "--peildatum", "2023-02-01")  # of another day: it has its work to do in any case
    for command in COMMANDS:
        _outputs(here, "-".join(command).replace("/", "-"), warm.jos(here, *command, before=_surroundings).said)
    return wrong + warm.asked(here, lambda: search(here, told))


def _fail(here: Path, places: tuple[tuple[object, str], ...], *told: str) -> list[str]:
    """Has the program fail in each of these places."""
    wrong = []
    for module, name in places:
        ended = warm.jos(here, "run", *told, before=_failing(module, name))
        _outputs(here, f"mislukt-{name}", ended.said)
        wrong += [] if ended.code else [f"nothing failed although {name} does"]
    return wrong


def search(here: Path, told: dict[str, list[str]]) -> list[str]:
    """The same, of an installation in which everything happened."""
    key = (here / ".jos" / "sleutels" / "monitor.sleutel").read_text(encoding="ascii").strip()
    outside = ("inbox", "verzoek.txt", "jos.toml", "regio")
    hits = found(here, [*told["nowhere"], *IN_CONFIDENCE, key], outside)
    wrong = [f"{secret} in {name}" for name, secret in hits if not (secret == key and "sleutels" in name)]
    for kind, rooms in (
        ("in_lake", (".jos/lake",)),
        ("in_ledger", NAMES),
    ):
        seen = found(here, told[kind], outside)
        wrong += [f"{secret} in {name}" for name, secret in seen if not name.startswith(rooms)]
        if not seen:
            wrong.append(f"nothing is found of what must be {kind}: then the search is no good")
    if not any(secret == key for _, secret in hits):
        wrong.append("the key is not found in its own file: then the search is no good")
    return wrong + _control(here, next(one for one in told["nowhere"] if one.isdigit()))


def _control(here: Path, secret: str) -> list[str]:
    """A secret that is put in every kind of packing must be found in each."""
    hidden = here / "controle"
    hidden.mkdir()
    frame = pl.DataFrame({"getal": [int(secret)], "tekst": [f"x{secret}y"], "breuk": [float(secret)]})
    frame.write_parquet(hidden / "a.parquet", compression="zstd")
    frame.write_csv(hidden / "b.csv")
    with zipfile.ZipFile(hidden / "c.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.write(hidden / "a.parquet", "diep/a.parquet")
    (hidden / "d.txt").write_bytes(f"wijd {secret}".encode("utf-16"))
    missed = sorted(path.name for path in hidden.iterdir() if not found_in(path, secret))
    shutil.rmtree(hidden)
    return [f"a secret in {name} is not found: then the search is no good" for name in missed]


def found_in(path: Path, secret: str) -> bool:
    return any(name == path.name for name, _ in found(path.parent, [secret]))


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--soorten", default=",".join(CONTRACTS))
    asked.add_argument("--kills", type=int, default=8)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--keep", type=Path)
    chosen = asked.parse_args()
    where = chosen.keep or Path(tempfile.mkdtemp(prefix="jos-kanaries-")) / "huis"
    wrong = let_loose(where, chosen.soorten.split(","), chosen.kills, random.Random(chosen.seed))
    for one in wrong[:40]:
        sys.stdout.write(f"WRONG {one}\n")
    sys.stdout.write(f"{len(chosen.soorten.split(','))} sources, {len(wrong)} wrong; seed {chosen.seed}\n")
    if not wrong and chosen.keep is None:
        shutil.rmtree(where)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""Kills commands at random moments and looks whether anything was lost, doubled or half: ``make chaos ROUNDS=500``.

A round draws a scenario and moments, each before a certain step or after a certain processor time. The process is
killed (SIGKILL), the installation is looked at as it was left, the same is done and killed again, and then it may end.
The end is compared with that of a run nobody disturbed. A seed and a number give the same round again:
``--seed 1 --only-round 17``.
"""

import argparse
import atexit
import json
import os
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from uuid import uuid4

from tests.chaos import faults, place, state, warm
from tests.chaos.cluster import Cluster, is_installed
from tests.chaos.daemon import daemon_killed, daemon_on_full_disk
from tests.chaos.phases import PART
from tests.chaos.scenarios import RUN, SCENARIOS, SERVER, Scenario, an_hour_passes

BY_TIME, BY_DAGSTER = 0.4, 0.1
"""The share of kills at a moment in time, and before a step of Dagster's; the others are before a step of ours."""
KILLED = -9
FAULTS = ("full disk", "all at once", "database gone", "daemon killed", "server's disk full", "daemon on a full disk")
OUTAGE = 4.0
"""Seconds that the database is gone. A step waits a third as long before it asks again, as it does of a minute."""
NOT_TRACED = 0.9
"""How much of the processor time a command takes when not all it does is written down."""
SOON = 0.5
"""The share of further kills of what was killed before, that come soon after it began anew."""
KILLS = (3, 12)
"""How often in a row a command is killed, at least and at most, each time begun anew, before it may come to its end."""


@dataclass
class Reference:
    """A scenario undisturbed: what it does, when it does something of ours, what it reads, and how it ends."""

    steps: dict[str, int]
    moments: list[float]
    modules: list[str]
    end: state.State


@dataclass
class Campaign:
    """Templates and references, each made when first needed, and kept in the directory for a next time."""

    directory: Path
    scenarios: tuple[Scenario, ...] = SCENARIOS
    outage: float = OUTAGE
    learned: set[str] = field(default_factory=set)

    def round(self, number: int, seed: int) -> "Round":
        """One round: draws, kills, looks, kills again, mends, compares."""
        draw, begun = random.Random(f"{seed}/{number}"), sum(os.times()[:4])
        scenario = draw.choices(self.scenarios, [one.weight for one in self.scenarios])[0]
        reference = self._reference(scenario)
        here = self._begin(scenario, self.directory / f"ronde-{number}")
        outcome = Round(number, seed, scenario.name)
        for _ in range(draw.randint(*KILLS)):
            kill = _soon(draw, reference) if outcome.kills and draw.random() < SOON else _moment(draw, reference)
            kill = replace(kill, inside=scenario.command[0] == PART)
            ended = warm.jos(here, *scenario.command, kill=kill, before=scenario.before)
            outcome.add(kill, ended, scenario)
            outcome.wrong += [f"left behind: {one}" for one in warm.asked(here, state.broken_after(scenario.before))]
            if ended.code != KILLED and not scenario.repeats:
                break  # it came to its end before its moment: nothing is left to do
        outcome.wrong += self._ends(here, scenario)
        if outcome.in_a_run and not _told_of_dead_runs(here):
            outcome.wrong.append("a run was killed and nobody was told (JOS-E080)")
        outcome.seconds = sum(os.times()[:4]) - begun
        if not outcome.wrong:
            shutil.rmtree(here)
        return outcome

    def _ends(self, here: Path, scenario: Scenario) -> Iterator[str]:
        """Has people do what they do next; tells what is not as it is where nobody disturbed anything."""
        an_hour_passes(here)
        yield from self._mend(here, scenario)
        found = warm.asked(here, state.state_after(scenario.before))
        if found["leftovers"]:  # where nobody writes again, pruning clears away
            an_hour_passes(here, hours=49)
            yield from faults.in_one_line(warm.jos(here, *_sweep(scenario), before=scenario.before))
            found = warm.asked(here, state.state_after(scenario.before))
        yield from _differences(self._reference(scenario).end, found)

    def fault(self, name: str, number: int, seed: int) -> "Round":
        """One of the faults that are no kill."""
        draw, here = random.Random(f"{seed}/{number}"), self.directory / f"storing-{number}"
        outcome = Round(number, seed, name)
        if name == "database gone":
            outcome.wrong, told = faults.database_gone(here, draw, self.outage)
        elif name == "daemon killed":
            outcome.wrong, told, killed = daemon_killed(*self._ordinary_run(here), draw)
            outcome.phases["daemon"] += killed
        elif name == "full disk":
            outcome.wrong, told = self._full_disk(here, draw)
        elif name == "server's disk full":
            outcome.wrong, told = faults.server_disk_full(here, draw)
        elif name == "daemon on a full disk":
            outcome.wrong, told = daemon_on_full_disk(*self._ordinary_run(here), draw)
        else:
            outcome.wrong, told = faults.all_at_once(*self._ordinary_run(here), draw)
        outcome.kills.append(told)
        if not outcome.wrong:
            shutil.rmtree(here, ignore_errors=True)
        return outcome

    def _ordinary_run(self, here: Path) -> tuple[Path, Path, state.State]:
        """From where a run begins, where it is to be done, and what it ends in when nobody disturbs it."""
        run = next(one for one in SCENARIOS if one.name == "run")
        return self._template(run.template), here, self._reference(run).end

    def _full_disk(self, disk: Path, draw: random.Random) -> faults.Found:
        """Any command on a full disk, and what people do when there is room again."""
        commands = [one for one in self.scenarios if not one.on_server and one.command[0] != PART]
        scenario = draw.choice(commands)
        self._reference(scenario)
        size = sum(path.stat().st_size for path in self._ready(scenario).rglob("*") if path.is_file())
        with faults.small_disk(disk, 2 * size + faults.ROOM) as mounted:
            if not mounted:
                return [], "not tried: no file system can be mounted here"
            here = self._begin(scenario, disk / "huis")
            wrong, told = faults.on_full_disk(disk, here, scenario, draw)
            return [*wrong, *self._ends(here, scenario)], f"{scenario.name}, {told}"

    def _mend(self, here: Path, scenario: Scenario) -> Iterator[str]:
        for command in scenario.then:
            ended = warm.jos(here, *command, before=scenario.before)
            if ended.code not in scenario.codes:
                yield f"{' '.join(command)} ended with {ended.code}: {ended.said[-400:]}"

    def _begin(self, scenario: Scenario, where: Path) -> Path:
        """A house where the scenario begins: a copy of one that was prepared once."""
        if scenario.on_server and not SERVER:
            SERVER.append(Cluster(self.directory / f"server-{os.getpid()}"))
            SERVER[0].start()
            atexit.register(SERVER[0].stop)
        here = place.copy(self._ready(scenario), where)
        if scenario.on_server:
            settings = here / "jos.toml"
            told = settings.read_text(encoding="utf-8")
            prepared = re.findall(r"jos_[0-9a-f]{32}", told)[0]
            mine = f"jos_{uuid4().hex}"
            SERVER[0].copy(prepared, mine)
            settings.write_text(told.replace(prepared, mine), encoding="utf-8")
        return here

    def _ready(self, scenario: Scenario) -> Path:
        mine = f"-{os.getpid()}" if scenario.on_server else ""  # a server does not outlive its campaign
        ready = self.directory / f"klaar-{scenario.name.replace(' ', '-')}{mine}"
        if not ready.exists():
            place.copy(self._template(scenario.template), ready)
            ended = warm.wait_for(warm.start(ready, lambda: scenario.prepare(ready)))
            if ended.code:
                shutil.rmtree(ready)
                raise RuntimeError(f"{scenario.name} cannot be prepared: {ended.said}")
        return ready

    def _reference(self, scenario: Scenario) -> Reference:
        kept = self.directory / f"ongestoord-{scenario.name.replace(' ', '-')}.json"
        if not kept.exists():
            here = self._begin(scenario, kept.with_suffix(""))
            traced = warm.trace(here, *scenario.command, before=scenario.before)
            if traced.ended.code:
                raise RuntimeError(f"{scenario.name} fails without any kill: {traced.ended.said}")
            an_hour_passes(here)
            wrong = [*self._mend(here, scenario), *warm.asked(here, state.broken_after(scenario.before))]
            if wrong:
                raise RuntimeError(f"{scenario.name} goes wrong without any kill: {wrong}")
            end = warm.asked(here, state.state_after(scenario.before))
            told = Reference(dict(traced.steps), traced.moments, traced.modules, end)
            kept.write_text(json.dumps(asdict(told)), encoding="utf-8")
            shutil.rmtree(here)
        reference = Reference(**json.loads(kept.read_text(encoding="utf-8")))
        if scenario.name not in self.learned:
            self.learned.add(scenario.name)
            warm.learn(reference.modules)
        return reference

    def _template(self, name: str) -> Path:
        here = self.directory / f"sjabloon-{name}"
        if not here.exists():
            if name == "empty":
                return place.found(here)
            if name == "figures":
                place.found(here)
                files = place.first_deliveries()
            else:
                place.copy(self._template("figures"), here)
                files = place.next_deliveries()
            warm.wait_for(warm.start(here, lambda: place.drop(here, files)))
            ended = warm.jos(here, *RUN)
            if ended.code not in (0, 1):
                shutil.rmtree(here)
                raise RuntimeError(ended.said)
        return here


@dataclass
class Round:
    """What became of a round; ``wrong`` is empty when all is as it must be."""

    number: int
    seed: int
    scenario: str
    kills: list[str] = field(default_factory=list)
    phases: Counter[str] = field(default_factory=Counter)
    """How many times a process was killed, by what it was at."""
    wrong: list[str] = field(default_factory=list)
    in_a_run: int = 0
    """How many times a process was killed at a step of a run of Dagster."""
    seconds: float = 0
    """Processor time."""

    def add(self, kill: warm.Kill, ended: warm.Ended, scenario: Scenario) -> None:
        if ended.code == KILLED:
            phase = ended.where.phase(scenario.phase)
            self.phases[phase] += 1
            self.in_a_run += bool(ended.where.step)
            self.kills.append(f"{kill} (killed in {phase}, after {ended.where.change or 'nothing of ours'})")
        else:
            self.kills.append(f"{kill} (ended {ended.code})")
            self.wrong += faults.in_one_line(ended)

    def __str__(self) -> str:
        verdict = "ok" if not self.wrong else "WRONG"
        about = f"round {self.number} seed {self.seed}: {self.scenario}, {self.seconds:.0f} CPU seconds"
        lines = [f"{verdict:5} {about}", *(f"      {one}" for one in self.kills)]
        return "\n".join([*lines, *(f"      WRONG {one}" for one in self.wrong)])


def _moment(draw: random.Random, reference: Reference) -> warm.Kill:
    """When to kill, spread over what a process changes and what it does between two changes."""
    ours, dagsters = [], []
    for step in sorted(reference.steps):
        (dagsters if step.startswith("dagster") else ours).append(step)
    kind = draw.random()
    if kind < BY_TIME:
        return warm.Kill(seconds=draw.uniform(reference.moments[0], reference.moments[-1]) * NOT_TRACED)
    step = draw.choice(dagsters if dagsters and kind < BY_TIME + BY_DAGSTER else ours)
    return warm.Kill(step=step, nth=draw.randint(1, reference.steps[step]))


def _sweep(scenario: Scenario) -> tuple[str, ...]:
    return scenario.command if scenario.command[0] == "prune" else ("prune", "--uitvoeren")


def _soon(draw: random.Random, reference: Reference) -> warm.Kill:
    """A moment when little is done: what was killed before has less to do, and so it comes on in small steps."""
    return warm.Kill(nth=draw.randint(1, max(len(reference.moments) // 6, 1)))


def _told_of_dead_runs(here: Path) -> bool:
    log_book = here / ".jos" / "meldingen.jsonl"
    return log_book.exists() and "JOS-E080" in log_book.read_text(encoding="utf-8")


def _differences(wanted: state.State, found: state.State) -> Iterator[str]:
    for part, of_reference in wanted.items():
        here = found[part]
        if here == of_reference:
            continue
        if isinstance(here, dict):
            for name in sorted({*here, *of_reference}):
                if here.get(name) != of_reference.get(name):
                    yield f"{part} {name}: {_short(of_reference.get(name))} became {_short(here.get(name))}"
        else:
            missing, many = _without(of_reference, here), _without(here, of_reference)
            yield f"{part}: missing {_short(missing)}, too many {_short(many)}"


def _without(some: list[object], others: list[object]) -> list[object]:
    return [one for one in some if one not in others]


def _short(value: object) -> str:
    text = json.dumps(value)
    return text if len(text) < 300 else f"{text[:300]} ..."


def _summary(outcomes: list[Round]) -> str:
    """How many rounds and kills there were, and where."""
    kinds = Counter(one.scenario for one in outcomes)
    phases = sum((one.phases for one in outcomes), Counter())
    return (
        f"{len(outcomes)} rounds ({', '.join(f'{name} {count}' for name, count in kinds.most_common())}), "
        f"{phases.total()} kills ({', '.join(f'{name} {count}' for name, count in phases.most_common())}), "
        f"{sum(bool(one.wrong) for one in outcomes)} rounds wrong, {sum(os.times()[:4]):.0f} CPU seconds"
    )


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rounds", type=int, default=20)
    asked.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    asked.add_argument("--from-round", type=int, default=1)
    asked.add_argument("--only-round", type=int)
    asked.add_argument("--only", help="scenarios, by their names, with a comma between them")
    asked.add_argument("--faults", type=int, default=len(FAULTS), help="how many faults that are no kill as well")
    asked.add_argument("--fault", choices=FAULTS, help="only this one, so many times")
    asked.add_argument("--first-fault", type=int, default=0, help="which of them is the first")
    asked.add_argument("--outage", type=float, default=OUTAGE, help="seconds that the database is gone")
    asked.add_argument("--keep", type=Path, help="where to work; what went wrong stays there")
    asked.add_argument("--seconds", type=float, default=float("inf"), help="begin no round after this many seconds")
    chosen = asked.parse_args()
    possible = [one for one in SCENARIOS if is_installed() or not one.on_server]
    wanted = chosen.only.split(",") if chosen.only else [one.name for one in possible]
    scenarios = tuple(one for one in possible if one.name in wanted)
    where = chosen.keep or Path(tempfile.mkdtemp(prefix="jos-chaos-"))
    where.mkdir(parents=True, exist_ok=True)
    where.chmod(0o711)  # the server of a campaign that runs as root is another account's
    campaign, begun, outcomes = Campaign(where, scenarios, chosen.outage), time.monotonic(), []
    first = chosen.only_round or chosen.from_round
    for number in range(first, first + (1 if chosen.only_round else chosen.rounds)):
        if time.monotonic() - begun > chosen.seconds:
            break
        outcomes.append(campaign.round(number, chosen.seed))
        sys.stdout.write(f"{outcomes[-1]}\n")
        if len(outcomes) % 10 == 0:
            sys.stdout.write(f"... {_summary(outcomes)}\n")
        sys.stdout.flush()
    for number in range(chosen.first_fault, chosen.first_fault + chosen.faults):
        name = chosen.fault or FAULTS[number % len(FAULTS)]
        outcomes.append(campaign.fault(name, number, chosen.seed))
        sys.stdout.write(f"{outcomes[-1]}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{_summary(outcomes)}; seed {chosen.seed}\n")
    wrong = any(one.wrong for one in outcomes)
    if not wrong and chosen.keep is None:
        shutil.rmtree(where)
    elif wrong:
        sys.stdout.write(f"what went wrong is kept in {where}\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""What ``jos prune`` found or removed: as JSON, as a Dutch page and as lines for the terminal. No personal data."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jos_pipeline import dutch
from jos_pipeline.clock import day_of
from jos_pipeline.expiry import Expired
from jos_pipeline.pages import ENVIRONMENT
from jos_pipeline.retention import WORDS


@dataclass(frozen=True)
class Pruned:
    """What has had its time (``verlopen``) and what has to wait, and whether it was removed."""

    kenmerk: str
    op: datetime
    door: str | None
    code_versie: str
    uitgevoerd: bool
    termijnen: Mapping[str, int]
    verlopen: tuple[Expired, ...]
    wacht: tuple[Expired, ...]
    twijfel: tuple[str, ...] = ()
    """Why the day was doubted, as sentences without a full stop. Removed all the same: somebody was sure of it."""

    @property
    def per_class(self) -> list[tuple[str, str, int]]:
        """Every class with what it is and how much of it has had its time."""
        return [(name, WORDS[name], count) for name, count in sorted(Counter(o.klasse for o in self.verlopen).items())]

    @property
    def reasons(self) -> list[tuple[str, int]]:
        """Why something has to wait, and how much does."""
        return sorted(Counter(one.wacht for one in self.wacht).items())


def pruned_json(outcome: Pruned) -> dict[str, Any]:
    return {
        "bewijs": "bewaartermijnen",
        "versie": 1,
        "kenmerk": outcome.kenmerk,
        "op": outcome.op.isoformat(),
        "door": outcome.door,
        "code_versie": outcome.code_versie,
        "uitgevoerd": outcome.uitgevoerd,
        "termijnen_in_maanden": dict(outcome.termijnen),
        "verlopen": [{"klasse": one.klasse, "naam": one.naam} for one in outcome.verlopen],
        "twijfel": list(outcome.twijfel),
        "wacht": [{"klasse": one.klasse, "naam": one.naam, "waarom": one.wacht} for one in outcome.wacht],
    }


def pruned_html(outcome: Pruned) -> str:
    template = ENVIRONMENT.get_template("opruimen.html.j2")
    return template.render(outcome=outcome, words=WORDS, day=dutch.day(day_of(outcome.op)))


def pruned_text(outcome: Pruned, page: str | None) -> str:
    """What ``jos prune`` says."""
    done = "verwijderd" if outcome.uitgevoerd else "voorbij de bewaartermijn"
    lines = [f"{dutch.number(count):>7}  {name}: {meaning}" for name, meaning, count in outcome.per_class]
    head = f"{dutch.number(len(outcome.verlopen))} bestanden of verwerkingen {done}."
    said = [head if lines else "Niets is voorbij de bewaartermijn.", *lines]
    said += [f"{dutch.number(count):>7}  wacht: {why}" for why, count in outcome.reasons]
    said += [f"Let op. {why}." for why in outcome.twijfel]
    if lines and not outcome.uitgevoerd:
        said.append("Er is niets verwijderd. Verwijderen: jos prune --uitvoeren")
    if page:
        said.append(f"Bewijs: {page}")
    return "\n".join(said) + "\n"

"""Telling people of trouble, and remembering who was told what.

At least once: a message is recorded as told when its target took it, and not before; a target that does not take it
gets it again next time. Every target has its own memory (table ``melding``), so that one that fails costs the others
nothing. What there is to tell is ``jos_pipeline.alerts``, where it goes is ``resources.targets``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jos_pipeline.alerts import Alert, Digest, digest_of, is_quiet, message
from resources.targets import Message, Target, Unusable
from resources.warehouse import WarehouseStore


@dataclass(frozen=True)
class Telling:
    """Whom there is to tell, and how. ``telling`` an alert is remembered in the warehouse."""

    targets: Sequence[Target]
    region: str
    handbook: str
    repeat_days: int
    hours: str = ""

    def tell(self, store: WarehouseStore, alerts: Sequence[Alert], now: datetime) -> "Outcome":
        """Tells every target what is news to it; a target that fails is told next time."""
        taken, failed = [], []
        for target in self.targets:
            if isinstance(target, Unusable):  # said every time, not only when there is news
                failed.append(target.name)
                continue
            if target.heeds_hours and is_quiet(now, self.hours):
                continue
            digest = digest_of(alerts, store.told(target.name), now, self.repeat_days)
            if digest.has_news:
                accepted = target.takes(Message(*message(digest, self.region, self.handbook), digest))
                (taken if accepted else failed).append(target.name)
                if not accepted:
                    continue
            store.remember_told(target.name, digest, now)
        return Outcome(sum(not alert.quiet for alert in alerts), tuple(taken), tuple(failed))

    def test(self) -> "Outcome":
        """Sends a message that is about nothing; it is not remembered."""
        subject = f"JOS-monitor {self.region}: proefmelding"
        text = "Dit is een proefmelding. Leest u dit, dan komen de meldingen van de monitor hier aan."
        taken = {target.name: target.takes(Message(subject, text, Digest())) for target in self.targets}
        return Outcome(0, tuple(n for n, ok in taken.items() if ok), tuple(n for n, ok in taken.items() if not ok))


@dataclass(frozen=True)
class Outcome:
    """How telling went: problems there are, and the targets that took or refused a message."""

    problems: int
    taken: tuple[str, ...]
    failed: tuple[str, ...]

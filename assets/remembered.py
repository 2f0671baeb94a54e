"""What a run that takes in files remembers, so that it need not ask ledger and lake again for every file.

Only what the turn of the school year keeps true for as long as the run lasts. A memory never decides what is recorded:
the transaction that records a file looks for itself (``resources.ledger.record``).
"""

import pandas as pd

from jos_pipeline.mirror.reach import Reach
from resources.ledger import InForce, Receipt
from resources.warehouse import WarehouseStore


class Remembered:
    """The ledger as it was when the run of a school year began, with what the run recorded since."""

    def __init__(self, store: WarehouseStore, deliveries: pd.DataFrame, schooljaar: str) -> None:
        """``deliveries`` is the whole ledger."""
        self._store, self._year = store, schooljaar
        self._came = set(zip(deliveries["leverancier"], deliveries["sha256"], strict=True))
        counting = deliveries[deliveries["geldend"].astype(bool)]
        self._counting = set(zip(counting["leverancier"], counting["soort"], counting["schooljaar"], strict=True))
        self.reaches: dict[int, tuple[Reach, ...]] = {}
        """Whom the deliveries reach that this run took in, by number in the ledger."""
        self.written: set[str] = set()
        """The pages this run wrote that say the same whatever was delivered."""

    def find(self, leverancier: str, sha256: str) -> Receipt | None:
        """``WarehouseStore.find``; of bytes that never came nobody is asked."""
        return self._store.find(leverancier, sha256) if (leverancier, sha256) in self._came else None

    def in_force(self, leverancier: str, soort: str, schooljaar: str) -> InForce | None:
        """``WarehouseStore.in_force``. Of a school year of another run the ledger is asked each time."""
        if schooljaar == self._year and (leverancier, soort, schooljaar) not in self._counting:
            return None
        return self._store.in_force(leverancier, soort, schooljaar)

    def learn(self, receipt: Receipt, reaches: tuple[Reach, ...] | None) -> Receipt:
        """Remembers what was recorded; ``reaches`` is None where nobody counted whom the rows reach."""
        self._came.add((receipt.leverancier, receipt.sha256))
        if receipt.geldend and receipt.soort is not None and receipt.schooljaar is not None:
            self._counting.add((receipt.leverancier, receipt.soort, receipt.schooljaar))
            if reaches is not None:
                self.reaches[receipt.id] = reaches
        return receipt

"""What an expectation is. The expectations themselves stand beside this."""

from dataclasses import dataclass
from enum import StrEnum


class Bound(StrEnum):
    """On which side of its threshold a measure must stay (the threshold itself is right)."""

    LEAST = "minstens"
    MOST = "hoogstens"


class Unit(StrEnum):
    """What a measure is in. Of ``PERSONS`` a small count is never told, only that it is not nought."""

    COUNT = "aantal"
    PERSONS = "personen"
    SHARE = "aandeel"
    RATIO = "verhouding"


class Result(StrEnum):
    """Whether an expectation came true. Without enough to judge by it is neither."""

    HELD = "uitgekomen"
    FAILED = "niet_uitgekomen"
    NOT_JUDGED = "niet_te_toetsen"


@dataclass(frozen=True)
class Expectation:
    """An expectation about one measure of deliveries, of linked tables or of the publication.

    ``name`` is unique: history and the region's own thresholds go by it. ``measure`` is the aggregate that Great
    Expectations judges, as ``jos_pipeline.expectations`` counts it. ``code`` is the finding that explains a failure;
    of what no supplier can mend there is none. ``on`` are the soorten or tables it is asked of.
    """

    name: str
    code: str | None
    sentence: str
    measure: str
    bound: Bound
    threshold: float
    unit: Unit
    on: tuple[str, ...]

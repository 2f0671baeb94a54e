"""Names of delivered files: what a name says, and how a name may be shown (spec 1.2).

A supplied name is data, never a path. Nothing here opens a file.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import PurePosixPath, PureWindowsPath

from jos_pipeline.pseudonym import elfproef
from schemas.contract import EARLIEST
from schemas.contracts import CONTRACTS

MASK = "#########"
_LONGEST = 120
_REMEMBERED = 65_536
"""Names of which the answer is kept: an inbox is listed again and again."""
_LAST_DAY = date(2100, 12, 31)
_PARTIAL = (".part", ".tmp", ".filepart", ".crdownload")
_YEAR = re.compile(r"\d{4}-\d{4}")
_DAY = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)|(?P<y2>\d{4})(?P<m2>\d{2})(?P<d2>\d{2})(?!\d)")
_DUTCH_DAY = re.compile(r"(?P<d>\d{1,2})-(?P<m>\d{1,2})-(?P<y>\d{4})(?!\d)")
_GAP = r"[. _\u2010-\u2015-]"
_NUMBER = re.compile(rf"(?<!\d)(?:\d{{9}}|\d{{4}}{_GAP}\d{{2}}{_GAP}\d{{3}}|\d{{3}}{_GAP}\d{{3}}{_GAP}\d{{3}})(?!\d)")


@dataclass(frozen=True)
class NamedDelivery:
    """What the name of a file says. None where it says nothing; ``impossible_day`` when its peildatum is no date.

    ``schooljaar`` is as written, so it may be a year that does not exist (``2022-2024``).
    """

    soort: str | None
    schooljaar: str | None
    peildatum: date | None
    impossible_day: bool = False

    @property
    def complete(self) -> bool:
        return None not in (self.soort, self.schooljaar, self.peildatum)


def base_name(file_name: str) -> str:
    """The last part of a name that may hold directories of any system."""
    return PureWindowsPath(PurePosixPath(file_name).name).name


def parse_name(file_name: str) -> NamedDelivery:
    """Reads ``<soort>_<schooljaar>_<peildatum>[_free text].<csv|xlsx>``; parts that are not there are None.

    The soort may be in any case; a space does for an underscore, because browsers and people put them in.
    """
    stem = PurePosixPath(base_name(unicodedata.normalize("NFKC", file_name))).stem
    first, *rest = [part for part in re.split(r"[_\s]+", stem) if part] or [""]
    soort = first.casefold() if first.casefold() in CONTRACTS else None
    parts = rest if soort else [first, *rest]
    schooljaar = next((part for part in parts[:2] if _YEAR.fullmatch(part)), None)
    after = parts[parts.index(schooljaar) + 1 :] if schooljaar else parts
    written = next((found for part in after[:1] if (found := _DAY.match(part) or _DUTCH_DAY.match(part))), None)
    day = _day(written) if written else None
    return NamedDelivery(soort, schooljaar, day, impossible_day=written is not None and day is None)


def _day(written: re.Match[str]) -> date | None:
    """The date a match stands for; None when there is no such day, or none on which anything was delivered."""
    parts = written.groupdict()
    try:
        day = date(*(int(parts.get(name) or parts[f"{name}2"]) for name in ("y", "m", "d")))
    except ValueError:
        return None
    return day if EARLIEST <= day <= _LAST_DAY else None


def delivery_name(soort: str, schooljaar: str, peildatum: date) -> str:
    """The name a CSV delivery should have."""
    return f"{soort}_{schooljaar}_{peildatum.isoformat()}.csv"


@lru_cache(maxsize=_REMEMBERED)
def is_ignored(file_name: str) -> bool:
    """Whether a file is no delivery: hidden, a lock file of Office, or still being written."""
    name = base_name(file_name).casefold()
    return not name or name.startswith((".", "~$")) or name.endswith(_PARTIAL)


@lru_cache(maxsize=_REMEMBERED)
def safe_name(file_name: str) -> str:
    """The name as it may be stored and shown.

    Numbers that can be a BSN are masked, control and direction characters are gone, at most 120 characters.
    """
    name = unicodedata.normalize("NFC", base_name(file_name))
    visible = "".join(
        c for c in name if unicodedata.category(c)[0] != "C" and unicodedata.category(c) not in ("Zl", "Zp")
    )
    name = masked(visible).strip()
    if len(name) > _LONGEST:
        suffix = PurePosixPath(name).suffix[:10]
        name = name[: _LONGEST - len(suffix) - 1] + "…" + suffix
    return name or "naamloos"


def masked(text: str) -> str:
    """The text with every number that can be a BSN masked."""
    return _NUMBER.sub(lambda found: MASK if _is_bsn(found.group()) else found.group(), text)


def _is_bsn(text: str) -> bool:
    return elfproef("".join(str(unicodedata.digit(c)) for c in text if c.isdigit()))

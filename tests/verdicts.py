"""What the gate says of every file of an inbox, for the tests of invented regions."""

from datetime import UTC, datetime
from pathlib import Path

from jos_pipeline.intake.gate import Verdict, judge
from jos_pipeline.region import Region


def verdicts_of(inbox: Path, region: Region) -> dict[tuple[str, str], Verdict]:
    """By supplier and name; each judged on the day that the file was written."""
    return {
        (path.parent.name, path.name): judge(
            path.read_bytes(),
            path.name,
            datetime.fromtimestamp(path.stat().st_mtime, UTC).date(),
            region,
            path.parent.name,
        )
        for path in sorted(inbox.rglob("*"))
        if path.is_file()
    }

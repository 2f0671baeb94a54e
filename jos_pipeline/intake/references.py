"""Rows that name a row of another delivery of the same supplier and school year (spec 1.3: an activiteit its traject).

The gate sees one file and cannot know: whoever takes it in gives what is in force beside it. Told, never refused.
"""

from collections.abc import Collection
from dataclasses import replace

from jos_pipeline.intake.verdict import Verdict, make_finding, ordered

NOT_FOUND = "JOS-S012"


def held_against(verdict: Verdict, column: str, known: Collection[str]) -> Verdict:
    """The verdict, with a signal on the accepted rows that name in ``column`` what is not ``known``.

    The finding has their row numbers and how many they are, and never what they name.
    """
    if verdict.accepted is None:
        return verdict
    named = verdict.accepted[column]
    unknown = named.is_not_null() & ~named.is_in(list(known))
    if not unknown.any():
        return verdict
    finding = make_finding(NOT_FOUND, kolom=column, rows=verdict.accepted_rows.filter(unknown))
    return replace(verdict, findings=ordered([*verdict.findings, finding]))

"""Great Expectations judges measures. The only module that uses it.

It is imported inside the function that needs it: the import costs seconds and 150 MB. Only measures come in (no
value of a person) and what is kept are booleans (BOOLEAN_ONLY). Which measures failed an expectation is asked anew, and
answered by their places.
"""

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import pandas as pd

from jos_pipeline.expectations.measures import Measure
from schemas.expectations import Bound, Expectation, Result, Unit


@dataclass(frozen=True)
class Outcome:
    """Whether an expectation came true. ``judged`` and ``failing`` count measures, never persons.

    ``observed`` is the measure nearest to (or farthest beyond) the threshold; None when nothing was judged and when
    it is a count of persons that may not be told. ``where`` names whom the failing measures are about.
    """

    expectation: Expectation
    threshold: float
    result: Result
    judged: int = 0
    failing: int = 0
    observed: float | None = None
    where: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        return self.result is Result.FAILED


@dataclass(frozen=True)
class Judgement:
    """The outcome of every expectation of a suite, and Great Expectations' own account of it (no values)."""

    outcomes: tuple[Outcome, ...]
    document: Mapping[str, Any]

    @property
    def failed(self) -> tuple[Outcome, ...]:
        return tuple(outcome for outcome in self.outcomes if outcome.failed)


def judge(
    name: str,
    measures: Sequence[Measure],
    suite: Sequence[Expectation],
    *,
    thresholds: Mapping[str, float],
    smallest: int,
) -> Judgement:
    """Judges a suite. ``thresholds``: the region's own, by expectation; ``smallest``: below it no count is told."""
    bound = {one.name: thresholds.get(one.name, one.threshold) for one in suite}
    known = {one.name: [m for m in measures if m.name == one.measure and m.value is not None] for one in suite}
    asked = [one for one in suite if known[one.name]]
    columns = {one.measure: [m.value for m in known[one.name]] for one in asked}
    document = _validate(name, columns, [_question(one, one.measure, bound[one.name]) for one in asked])
    held = dict(zip([one.name for one in asked], _answers(document), strict=True))
    failing = _failing([(one, known[one.name]) for one in asked if not held[one.name]], bound)
    outcomes = []
    for one in suite:
        if one.name not in held:
            outcomes.append(Outcome(one, bound[one.name], Result.NOT_JUDGED))
            continue
        wrong = failing.get(one.name, ())
        outcomes.append(
            Outcome(
                one,
                bound[one.name],
                Result.HELD if held[one.name] else Result.FAILED,
                judged=len(known[one.name]),
                failing=len(wrong),
                observed=_told(one, known[one.name], smallest),
                where=tuple(sorted({measure.where for measure in wrong})),
            )
        )
    return Judgement(tuple(outcomes), document)


def _failing(failed: list[tuple[Expectation, list[Measure]]], bound: Mapping[str, float]) -> dict[str, list[Measure]]:
    """Which measures of the failed expectations fail by themselves, as Great Expectations judges it."""
    columns = {one.name: [measure.value for measure in found] for one, found in failed}
    questions = [_question(one, one.name, bound[one.name]) for one, _ in failed]
    document = _validate("welke niet", columns, questions, "COMPLETE")
    return {
        one.name: [found[place] for place in result["result"]["unexpected_index_list"]]
        for (one, found), result in zip(failed, document["results"], strict=True)
    }


def _told(expected: Expectation, known: Sequence[Measure], smallest: int) -> float | None:
    values = [measure.value for measure in known if measure.value is not None]
    worst = min(values) if expected.bound is Bound.LEAST else max(values)
    if expected.unit is Unit.PERSONS and 0 < worst < smallest:
        return None
    return round(worst, 2)


def _question(expected: Expectation, column: str, threshold: float) -> dict[str, Any]:
    side = "min_value" if expected.bound is Bound.LEAST else "max_value"
    meta = {"verwachting": expected.name, "code": expected.code, "zin": expected.sentence}
    return {"column": column, side: threshold, "meta": meta}


def _answers(document: Mapping[str, Any]) -> list[bool]:
    return [bool(result["success"]) for result in document["results"]]


def _validate(
    name: str,
    columns: Mapping[str, list[float | None]],
    questions: list[dict[str, Any]],
    result_format: Literal["BOOLEAN_ONLY", "COMPLETE"] = "BOOLEAN_ONLY",
) -> dict[str, Any]:
    """The validation result of a suite as JSON. Raises RuntimeError when Great Expectations could not judge."""
    if not questions:
        return {"suite_name": name, "success": True, "results": []}
    expectations, batch_definition = _great_expectations()
    frame = pd.DataFrame({column: pd.Series(values, dtype="float64") for column, values in columns.items()})
    suite = expectations.ExpectationSuite(
        name=name,
        expectations=[expectations.expectations.ExpectColumnValuesToBeBetween(**question) for question in questions],
    )
    batch = batch_definition.get_batch({"dataframe": frame})
    document: dict[str, Any] = batch.validate(suite, result_format=result_format).to_json_dict()
    if any(result["exception_info"].get("raised_exception") for result in document["results"]):
        raise RuntimeError(f"Great Expectations could not judge the measures of {name}")
    return document


@lru_cache(maxsize=1)
def _great_expectations() -> tuple[Any, Any]:
    """The library and one place to put frames in, made once per process."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "False")
    import great_expectations as gx  # noqa: PLC0415 - costs seconds, see the module's docstring

    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = gx.data_context.types.base.ProgressBarsConfig(globally=False)
    asset = context.data_sources.add_pandas("maten").add_dataframe_asset("maten")
    return gx, asset.add_batch_definition_whole_dataframe("maten")

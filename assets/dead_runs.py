"""Runs that the daemon started and whose process is gone.

Dagster cannot ask a process on this machine for its health: it would wait for such a run until it lasted too long, and
its school year with it. But a run that is at work has its turn (``resources.turns``), and nobody has that of the dead.
What a run left undone is not known here.
"""

from datetime import UTC, datetime, timedelta

import dagster as dg

from resources.turns import PARTITION_TAG, turn_if_free

SILENCE = timedelta(minutes=2)
"""How long a run may tell nothing while it has no turn: it only just began, or is just about to end."""
AT_WORK = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]


def close_dead(instance: dg.DagsterInstance, job: str, url: str) -> list[str]:
    """Marks runs of the job that died as failed, so that people are told and work goes on; gives their school years.

    ``url`` is that of the warehouse, where turns are kept.
    """
    silent = [
        run for run in instance.get_runs(dg.RunsFilter(job_name=job, statuses=AT_WORK)) if _tells_nothing(instance, run)
    ]
    return [run.tags[PARTITION_TAG] for run in silent if _closed(instance, run, url)]


def _closed(instance: dg.DagsterInstance, run: dg.DagsterRun, url: str) -> bool:
    with turn_if_free(url, run.tags[PARTITION_TAG]) as turn:
        now = instance.get_run_by_id(run.run_id)
        died = turn is not None and now is not None and now.status in AT_WORK
        if died:
            instance.report_run_failed(run, "The process of this run ended before the run did.")
        return died


def _tells_nothing(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    last = instance.get_records_for_run(run.run_id, limit=1, ascending=False).records
    then = (datetime.now(UTC) - SILENCE).timestamp()
    return PARTITION_TAG in run.tags and (not last or last[0].event_log_entry.timestamp < then)

"""``dagster-daemon`` that looks at its schedules every two seconds and not every minute; nothing else is changed."""

import sys

import dagster._daemon.cli
from dagster._scheduler import scheduler

PACE = 2.0

if __name__ == "__main__":
    scheduler._get_next_scheduler_iteration_time = lambda start: start + PACE
    sys.exit(dagster._daemon.cli.main())

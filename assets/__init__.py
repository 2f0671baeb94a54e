"""What Dagster shows and runs: assets by layer, checks, sensor, schedule, jobs.

Declarations only: a body loads, calls the pure core and returns counts. Keep out: rules about data (``schemas``,
``jos_pipeline``) and files or SQL (``resources``). No metadata may hold a value of a delivery.
"""

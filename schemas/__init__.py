"""What data looks like: columns, contracts, code lists, findings and warehouse tables.

Put here every fact about the shape of data, once. Keep out: Dagster, reading or writing anything, and
what the monitor does with the data (that is ``jos_pipeline``).
"""

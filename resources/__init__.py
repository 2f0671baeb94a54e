"""The outside world: inbox, lake, warehouse and keys, each a plain class with a thin Dagster resource around it.

Put here whatever touches files, databases or secrets. Keep out: what the data means (``jos_pipeline``) and when
it runs (``assets``).
"""

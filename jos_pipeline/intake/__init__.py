"""From the bytes of a delivery to a verdict: reading, values, file names and the gate.

Put here what is needed to understand one file. Keep out: what happens to a delivery after its verdict (ledger,
linking) and every way in which files arrive (``resources``).
"""

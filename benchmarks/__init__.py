"""Measurements, as ratios within one run on the same data; never timed tests."""

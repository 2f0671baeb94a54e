"""Exports with names and codes of their own: what a mapping says, whether it fits, what it does, and a first one.

Put here what comes between a raw export and ``jos_pipeline.prepare``; a known format is a file in ``known``.
"""

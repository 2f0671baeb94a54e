"""Files as they really arrive, or as someone with bad intentions would send them, each with the verdict it must get.

``seed`` says what a seed is and how files are built; the other modules hold the lists by subject. No file is stored:
every one is built from valid records, so a change of contract changes the seeds with it.
"""

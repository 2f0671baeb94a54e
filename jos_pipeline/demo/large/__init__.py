"""An installation of the size of a province or of the whole country, for who wants to see what size does.

``write_large`` is what others use. ``sizes`` says how large, ``places`` makes the region and its files, ``rows`` draws
what is so (whole columns at a time: a million pupils take seconds), ``deliveries`` cuts it up into what each supplier
sends, ``spelling`` writes that as suppliers do and ``planted`` puts errors in and keeps the account.
"""

from jos_pipeline.demo.large.sizes import SIZES, Size
from jos_pipeline.demo.large.write import REGION, write_large

__all__ = ["REGION", "SIZES", "Size", "write_large"]

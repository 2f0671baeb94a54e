"""Expectations about deliveries as a whole and over time (design, division of labour).

Counting comes first: functions from frames to measures (``deliveries``, ``linked``, ``combinations``,
``publication``), which hold no value of a person. Then Great Expectations judges the measures (``judge``), and
``page`` tells it. Rules about single rows are pandera's (``schemas.contracts``); none stands twice.
"""

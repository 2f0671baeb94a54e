"""The spiegelrapport: what was read from a supplier, told back so that it can say whether that is right.

Counts are exact, also small ones: they are the supplier's own records, and a mirror goes to that supplier only. Never
shown: a pseudonym, the number of a traject, tlv or melding, a code of a person, free text. Only values that come from
a list (schools, gemeenten, teams, codes, marks) are named.
"""

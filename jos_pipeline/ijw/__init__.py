"""iJw 3.2 messages of a gemeente and its aanbieders: from XML to the deliveries jeugdhulp and wachttijden.

``messages`` says what the standard allows, ``reading`` opens a file safely, ``checking`` holds it against the
standard, ``records`` combines messages into what happened, ``to_rows`` writes that as rows of a delivery, and
``preparing`` is the whole of it for ``jos prepare``.
"""

"""The report for policy makers: a page model made from published figures only, and how it becomes HTML.

``published`` reads the public tables, ``pages`` makes the ``model`` of them with ``figures``, ``html`` renders it with
``charts``, ``pdf`` with typst, ``rendered`` with both. What people read stands in ``themes`` and ``texts``.
"""

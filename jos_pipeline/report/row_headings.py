"""The row headings of the tables of a document, which its printer cannot tag yet; nothing that is seen changes.

Typst tags the cells of a header row as headings of their columns. Headings of rows it only tags with an experimental
option that its library does not pass on, so they are set here in what typst has written: the first cell of every row
of a table is its heading, as ``model.Table`` says. Goes when typst can do it.
"""

import io
from typing import cast

import pikepdf
from pikepdf import Array, Dictionary, Name, NameTree, Object

COLUMN, ROW = Name.Column, Name.Row


def tagged(document: bytes) -> bytes:
    """The same document with a heading for every row of its tables; the same bytes give the same bytes.

    Each row heading gets an identifier, and each other cell of its row names it beside the heading of its column
    (ISO 32000-1, 14.8.5.7). It is also written more tightly than typst does: a third of the size.
    """
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as opened:
        tree = opened.Root.StructTreeRoot
        names = NameTree(tree.IDTree) if Name.IDTree in tree else None
        for number, table in enumerate(_below(tree, Name.Table)):
            for at, row in enumerate(_below(table, Name.TR)):
                first, *others = _kids(row)
                if first.S != Name.TD or names is None:  # the header row
                    continue
                told = f"R{number}y{at}"
                first.S = Name.TH
                first.ID = pikepdf.String(told)
                _attributes(first).Scope = ROW
                names[told] = first
                for cell in others:
                    _attributes(cell).Headers.append(pikepdf.String(told))
        opened.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _attributes(cell: Object) -> Object:
    """What a cell says of itself as part of a table. Raises StopIteration where typst wrote nothing of it."""
    return next(one for one in cast("list[Object]", list(cell.A)) if Name.Table == one.O)


def _kids(node: Object) -> list[Object]:
    """The elements right below an element; the marks of what is on the page are none."""
    inside = node.get(Name.K)
    several = list(inside) if isinstance(inside, Array) else [inside]
    return [one for one in several if isinstance(one, Dictionary) and Name.S in one]


def _below(node: Object, kind: Name) -> list[Object]:
    """All elements of a kind below an element, in the order in which they are read; none inside another."""
    found: list[Object] = []
    for kid in _kids(node):
        found += [kid] if kind == kid.S else _below(kid, kind)
    return found

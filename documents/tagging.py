"""What text on a page is to a screen reader: headings, paragraphs, tables with their cells.

PDF keeps this as a tree of elements whose leaves are marked pieces of the pages (ISO 32000-1,
14.7 and 14.8). The library writes pages but no such tree, so it is added here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from reportlab.pdfbase.pdfdoc import (
    PDFArray,
    PDFDictionary,
    PDFName,
    PDFObject,
    PDFObjectReference,
    PDFString,
)


@dataclass(eq=False, slots=True)
class Element:
    """A part of the document; ``kind`` is one of PDF's standard types such as ``P`` or ``TD``."""

    kind: str
    parent: Element | None = None
    alternative: str = ""
    scope: str = ""
    kids: list[Element | tuple[int, int]] = field(default_factory=list)

    def add(self, kind: str, *, alternative: str = "", scope: str = "") -> Element:
        """A new last child."""
        child = Element(kind, self, alternative, scope)
        self.kids.append(child)
        return child


class _Node(PDFObject):  # type: ignore[misc]  # the library has no types
    """An element as the file has it; its leaves name their pages by reference."""

    def __init__(self, element: Element, tree: _Tree) -> None:
        self.element = element
        self.tree = tree

    def format(self, document: Any) -> bytes:
        element, tree = self.element, self.tree
        kids = " ".join(tree.kid(document, kid) for kid in element.kids)
        parts = [
            f"/Type/StructElem/S/{element.kind}/P {tree.parent_of(document, element)}/K[{kids}]"
        ]
        if element.alternative:
            text = PDFString(element.alternative).format(document)
            parts.append(f"/Alt {text.decode('latin-1')}")
        if element.scope:
            parts.append(f"/A<</O/Table/Scope/{element.scope}>>")
        return f"<<{''.join(parts)}>>".encode("latin-1")


class _Tree:
    def __init__(self, document: Any, root: Element) -> None:
        self.names: dict[int, str] = {}
        for number, element in enumerate(_walk(root)):
            name = f"School.element.{number}"
            self.names[id(element)] = name
            document.Reference(_Node(element, self), name)

    def reference(self, document: Any, element: Element) -> str:
        return _referred(document, self.names[id(element)])

    def parent_of(self, document: Any, element: Element) -> str:
        if element.parent is None:
            return _referred(document, ROOT)
        return self.reference(document, element.parent)

    def kid(self, document: Any, kid: Element | tuple[int, int]) -> str:
        if isinstance(kid, Element):
            return self.reference(document, kid)
        page, mark = kid
        return f"<</Type/MCR/Pg {_referred(document, f'Page{page + 1}')}/MCID {mark}>>"


ROOT = "School.structure"


def _referred(document: Any, name: str) -> str:
    text: bytes | str = PDFObjectReference(name).format(document)
    return text.decode("latin-1") if isinstance(text, bytes) else text


def _walk(element: Element) -> Iterator[Element]:
    yield element
    for kid in element.kids:
        if isinstance(kid, Element):
            yield from _walk(kid)


def write_tree(canvas: Any, root: Element, pages: int) -> None:
    """Add the tree under ``root`` to a canvas whose ``pages`` are all drawn."""
    document = canvas._doc
    tree = _Tree(document, root)
    by_page: list[dict[int, Element]] = [{} for _ in range(pages)]
    for element in _walk(root):
        for kid in element.kids:
            if not isinstance(kid, Element):
                by_page[kid[0]][kid[1]] = element
    numbers: list[Any] = []
    for page, marks in enumerate(by_page):
        owners = [PDFObjectReference(tree.names[id(marks[mark])]) for mark in range(len(marks))]
        numbers += [page, PDFArray(owners)]
    structure = PDFDictionary(
        {
            "Type": PDFName("StructTreeRoot"),
            "K": PDFObjectReference(tree.names[id(root)]),
            "ParentTree": PDFDictionary({"Nums": PDFArray(numbers)}),
        }
    )
    canvas.setCatalogEntry("StructTreeRoot", document.Reference(structure, ROOT))
    canvas.setCatalogEntry("MarkInfo", PDFDictionary({"Marked": "true"}))

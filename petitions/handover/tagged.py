"""A PDF whose parts say what they are, for whoever has it read aloud.

It is made as PDF/UA asks (ISO 14289-1): all content has a tag or is decoration, tables
have rows and headers, and the file says its title and its language.

fpdf2 itself tags pictures alone. What PDF calls marked content it can write for any
kind of part, though only one after the other. `_Tree` adds groups around parts.
"""

import unicodedata
from collections import Counter
from contextlib import contextmanager
from xml.sax.saxutils import escape

from fpdf import FPDF
from fpdf.enums import Align, XPos
from fpdf.prefs import ViewerPreferences
from fpdf.structure_tree import StructElem, StructureTreeBuilder

_METADATA = """\
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/">
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<pdfuaid:part>1</pdfuaid:part>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


class _Group(StructElem):
    """Parts of one page that belong together, such as a table or its row."""

    @property
    def pg(self):
        return None

    @pg.setter
    def pg(self, page):
        """The library sets the page of what stands in the document itself."""
        for part in self.k if page else ():
            part.pg = page


class _RowHeader(_Group):
    """What the other cells of its row are about."""

    a = "<</O /Table /Scope /Row>>"


class _Tree(StructureTreeBuilder):
    def __init__(self):
        super().__init__()
        self._open = [self.doc_struct_elem]

    def open(self, kind, page_number):
        parent = self._open[-1]
        made = _RowHeader if kind == "TH" else _Group
        self._open.append(made(f"/{kind}", parent, [], page_number))
        parent.k.append(self._open[-1])

    def close(self):
        self._open.pop()

    def add_marked_content(self, page_number, struct_type, mcid=None, **about):
        """As the library does it, but within the group that is open."""
        made, number = super().add_marked_content(
            page_number, struct_type, mcid, **about
        )
        if (parent := self._open[-1]) is not self.doc_struct_elem:
            self.doc_struct_elem.k.pop()
            made.p = parent
            parent.k.append(made)
        return made, number

    def __iter__(self):
        yield self.struct_tree_root
        yield self.doc_struct_elem
        yield self.struct_tree_root.parent_tree
        yield from _below(self.doc_struct_elem)


def _below(element):
    for part in element.k:
        if isinstance(part, StructElem):
            yield part
            yield from _below(part)


class TaggedPDF(FPDF):
    # In a language from right to left, a page is the mirror of what it would be: a
    # cell, line or picture stands as far from the right as it is told to from the left.
    runs_from_right = False

    def __init__(self, **options):
        super().__init__(**options)
        self._parts, self._kind = Counter(), ""
        self.struct_builder = _Tree()
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

    def set_title(self, title):
        super().set_title(title)
        self.set_xmp_metadata(_METADATA.format(title=escape(title)))

    def cell(self, w=None, h=None, text="", *, align=Align.L, new_x=XPos.RIGHT, **how):
        """Write one line into a box; where the next one begins is not mirrored."""
        if not self.runs_from_right:
            return super().cell(w, h, text, align=align, new_x=new_x, **how)
        end = self.x + w
        self.set_x(self._across(self.x, w))
        align = Align.L if align == Align.R else Align.R
        broke = super().cell(w, h, text, align=align, new_x=new_x, **how)
        if new_x == XPos.RIGHT:
            self.set_x(end)
        return broke

    def line(self, x1, y1, x2, y2):
        super().line(self._across(x1), y1, self._across(x2), y2)

    def _across(self, x, width=0):
        return self.w - x - width if self.runs_from_right else x

    @contextmanager
    def group(self, kind):
        """What is written within belongs together: a "Table", a row ("TR"), or a cell.

        A cell is "TH", the header of its row, or "TD". A group stands on one page.
        """
        self.end_part()
        self.struct_builder.open(kind, self.page)
        yield
        self.end_part()
        self.struct_builder.close()

    def begin_part(self, kind, *, says=None):
        """What is written from here on is a heading ("H1"), a paragraph ("P") or so.

        `says` tells what a picture shows. A part ends before the next one begins. If
        the library breaks the page within a part, another of its kind begins after
        the break.
        """
        self.end_part()
        number = self._parts[self.page]
        self._parts[self.page] += 1
        self._add_marked_content(struct_type=f"/{kind}", mcid=number, alt_text=says)
        self._out(f"/{kind} <</MCID {number}>> BDC")
        self._kind = kind

    def end_part(self):
        """End the part that has begun, if there is one."""
        if self._kind:
            self._out("EMC")
            self._kind = ""

    def go_on(self, kind):
        """Begin a part of this kind, unless one has begun."""
        if not self._kind:
            self.begin_part(kind)

    def _perform_page_break(self):
        kind = self._kind
        self.end_part()
        super()._perform_page_break()
        if kind:
            self.begin_part(kind)

    @contextmanager
    def part(self, kind, *, says=None):
        self.begin_part(kind, says=says)
        yield
        self.end_part()

    def figure(self, image, sides, at, box, *, says):
        """A picture with these sides, as large as the box; returns where it ends.

        Without words for those who do not see it, there is no picture.
        """
        if not says.strip():
            raise ValueError("This picture says nothing to people who cannot see it.")
        scale = min(room / side for room, side in zip(box, sides, strict=True))
        width, height = (side * scale for side in sides)
        x, y = self._across(at[0], width), at[1]
        with self.part("Figure", says=says):
            self.image(image, x, y, width, height)
        return at[1] + height

    @contextmanager
    def decoration(self):
        """Lines, and what stands on each page: nobody needs to hear it."""
        self.end_part()
        self._out("/Artifact BMC")
        yield
        self._out("EMC")


def is_shaped(text):
    """Whether letters join or run from right to left, as in Arabic and Hebrew."""
    return not text.isascii() and any(
        unicodedata.bidirectional(c) in ("R", "AL") for c in text
    )

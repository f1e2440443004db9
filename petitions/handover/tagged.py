"""A PDF whose parts say what they are, for whoever has it read aloud.

fpdf2 itself tags pictures alone. What PDF calls marked content and the structure tree
it can write for any kind of part, though only one after the other, with none inside
another: a row of a table is a paragraph here.
"""

from collections import Counter
from contextlib import contextmanager

from fpdf import FPDF
from fpdf.prefs import ViewerPreferences


class TaggedPDF(FPDF):
    def __init__(self, **options):
        super().__init__(**options)
        self._parts, self._kind = Counter(), ""
        self.viewer_preferences = ViewerPreferences(display_doc_title=True)

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
        """A picture with these sides, as large as the box; returns where it ends."""
        scale = min(room / side for room, side in zip(box, sides, strict=True))
        width, height = (side * scale for side in sides)
        with self.part("Figure", says=says):
            self.image(image, *at, width, height)
        return at[1] + height

    @contextmanager
    def decoration(self):
        """Lines, and what stands on each page: nobody needs to hear it."""
        self.end_part()
        self._out("/Artifact BMC")
        yield
        self._out("EMC")

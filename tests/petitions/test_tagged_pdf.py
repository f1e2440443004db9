"""What the officials' PDF is made with: each part has its tag, on each of its pages."""

import io
import re

from pypdf import PdfReader

from petitions.handover.tagged import TaggedPDF


class WithFooter(TaggedPDF):
    def footer(self):
        with self.decoration():
            self.set_y(-15)
            self.cell(text="a page")


def marks_of(page):
    """B where a part begins, E where it ends, and T for each text."""
    content = page.get_contents().get_data()
    found = re.findall(rb"\b(?:BDC|BMC|EMC|Tj|TJ)\b", content)
    return b"".join(mark[:1] for mark in found).decode()


def test_a_part_that_the_library_breaks_goes_on_as_a_part_on_the_next_page():
    pdf = WithFooter()
    pdf.set_font("Helvetica")
    pdf.add_page()
    with pdf.part("P"):
        pdf.multi_cell(0, text="They live here. " * 800)

    read = PdfReader(io.BytesIO(pdf.output()))

    assert len(read.pages) > 1
    for page in read.pages:
        assert re.fullmatch("(BT+E)+", marks_of(page))
    [document] = read.trailer["/Root"]["/StructTreeRoot"]["/K"]
    kinds = [part.get_object()["/S"] for part in document.get_object()["/K"]]
    assert kinds == ["/P"] * len(read.pages)

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


def read_tree(element):
    """The kinds of an element's parts, each with what is in it."""
    kids = element["/K"] if isinstance(element["/K"], list) else [element["/K"]]
    found = (kid.get_object() for kid in kids if not isinstance(kid, int))
    return [(kid["/S"], *read_tree(kid)) for kid in found]


def test_a_table_has_rows_whose_words_are_the_headers_of_their_numbers():
    pdf = TaggedPDF()
    pdf.set_font("Helvetica")
    pdf.add_page()
    with pdf.group("Table"), pdf.group("TR"):
        for cell in ("TH", "TD"):
            with pdf.group(cell), pdf.part("P"):
                pdf.cell(text=cell)
    with pdf.part("P"):
        pdf.cell(text="After the table")

    read = PdfReader(io.BytesIO(pdf.output()))

    [document] = read.trailer["/Root"]["/StructTreeRoot"]["/K"]
    [table, after] = read_tree(document.get_object())
    row = ("/TR", ("/TH", ("/P",)), ("/TD", ("/P",)))
    assert (table, after) == (("/Table", row), ("/P",))
    found = document.get_object()["/K"][0].get_object()["/K"][0].get_object()
    header, number = (cell.get_object() for cell in found["/K"])
    assert header["/A"]["/Scope"] == "/Row"
    for cell in (header, number):  # the page on which its words stand
        [part] = cell["/K"]
        page = part.get_object().raw_get("/Pg")
        assert page == read.pages[0].indirect_reference


def test_the_file_says_its_title_and_what_it_keeps_to():
    pdf = TaggedPDF()
    pdf.add_page()
    pdf.set_title("Foxes & <otters>")

    read = PdfReader(io.BytesIO(pdf.output()))

    assert read.xmp_metadata.dc_title == {"x-default": "Foxes & <otters>"}
    assert "<pdfuaid:part>1<" in read.xmp_metadata.stream.get_data().decode()
    assert read.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]

"""What a PDF says and where, as its readers find it."""

from pypdf.generic import ContentStream


def elements_of(element):
    """All that stand in an element of the file's structure, in their order."""
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        each = kid.get_object()
        if hasattr(each, "get") and "/S" in each:
            yield each
            yield from elements_of(each)


def beginnings(page):
    """How far from the left each text of a page begins, in points."""
    found = []

    def note(text, page_matrix, text_matrix, *_font):
        if text.strip():
            a, _b, c, _d, e, _f = page_matrix
            found.append(text_matrix[4] * a + text_matrix[5] * c + e)

    page.extract_text(visitor_text=note)
    return found


def drawing(page):
    """The operators of a page, each with what it is given."""
    return ContentStream(page.get_contents(), page.pdf).operations

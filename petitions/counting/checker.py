"""The chain of a count as files that anybody can check, with or without this site."""

import re
from itertools import batched

from django.conf import settings
from django.template.loader import render_to_string

HEADER = "number,delta,commitment,link\n"
_SCRIPT = settings.ROOT / "static/js/chain.js"


def csv_lines(links):
    """The links as lines of CSV after one of names, with hashes in hexadecimal."""
    yield HEADER
    for some in batched(links, 1000):
        yield "".join(
            f"{row.number},{row.delta:+d},"
            f"{bytes(row.commitment).hex()},{bytes(row.link).hex()}\n"
            for row in some
        )


def all_csv_lines(petition):
    """The whole chain of a petition, read piece by piece."""
    links = petition.links.order_by("number")
    return csv_lines(links.iterator(chunk_size=5000))


def hexadecimal(link):
    """A link's number and hash, in the form that people copy."""
    return {"number": link.number, "link": bytes(link.link).hex()}


def offline_page(petition, end):
    """A page in one file that checks the chain up to this link without a network."""
    # A script inside a page cannot be imported as a module, so it must not export.
    script = re.sub(r"^export ", "", _SCRIPT.read_text(encoding="utf-8"), flags=re.M)
    context = {"petition": petition, "end": end, "script": script}
    return render_to_string("downloads/check.html", context)

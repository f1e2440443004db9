"""Puts a report into README.md, between its two marks."""

import sys
from pathlib import Path

README = Path(__file__).resolve().parent / "README.md"


def write_between(name, text):
    """Whatever stands around `<!-- name: begin -->` and `<!-- name: end -->` stays."""
    begin, end = f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"
    before, _begin, rest = README.read_text().partition(begin)
    _old, found, after = rest.partition(end)
    if not found:
        sys.exit(f"{README} has no place for this: {begin}{end}")
    README.write_text(f"{before}{begin}\n{text}\n\n{end}{after}")

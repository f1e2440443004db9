"""One letter in two languages, to be read line by line."""

import re
from itertools import zip_longest

from letters.suggested.placeholders import paragraphs

# After the end of a sentence, as Latin, Arabic and Chinese scripts write it.
_SENTENCES = re.compile(r"(?<=[.!?…؟])[\"'”’»)\]]*\s+|(?<=[。！？])(?![」』）])")
# A dot that ends none: “Dr. Kim”, “U.S. cities”, “am 2. November”.
_ABBREVIATED = re.compile(
    r"\b(?:[A-Z]|Mrs?|Ms|Mme|Dr|Prof|Sen|Rep|Gov|Hon|Rev|St|No|Nr|Sra?|\d{1,2})\.$"
)


def side_by_side(left, right):
    """Pairs of what says the same: sentences, or else paragraphs, or else all of it.

    Sentences where a paragraph has as many in both; where the texts differ in their
    paragraphs, these stand in their order, and what is left over stands alone.
    """
    ours, theirs = paragraphs(left), paragraphs(right)
    if len(ours) != len(theirs):
        return list(zip_longest(ours, theirs, fillvalue=""))
    pairs = []
    for one, other in zip(ours, theirs, strict=True):
        mine, its = sentences_in(one), sentences_in(other)
        pairs += (
            zip(mine, its, strict=True) if len(mine) == len(its) else [(one, other)]
        )
    return pairs


def sentences_in(paragraph):
    """Its sentences, each with the marks that end it."""
    ends = [
        match.end()
        for match in _SENTENCES.finditer(paragraph)
        if not _ABBREVIATED.search(paragraph[: match.start()][-8:])
    ]
    cuts = zip([0, *ends], [*ends, len(paragraph)], strict=True)
    return [piece for start, end in cuts if (piece := paragraph[start:end].strip())]

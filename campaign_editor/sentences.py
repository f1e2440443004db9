"""The sentences of a text, as Latin, Arabic and Chinese scripts write them."""

import re

# After the end of a sentence.
_SENTENCES = re.compile(r"(?<=[.!?…؟])[\"'”’»)\]]*\s+|(?<=[。！？])(?![」』）])")
# A dot that ends none: “Dr. Kim”, “U.S. cities”, “am 2. November”.
_ABBREVIATED = re.compile(
    r"\b(?:[A-Z]|Mrs?|Ms|Mme|Dr|Prof|Sen|Rep|Gov|Hon|Rev|St|No|Nr|Sra?|\d{1,2})\.$"
)


def sentences_in(paragraph):
    """Its sentences, each with the marks that end it."""
    ends = [
        match.end()
        for match in _SENTENCES.finditer(paragraph)
        if not _ABBREVIATED.search(paragraph[: match.start()][-8:])
    ]
    cuts = zip([0, *ends], [*ends, len(paragraph)], strict=True)
    return [piece for start, end in cuts if (piece := paragraph[start:end].strip())]

"""Contrast as WCAG counts it, and a group's colours in the place of the design's."""

import pytest

from branding import colours
from branding.colours import contrast, designed, palette

# Text and ground that the design relies on, in both schemes and on the night.
READ = [
    *((ink, ground) for ink in ("text", "text_soft") for ground in ("page", "surface")),
    *(("text", ground) for ground in ("tint", "tint_strong")),
    *(("link", ground) for ground in ("page", "surface", "tint", "tint_strong")),
    *(("on_night", night) for night in ("night", "night_950", "night_800")),
    ("on_night_soft", "night"),
    *(("light", night) for night in ("night", "night_800")),
    ("on_accent", "accent"),
    ("on_accent", "accent_hover"),
    ("night:on_accent", "night:accent"),
    ("on_mark", "mark"),
    ("on_strong", "strong_bg"),
    ("sheet_text", "sheet"),
]
SEEN = [("accent_edge", "surface"), ("line_strong", "page"), ("night:accent", "night")]


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        # Of WCAG's own techniques and explanations, to two digits.
        ("#777777", "#ffffff", 4.47),
        ("#767676", "#ffffff", 4.54),
        ("#0000ff", "#ffffff", 8.59),
        ("#ff0000", "#ffffff", 3.99),
        ("#00ff00", "#ffffff", 1.37),
    ],
)
def test_contrast_is_what_wcag_says(one, other, ratio):
    assert int(contrast(one, other) * 100) / 100 == ratio
    assert contrast(one, other) == contrast(other, one)


def test_without_a_choice_every_colour_is_the_designed_one():
    for scheme, tokens in palette().items():
        assert {k: v for k, v in tokens.items() if ":" not in k} == designed()[scheme]


@pytest.mark.parametrize(
    ("primary", "accent"),
    [
        ("#14532d", "#14532d"),
        ("#7a1fa2", "#ffeb3b"),
        ("#000000", "#000000"),
        ("#8a1c1c", "#ffffff"),
        ("#0b3d91", "#c2185b"),
        ("", "#1e6b52"),
    ],
)
def test_whatever_passes_leaves_every_pair_readable(primary, accent):
    assert [f for f in colours.contrasts(primary, accent) if not f.passes] == []
    for tokens in palette(primary, accent).values():
        for one, other in READ:
            assert contrast(tokens[one], tokens[other]) >= 4.5, (one, other)
        for one, other in SEEN:
            assert contrast(tokens[one], tokens[other]) >= 3, (one, other)


@pytest.mark.parametrize(
    ("chosen", "field", "use"),
    [
        ({"primary": "#ffc145"}, "primary", "link"),
        ({"primary_dark": "#14532d"}, "primary_dark", "link"),
        ({"accent": "#6b8187"}, "accent", "button"),
        ({"accent_dark": "#0b222b"}, "accent_dark", "shape"),
    ],
)
def test_a_colour_that_fails_is_found_and_the_nearest_one_passes(chosen, field, use):
    [found] = [f for f in colours.contrasts(**chosen) if not f.passes]

    assert (found.field, found.use) == (field, use)
    mended = colours.contrasts(**{**chosen, field: found.nearest})
    assert all(figure.passes for figure in mended)

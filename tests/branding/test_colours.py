"""Contrast as WCAG counts it, and a group's colours in the place of the design's."""

import pytest
from django.conf import settings

from branding import colours
from branding.colours import contrast, plain

PAIRS = [
    ("", ""),
    ("#14532d", "#14532d"),
    ("#7a1fa2", "#ffeb3b"),
    ("#000000", "#000000"),
    ("#8a1c1c", "#ffffff"),
    ("#0b3d91", "#c2185b"),
    ("#0000ff", "#00ff00"),
    ("", "#1e6b52"),
]


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


def test_what_mails_and_pictures_have_without_a_choice_is_the_design():
    css = (settings.ROOT / "static/css/tokens.css").read_text("utf-8")
    light, _, dark = css.partition("prefers-color-scheme: dark")
    names = {"primary": "link", "accent": "light", "on_accent": "on-accent"}
    names |= {"night": "night-900", "night_bright": "night-700", "ink": "text"}
    names |= {name: name.replace("_", "-") for name in ("light", "ground", "halo_1")}
    names |= {"halo_2": "halo-2"}

    found = plain()

    assert f"--link: {found.pop('primary_in_dark')};" in dark
    for name, colour in found.items():
        assert f"--{names[name]}: {colour};" in light, name
    assert f"--tint-strong: {colours.DARKEST_IN_LIGHT};" in light
    assert f"--tint-strong: {colours.PALEST_IN_DARK};" in dark
    assert f"--night-800: {colours.BUTTONS_ON_NIGHT};" in light


@pytest.mark.parametrize(("primary", "accent"), PAIRS)
def test_mails_and_paper_can_be_read_in_whatever_passes(primary, accent):
    assert [one for one in colours.contrasts(primary, accent) if not one.passes] == []
    made = plain(primary, accent)

    for one, other in [
        ("#ffffff", made["night"]),
        ("#ffffff", made["night_bright"]),
        (made["primary"], "#f1f5f5"),
        (made["primary_in_dark"], "#14282f"),
        (made["on_accent"], made["accent"]),
        (made["ink"], made["light"]),
        (made["light"], made["night"]),
    ]:
        assert contrast(one, other) >= 4.5, (one, other)


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        ({"primary": "#ffc145"}, "primary"),
        ({"accent": "#6b8187"}, "accent"),
        ({"accent": "#d9480f"}, "accent"),
    ],
)
def test_a_colour_that_fails_is_found_and_the_nearest_one_passes(chosen, field):
    [found] = [one for one in colours.contrasts(**chosen) if not one.passes]

    assert found.field == field
    mended = colours.contrasts(**{field: found.nearest})
    assert all(one.passes for one in mended)

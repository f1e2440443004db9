"""The site's colours: a group chooses two, and CSS makes the others of these.

The primary colour is that of links, and tints the neutrals and the dark bands. The
accent is that of buttons. templates/branding/colours.css makes the tokens of
static/css/tokens.css of them (decision 27). What CSS does not do stands here: whether a
colour can be read (WCAG 2.2), and colours for mails, pictures and paper.
"""

import colorsys
from functools import lru_cache
from typing import NamedTuple

from django.template.loader import render_to_string

TEXT_CONTRAST = 4.5  # WCAG 2.2: 1.4.3, level AA
AT_EASE = 7  # of a colour that we choose ourselves
BLACK, WHITE = "#000000", "#ffffff"
# As in tokens.css. Links stand at most on --tint-strong, light or dark.
PRIMARY, ACCENT, INK = "#0b5969", "#ffc145", "#10262d"
PRIMARY_IN_DARK = "#8fd6e2"
PALEST_IN_DARK, DARKEST_IN_LIGHT = "#1c353e", "#e3ebec"
BUTTONS_ON_NIGHT = "#0f2d38"
_STEPS = 200
NIGHT = {
    "night": "#0b222b",
    "night_bright": "#16414e",
    "ground": "#061419",
    "halo_1": "#16414e",
    "halo_2": "#102f3a",
}


class Contrast(NamedTuple):
    """A chosen colour, and the ground or ink that it must be told from."""

    field: str
    colour: str
    other: str

    @property
    def ratio(self):
        return contrast(self.colour, self.other)

    @property
    def passes(self):
        return self.ratio >= TEXT_CONTRAST

    @property
    def nearest(self):
        """The first colour that passes on the way to black, or else to white."""
        end = BLACK if luminance(self.other) > 0.5 else WHITE
        return _towards(end, self.colour, self.other, TEXT_CONTRAST)


def contrasts(primary="", accent=""):
    """A Contrast for each of the two colours; an empty one is the designed one."""
    primary, accent = primary or PRIMARY, accent or ACCENT
    return [
        Contrast("primary", primary, DARKEST_IN_LIGHT),
        Contrast("accent", accent, ink_on(accent)),
    ]


def luminance(colour):
    """The relative luminance of #rrggbb (WCAG 2.2): 0 for black, 1 for white."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (part / 255 for part in rgb(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """The contrast ratio of two colours (WCAG 2.2): from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def rgb(colour):
    """Red, green and blue, from 0 to 255."""
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def ink_on(colour):
    """The ink that reads better on a button of this colour: the dark one, or white."""
    return max(INK, WHITE, key=lambda ink: contrast(ink, colour))


@lru_cache(maxsize=100)
def plain(primary="", accent=""):
    """The colours of mails, pictures and paper, which know no functions of CSS.

    On dark grounds, `primary_in_dark` is for links and `light` for buttons, whose ink
    is always the dark one.
    """
    accent = accent or ACCENT
    tinted = {
        name: _towards(BLACK, primary, WHITE, contrast(designed, WHITE))
        for name, designed in (NIGHT.items() if primary else ())
    }
    if primary:
        tinted["primary_in_dark"] = _towards(WHITE, primary, PALEST_IN_DARK, AT_EASE)
    return {
        "primary": primary or PRIMARY,
        "primary_in_dark": PRIMARY_IN_DARK,
        "accent": accent,
        "on_accent": ink_on(accent),
        "light": _towards(WHITE, accent, BUTTONS_ON_NIGHT, TEXT_CONTRAST + 0.5),
        "ink": INK,
        **NIGHT,
        **tinted,
    }


def stylesheet(primary="", accent=""):
    """The tokens of both schemes, for a stylesheet that is linked after the others."""
    return render_to_string("branding/colours.css", plain(primary, accent))


def _towards(end, colour, other, least):
    """The first colour of this hue with this contrast, on the way to black or white."""
    hue, light, full = colorsys.rgb_to_hls(*(part / 255 for part in rgb(colour)))
    for step in range(_STEPS + 1):
        lightness = light + ((end == WHITE) - light) * step / _STEPS
        parts = colorsys.hls_to_rgb(hue, lightness, full)
        near = "#" + "".join(f"{round(part * 255):02x}" for part in parts)
        if contrast(near, other) >= least:
            break
    return near

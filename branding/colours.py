"""The site's colours: the design's in a group's own hues, as readable as designed.

A group chooses two colours. One is for links, and tints the dark scheme and all
neutrals. The other is for buttons. All other tokens of static/css/tokens.css follow
from these. WCAG measures contrast by luminance alone, so a token that takes another hue
and keeps its luminance keeps every contrast that it was designed with (decision 27).
"""

import colorsys
import re
from functools import cache, lru_cache
from typing import NamedTuple

from django.conf import settings

TEXT_CONTRAST, SHAPE_CONTRAST = 4.5, 3  # WCAG 2.2: 1.4.3 and 1.4.11, level AA
AT_EASE = 7  # of a colour that we choose ourselves
WHITE = "#ffffff"
# Colours that stay as designed, since red and green mean something.
STATES = {"danger", "danger_tint", "success", "success_tint", "on_success"}
# Colours with the hue of the buttons; all others take the hue of the links.
OF_ACCENT = {
    *("light", "light_deep", "accent", "accent_edge", "accent_hover", "on_accent"),
    *("mark", "scene_window", "focus_halo", "check_edge"),
}
ON_NIGHT = ".hero, .opening, .thanks, .band-night, .site-footer"
_STEPS = 400


def luminance(colour):
    """The relative luminance of #rrggbb (WCAG 2.2): 0 for black, 1 for white."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in _parts(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """The contrast ratio of two colours (WCAG 2.2): from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def rgb(colour):
    """Red, green and blue, from 0 to 255."""
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def worst(colour, *grounds):
    """The one of these grounds on which the colour stands out least."""
    return min(grounds, key=lambda ground: contrast(colour, ground))


def nearest(colour, passes):
    """The colour that passes, of the same hue and with the nearest lightness."""
    hue, light, full = colorsys.rgb_to_hls(*_parts(colour))
    for step in range(_STEPS + 1):
        for lightness in (light - step / _STEPS, light + step / _STEPS):
            if 0 <= lightness <= 1:
                near = _hex(colorsys.hls_to_rgb(hue, lightness, full))
                if passes(near):
                    return near
    return None


def readable_on(*grounds, least=TEXT_CONTRAST):
    """A test for nearest(): whether a colour has this contrast to all these grounds."""
    return lambda colour: all(contrast(colour, ground) >= least for ground in grounds)


def ink_on(colour, dark):
    """The ink that reads better on a button of this colour: the dark one, or white."""
    return max(dark, WHITE, key=lambda ink: contrast(ink, colour))


def tinted(designed, colour):
    """A designed colour in another hue, as light as before, and no more colourful."""
    hue, _light, full = colorsys.rgb_to_hls(*_parts(colour))
    full = min(full, colorsys.rgb_to_hls(*_parts(designed))[2])
    aim, low, high = luminance(designed), 0.0, 1.0
    for _ in range(20):
        middle = (low + high) / 2
        made = _hex(colorsys.hls_to_rgb(hue, middle, full))
        low, high = (middle, high) if luminance(made) < aim else (low, middle)
    ends = [_hex(colorsys.hls_to_rgb(hue, end, full)) for end in (low, high)]
    return min(ends, key=lambda end: abs(luminance(end) - aim))


@cache
def designed():
    """The colours of tokens.css by scheme and name, with _ for -: {"light": {…}, …}"""
    css = (settings.ROOT / "static/css/tokens.css").read_text("utf-8")
    css = css.partition("/* On the night")[0]
    light, _, dark = css.partition("prefers-color-scheme: dark")
    schemes = {"light": _hexes(light)}
    schemes["dark"] = schemes["light"] | _hexes(dark)
    for tokens in schemes.values():  # tokens that tokens.css defines by another one
        tokens["accent"] = tokens["light"]
        tokens["night"] = tokens.get("night", tokens["night_900"])
        tokens["strong_bg"] = tokens.get("strong_bg", tokens["night_800"])
    schemes["light"]["check_edge"] = schemes["light"]["on_accent"]
    schemes["dark"]["check_edge"] = schemes["dark"]["accent"]
    return schemes


# Chosen colours take 60 ms; without a cache, a reader would wait for them in each
# process every ten seconds (database/known.py).
@lru_cache(maxsize=100)
def palette(primary="", accent="", primary_dark="", accent_dark=""):
    """Every colour of both schemes, by the names of tokens.css with _ for -.

    An empty colour stands for the designed one. An empty colour of the dark scheme is
    made from that of the light one.
    """
    light, dark = designed()["light"], designed()["dark"]
    return {
        "light": _scheme(light, primary, accent),
        "dark": _scheme(
            dark,
            primary_dark or (primary and dark_link(primary)),
            accent_dark or (accent and dark_button(accent)),
        ),
    }


def dark_link(primary):
    """The links' colour for the dark scheme, made from that of the light one."""
    grounds = designed()["dark"]["surface"], designed()["dark"]["tint_strong"]
    return nearest(primary, readable_on(*grounds, least=AT_EASE))


def dark_button(accent):
    """The buttons' colour for the dark scheme, made from that of the light one."""
    return nearest(accent, is_button_on(designed()["dark"]["surface"]))


def is_button_on(ground):
    """Whether a colour carries readable text, and shows as a shape on this ground.

    In the light scheme no ground matters, since a button's edge shows it.
    """
    dark = designed()["light"]["on_accent"]

    def passes(colour):
        if contrast(ink_on(colour, dark), colour) < TEXT_CONTRAST:
            return False
        return ground is None or contrast(colour, ground) >= SHAPE_CONTRAST

    return passes


def stylesheet(palette):
    """The tokens of both schemes, for a stylesheet that is linked after tokens.css."""
    light, dark = (_rules(palette[scheme]) for scheme in ("light", "dark"))
    query = "@media screen and (prefers-color-scheme: dark)"
    return f"@layer tokens {{\n{light}{query} {{\n{dark}}}\n}}\n"


def stylesheet_of_staff(palette):
    """The tokens of both schemes for the staff site, on which people choose a scheme.

    It is linked after admin.css, whose color-scheme light-dark() follows.
    """
    light, dark = palette["light"], palette["dark"]
    rules = " ".join(
        f"--{name.replace('_', '-')}: light-dark({light[name]}, {dark[name]});"
        for name in light
        if ":" not in name
    )
    return f":root, html[data-theme] {{ {rules} }}\n"


def stylesheet_within(palette):
    """The tokens of each scheme under a class: .branding-light and .branding-dark."""
    return "".join(
        _rules(tokens, f".branding-{scheme}", f"color-scheme: {scheme}; ")
        for scheme, tokens in palette.items()
    )


class Contrast(NamedTuple):
    """The contrast of one use of a chosen colour, and the least that it should be."""

    field: str
    use: str  # link, button, or shape
    colour: str
    ground: str
    ratio: float
    least: float
    nearest: str | None

    @property
    def passes(self):
        return self.ratio >= self.least


def contrasts(primary="", accent="", primary_dark="", accent_dark=""):
    """A Contrast for each use of these four colours that WCAG has a rule for."""
    found = palette(primary, accent, primary_dark, accent_dark)
    for scheme, end in (("light", ""), ("dark", "_dark")):
        tokens = found[scheme]
        link, button = tokens["link"], tokens["accent"]
        grounds = [tokens[n] for n in ("page", "surface", "tint", "tint_strong")]
        near = nearest(link, readable_on(*grounds))
        yield _contrast(f"primary{end}", "link", link, grounds, near)
        ink = ink_on(button, designed()["light"]["on_accent"])
        surface = tokens["surface"] if end else None
        near = nearest(button, is_button_on(surface))
        yield _contrast(f"accent{end}", "button", button, [ink], near)
        if surface:
            yield _contrast(f"accent{end}", "shape", button, [surface], near)


def _contrast(field, use, colour, grounds, near):
    ground = worst(colour, *grounds)
    least = SHAPE_CONTRAST if use == "shape" else TEXT_CONTRAST
    return Contrast(field, use, colour, ground, contrast(colour, ground), least, near)


def _scheme(designed, primary, accent):
    tokens = dict(designed)
    if primary:
        for name in designed.keys() - STATES - OF_ACCENT:
            tokens[name] = tinted(designed[name], primary)
        tokens["link"] = tokens["chart"] = primary
    if accent:
        tokens |= _accents(designed, tokens, accent)
    return tokens | _accents_on_night(tokens)


def _accents(designed, tokens, accent):
    ink = ink_on(accent, designed["on_accent"])
    shows = readable_on(tokens["tint"], tokens["surface"], least=SHAPE_CONTRAST)
    edge = nearest(_lighter(accent, -0.12), shows)
    is_dark = luminance(tokens["surface"]) < 0.2
    return {
        "accent": accent,
        "on_accent": ink,
        # The colour moves away from its ink, so that the ink stays readable.
        "accent_hover": _lighter(accent, -0.06 if ink == WHITE else 0.06),
        "accent_edge": edge,
        "check_edge": accent if is_dark else tokens["text"],
        "focus_halo": edge if is_dark else accent,
        "light": nearest(accent, readable_on(tokens["night_800"], tokens["night"])),
        "light_deep": edge,
        "mark": tinted(designed["mark"], accent),
        "scene_window": tinted(designed["scene_window"], accent),
    }


def _accents_on_night(tokens):
    """The buttons' colours on the dark bands, where a dark button would not show."""
    names = ("accent", "on_accent", "accent_hover", "accent_edge")
    if contrast(tokens["accent"], tokens["night_800"]) >= SHAPE_CONTRAST:
        return {f"night:{name}": tokens[name] for name in names}
    accent = tokens["light"]
    ink = ink_on(accent, tokens["night"])
    steps = (accent, ink, _lighter(accent, 0.06), _lighter(accent, -0.12))
    return dict(zip((f"night:{name}" for name in names), steps, strict=True))


def _rules(tokens, within=":root", said=""):
    on_night = ""
    for name, colour in tokens.items():
        place, _, own = name.rpartition(":")
        rule = f"--{own.replace('_', '-')}: {colour}; "
        said, on_night = (said, on_night + rule) if place else (said + rule, on_night)
    bands = ON_NIGHT if within == ":root" else f"{within} :is({ON_NIGHT})"
    return f"{within} {{ {said}}}\n{bands} {{ {on_night}}}\n"


def _lighter(colour, by):
    hue, light, full = colorsys.rgb_to_hls(*_parts(colour))
    return _hex(colorsys.hls_to_rgb(hue, min(1, max(0, light + by)), full))


def _hexes(css):
    found = re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css)
    return {name.replace("-", "_"): colour for name, colour in found}


def _parts(colour):
    return [part / 255 for part in rgb(colour)]


def _hex(parts):
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)

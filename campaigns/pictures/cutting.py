"""Cuts a picture to the shapes, widths and formats that our pages show."""

# The cuts of a picture: its shape (None: unchanged), and its greatest width.
KINDS = {
    "whole": (None, (480, 960, 1600)),
    "wide": ((16, 9), (480, 960, 1600)),
    "square": ((1, 1), (480, 960)),
}
# The best format first: a browser takes the first that it knows.
FORMATS = {
    "avif": {"quality": 60, "speed": 8, "max_threads": 1},
    "webp": {"quality": 78, "method": 4},
    "jpg": {"quality": 82, "optimize": True, "progressive": True},
}


def shape(kind, size):
    """Width and height of the part to cut from a picture of this size."""
    ratio, _widths = KINDS[kind]
    width, height = size
    if ratio is None:
        return size
    across, down = ratio
    if width * down > height * across:
        return max(1, round(height * across / down)), height
    return width, max(1, round(width * down / across))


def widths(kind, size):
    """The widths of the files of a cut; none is wider than the picture."""
    most = shape(kind, size)[0]
    _ratio, wanted = KINDS[kind]
    return [width for width in wanted if width < most] + [min(most, wanted[-1])]


def cut(picture, width_and_height, focus):
    """The part of this size around the focus, which is given in percent.

    The focus is in the middle of it, or as near to that as the edges allow.
    """
    places = []
    for whole, part, percent in zip(picture.size, width_and_height, focus, strict=True):
        place = round(whole * percent / 100 - part / 2)
        places.append(min(max(0, place), whole - part))
    left, top = places
    width, height = width_and_height
    return picture.crop((left, top, left + width, top + height))


def develop(picture, kinds, focus, folder):
    """Write every size of every kind, in every format."""
    from PIL import Image

    for kind in kinds:
        part = cut(picture, shape(kind, picture.size), focus)
        for width in widths(kind, picture.size):
            height = max(1, round(part.height * width / part.width))
            sized = part.resize((width, height), Image.Resampling.LANCZOS)
            for ending, options in FORMATS.items():
                sized.save(folder / f"{kind}-{width}.{ending}", **options)

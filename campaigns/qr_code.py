"""QR codes for what is printed: an SVG that is sharp at any size, and short."""

from django.utils.html import format_html
from django.utils.safestring import SafeString

QUIET = 4  # modules of empty space around it, as ISO 18004 asks for


def svg_of(address: str) -> SafeString:
    """The code of an address: one path that runs along each row."""
    import qrcode  # with Pillow, 5 MB that few processes need

    code = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_M)
    code.add_data(address)
    code.make()
    side = code.modules_count + 2 * QUIET
    drawn = "".join(
        f"M{start + QUIET} {row + QUIET}h{length}v1h-{length}z"
        for row, modules in enumerate(code.modules)
        for start, length in _runs(modules)
    )
    return format_html(
        '<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {0} {0}" '
        'aria-hidden="true"><path fill="#fff" d="M0 0h{0}v{0}h-{0}z"/>'
        '<path d="{1}"/></svg>',
        side,
        drawn,
    )


def _runs(modules):
    """Where each run of dark modules starts in a row, and how long it is."""
    start = None
    for place, is_dark in enumerate([*modules, False]):
        if is_dark and start is None:
            start = place
        elif not is_dark and start is not None:
            yield start, place - start
            start = None

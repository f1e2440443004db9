"""The name of a browser, enough for people to recognise their own."""

BROWSERS = (  # the first match counts; most browsers call themselves Chrome, too
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)


def browser_name(request):
    """A name like "Firefox, Linux"; nothing else of the header is kept."""
    header = request.headers.get("User-Agent", "")
    names = (_first(BROWSERS, header), _first(SYSTEMS, header))
    return ", ".join(filter(None, names))


def _first(marks, header):
    return next((name for mark, name in marks if mark in header), "")

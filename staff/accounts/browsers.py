"""What a person calls the browser in front of them. Enough to know one's own again."""

BROWSERS = (  # the first that is found; most of them call themselves Chrome, too
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
    """Such as "Firefox, Linux"; of the header nothing else is kept."""
    header = request.headers.get("User-Agent", "")
    names = (_first(BROWSERS, header), _first(SYSTEMS, header))
    return ", ".join(filter(None, names))


def _first(marks, header):
    return next((name for mark, name in marks if mark in header), "")

"""Loads what every request needs, so that web processes share the memory of it.

gunicorn calls it before it starts them (gunicorn.conf.py). It asks the database
nothing: a connection would be shared with them, too.
"""

from django.conf import settings
from django.template.loader import get_template
from django.urls import get_resolver
from django.utils import translation

# Folders of templates that visitors see; staff can wait for theirs.
OF_VISITORS = (
    "campaigns",
    "comments",
    "components",
    "letters",
    "pages",
    "petitions",
    "supporters",
)


def preload() -> None:
    """Load addresses, languages and the templates of public pages."""
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            get_resolver().reverse_dict  # noqa: B018  # addresses differ by language
    folder = settings.ROOT / "templates"
    get_template("base.html")
    for name in OF_VISITORS:
        for path in sorted((folder / name).glob("*.html")):
            get_template(f"{name}/{path.name}")

"""Absolute addresses, for mails, canonical links, feeds and sharing."""

from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation


def absolute(path: str) -> str:
    """The public address of a path, made from SITE_URL and never from a Host header."""
    return settings.SITE_URL + path


def absolute_reverse(view: str, language: str, **kwargs: Any) -> str:
    """The public address of a view in this language."""
    with translation.override(language):
        return absolute(reverse(view, kwargs=kwargs))

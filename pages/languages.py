"""The language comes from the address alone, so that a page needs no Vary."""

from django.conf import settings
from django.utils import translation


class LanguageMiddleware:
    """Activate the language of the path's prefix, else the first language."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = (
            translation.get_language_from_path(request.path_info)
            or settings.LANGUAGE_CODE
        )
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response

"""The models of this app, where Django looks for them."""

from translations.drafts import TranslatedText
from translations.requests import TranslationRequest
from translations.word_reports.models import WordReport

__all__ = ["TranslatedText", "TranslationRequest", "WordReport"]

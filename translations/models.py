"""The models of this app, where Django looks for them."""

from translations.drafts import TranslatedText
from translations.requests import TranslationRequest

__all__ = ["TranslatedText", "TranslationRequest"]

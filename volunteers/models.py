"""The models of this app, where Django looks for them."""

from volunteers.drafts import TranslatedText
from volunteers.requests import TranslationRequest

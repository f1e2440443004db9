"""The models of this app, where Django looks for them."""

from translations.word_reports.models import WordReport

"""The admin of this app, where Django looks for it."""

import translations.word_reports.admin  # noqa: F401  it registers itself

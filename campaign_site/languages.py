"""The languages of the site, each by the name that it has for itself."""

import sys

# Their public pages and mails are translated whole, which bin/check sees to.
OFFERED = {
    "en": "English",
    "ko": "한국어",
    "es": "Español",
    "de": "Deutsch",
    "fr": "Français",
    "it": "Italiano",
    "pt-br": "Português (Brasil)",
    "nl": "Nederlands",
    "ja": "日本語",
    "ar": "العربية",
}


def chosen(codes: list[str]) -> list[tuple[str, str]]:
    """What the setting LANGUAGES names, or all; ends the process if one is unknown.

    The first one is that of addresses without a language, and of staff who have chosen
    none.
    """
    codes = [code.strip().lower().replace("_", "-") for code in codes]
    codes = [*dict.fromkeys(filter(None, codes))] or [*OFFERED]
    if unknown := [code for code in codes if code not in OFFERED]:
        sys.exit(
            f"LANGUAGES names {', '.join(unknown)}. Choose among {', '.join(OFFERED)}."
        )
    return [(code, OFFERED[code]) for code in codes]

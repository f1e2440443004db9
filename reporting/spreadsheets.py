"""Cells of CSV files, as people open them: in a spreadsheet."""

# What a spreadsheet would run as a formula (OWASP, CSV injection); the full-width
# signs, too, which some take for the same.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def guarded(value):
    """The value as a cell that no spreadsheet takes for a formula."""
    text = str(value)
    is_formula = text.startswith(FORMULA_STARTS) and not isinstance(value, int)
    return f"'{text}" if is_formula else text

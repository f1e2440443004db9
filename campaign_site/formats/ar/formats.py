"""Arabic writes 1,284.5 with these digits; Django would write 1284,5.

A date has no comma between month and year, and an Arabic one before the hour.
"""

DATE_FORMAT = "j F Y"
DATETIME_FORMAT = "j F Y، g:i A"
DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3

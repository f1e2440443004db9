"""Arabic writes 1,284.5 with these digits; Django would write 1284,5."""

DECIMAL_SEPARATOR = "."
THOUSAND_SEPARATOR = ","
NUMBER_GROUPING = 3

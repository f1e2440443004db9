"""Days, hours and moments in forms, which the browser shows in the reader's way."""

from typing import Any

from django import forms


class DayInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """A day and an hour, to the minute unless `as_text` says otherwise."""

    input_type = "datetime-local"

    def __init__(
        self, attrs: dict[str, Any] | None = None, as_text: str = "%Y-%m-%dT%H:%M"
    ) -> None:
        super().__init__(attrs, format=as_text)


class HourInput(forms.TimeInput):
    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")

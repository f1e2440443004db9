from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """What a model shows on my page: its name there, its title, and the template.

    The template gets `visit` and `rows`, a page of the queryset's `for_my_page()`.
    """

    name: str
    title: str
    template: str

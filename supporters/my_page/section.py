from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """What a model shows on my page: its name there, its title, and the template.

    The template gets `visit` and `rows`, a page of the queryset's `for_my_page()`.
    Records are there to be looked up, and stand below what people come for. `prepare`
    adds what the template needs to the rows of a page, in few statements.
    """

    name: str
    title: str
    template: str
    is_record: bool = False
    prepare: Callable[[list], None] | None = None

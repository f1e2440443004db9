from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """What a model shows on my page: its name there, its title, and the template.

    The template gets `visit` and `rows`, a page of the queryset's `for_my_page()`.
    Records, to look up, stand below what somebody comes for. `prepare` adds to the rows
    of a page what the template needs, in few statements.
    """

    name: str
    title: str
    template: str
    is_record: bool = False
    prepare: Callable[[list], None] | None = None

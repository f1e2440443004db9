"""The mail that leads to my page."""

from procrastinate.contrib.django import app

from supporters.acts.tasks import ask_now_or_later, with_backoff
from supporters.my_page import visits


@app.task(name="supporters.ask_visitor", retry=with_backoff)
def ask_visitor(visit_pk):
    visit = visits.Visit.objects.select_related("supporter").filter(pk=visit_pk).first()
    if visit is not None:  # else erased, or forgotten, meanwhile
        ask_now_or_later(visit, ask_visitor, visit_pk=visit_pk)

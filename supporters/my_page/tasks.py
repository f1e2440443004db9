"""The mail that leads to my page."""

from procrastinate.contrib.django import app

from database.retrying import for_a_day
from supporters.acts.tasks import mail_now_or_later
from supporters.my_page import visits


@app.task(name="supporters.mail_link", retry=for_a_day)
def mail_link(visit_pk):
    visit = visits.Visit.objects.select_related("supporter").filter(pk=visit_pk).first()
    if visit is not None:  # else erased, or forgotten, meanwhile
        mail_now_or_later(visit.mail_link, visit, mail_link, visit_pk=visit_pk)

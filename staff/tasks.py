"""The task that looks after our promises."""

from procrastinate.contrib.django import app

from staff import promises
from staff.mail_desk import refusing_domains


@app.periodic(cron="41 9 * * *")
@app.task(name="staff.look_at_promises", queueing_lock="look_at_promises")
def look_at_promises(timestamp):
    """Each day, after the other daily work: is anything that we promised overdue?"""
    promises.check_and_alert()


@app.periodic(cron="* * * * *")
@app.task(name="staff.look_at_domains", queueing_lock="look_at_domains")
def look_at_domains(timestamp):
    """Each minute: does a mail domain begin to refuse, or take our mails again?"""
    refusing_domains.check_and_alert()

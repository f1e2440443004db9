from procrastinate.contrib.django import app

from staff.alerts import models
from staff.retrying import with_backoff


@app.task(name="staff.mail_alert", retry=with_backoff)
def mail_alert(alert_pk):
    models.Alert.objects.get(pk=alert_pk).mail()

from procrastinate.contrib.django import app

from database.retrying import for_minutes
from staff.alerts import models


@app.task(name="staff.mail_alert", retry=for_minutes)
def mail_alert(alert_pk):
    models.Alert.objects.get(pk=alert_pk).mail()

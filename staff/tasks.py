from datetime import timedelta

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from staff import models


@app.task(retry=RetryStrategy(max_attempts=5, wait=30, linear_wait=60))
def mail_password_reset(user_pk):
    models.User.objects.get(pk=user_pk).mail_password_reset()


@app.periodic(cron="41 3 * * *")
@app.task(queueing_lock="forget_old_acts_and_sessions")
def forget_old_acts_and_sessions(timestamp):
    models.Act.objects.outdated().delete()
    kept = timedelta(days=settings.KEEP_AUDIT_DAYS)
    # The admin's own log names the rows, so it must not stay for ever either.
    LogEntry.objects.filter(action_time__lt=timezone.now() - kept).delete()
    Session.objects.filter(expire_date__lt=timezone.now()).delete()

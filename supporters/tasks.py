from procrastinate.contrib.django import app

from supporters import models


@app.periodic(cron="51 3 * * *")
@app.task(queueing_lock="forget_what_nobody_needs")
def forget_what_nobody_needs(timestamp):
    models.forget_what_nobody_needs()

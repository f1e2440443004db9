from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from campaign_editor.models import FirstSteps
from staff.models import User


@app.task(
    name="campaign_editor.send_test_mail",
    retry=RetryStrategy(max_attempts=5, wait=30, linear_wait=60),
)
def send_test_mail(user_pk):
    user = User.objects.filter(pk=user_pk).first()
    if user:
        FirstSteps.send_test_mail(user)

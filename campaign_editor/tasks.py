from procrastinate.contrib.django import app

from campaign_editor.models import FirstSteps
from database.retrying import for_minutes
from staff.models import User


@app.task(
    name="campaign_editor.send_test_mail",
    retry=for_minutes,
)
def send_test_mail(user_pk):
    user = User.objects.filter(pk=user_pk).first()
    if user:
        FirstSteps.send_test_mail(user)

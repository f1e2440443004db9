"""Officials' answers to everybody are queued."""

from procrastinate.contrib.django import app

from database.retrying import for_a_day
from letters.officials import answers


@app.task(name="letters.queue_answer", retry=for_a_day)
def queue_answer(answer_pk):
    """A row for each who wrote, however many they are."""
    answers.OfficialAnswer.objects.get(pk=answer_pk).queue()

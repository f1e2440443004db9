"""The task that queues officials' answers to everybody."""

from procrastinate.contrib.django import app

from database.retrying import for_a_day
from letters.officials import answers


@app.task(name="letters.queue_answer", retry=for_a_day)
def queue_answer(answer_pk):
    """Make a row for each who wrote, however many they are."""
    answers.OfficialAnswer.objects.get(pk=answer_pk).queue()

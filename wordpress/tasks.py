"""The worker reads what was uploaded from WordPress, and brings what was chosen."""

from procrastinate.contrib.django import app

from database.retrying import for_a_day
from wordpress import working


@app.task(
    name="wordpress.read",
    aliases=["campaign_editor.read_wordpress"],
    retry=for_a_day,
    lock="wordpress",
)
def read_wordpress(pk):
    working.read(pk)


@app.task(
    name="wordpress.bring",
    aliases=["campaign_editor.bring_wordpress"],
    retry=for_a_day,
    lock="wordpress",
)
def bring_wordpress(pk):
    working.bring(pk)

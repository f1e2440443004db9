"""The worker reads what was uploaded from WordPress, and brings what was chosen."""

from procrastinate.contrib.django import app

from campaign_editor.wordpress import working
from database.retrying import for_a_day


@app.task(name="campaign_editor.read_wordpress", retry=for_a_day, lock="wordpress")
def read_wordpress(pk):
    working.read(pk)


@app.task(name="campaign_editor.bring_wordpress", retry=for_a_day, lock="wordpress")
def bring_wordpress(pk):
    working.bring(pk)

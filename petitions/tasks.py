"""The tasks of every subject, where the queue looks for them."""

from petitions.counting import tasks as counting
from petitions.fraud import tasks as fraud
from petitions.fraud import trends
from petitions.handover import tasks as handover
from petitions.paper import tasks as paper
from petitions.signing import reminders
from petitions.signing import tasks as signing

__all__ = ["counting", "fraud", "handover", "paper", "reminders", "signing", "trends"]

"""Volunteers translate a campaign by a link, and staff read it and publish it."""

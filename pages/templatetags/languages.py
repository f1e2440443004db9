"""What languages are called, in all templates."""

from django import template

from pages.languages import name_in

register = template.Library()
# Django has a filter `language_name`, which says it in English.
register.filter("language_in_words", name_in)

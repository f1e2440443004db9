"""What languages are called, in all templates."""

from django import template

from pages.languages import name_in

register = template.Library()
register.filter("language_name", name_in)

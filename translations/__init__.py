"""What readers say of the words of a translated page."""

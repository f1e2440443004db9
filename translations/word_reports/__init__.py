"""What readers say of a wrong word on a page in a further language."""

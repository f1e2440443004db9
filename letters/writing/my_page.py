"""A letter on my page: delete what we hold of it."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from letters.writing.models import Letter
from supporters.my_page.access import for_visitor
from supporters.my_page.page import back


@require_http_methods(["GET", "HEAD", "POST"])
@for_visitor
def removal(request, visit, pk):
    """Stop what has not left and delete the rest; what was sent stays sent."""
    mine = Letter.objects.of_supporter(visit.supporter)
    letter = get_object_or_404(mine.for_my_page(), pk=pk)
    if request.method == "POST":
        mine.filter(pk=pk).erase()
        return back(visit, "letter")
    context = {"visit": visit, "letter": letter}
    return render(request, "letters/mine_removal.html", context)

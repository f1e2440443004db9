"""A comment on my page: delete it."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from comments.models import Comment
from supporters.my_page.page import back
from supporters.visiting import for_visitor


@require_http_methods(["GET", "HEAD", "POST"])
@for_visitor
def removal(request, visit, pk):
    mine = Comment.objects.of_supporter(visit.supporter)
    comment = get_object_or_404(mine.for_my_page(), pk=pk)
    if request.method == "POST":
        comment.remove()
        return back(visit, "comment")
    context = {"visit": visit, "comment": comment}
    return render(request, "comments/mine_removal.html", context)

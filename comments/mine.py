"""Comments on my page: delete one."""

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from comments.models.comment import Comment
from comments.views.writing import removal_page
from supporters.my_page.access import for_visitor
from supporters.my_page.page import back


@require_http_methods(["GET", "HEAD", "POST"])
@for_visitor
def removal(request, visit, pk):
    mine = Comment.objects.of_supporter(visit.supporter)
    comment = get_object_or_404(mine.for_my_page(), pk=pk)
    if request.method == "POST":
        comment.remove()
        return back(visit, "comment")
    mine = reverse("supporters:page", kwargs={"key": visit.key})
    return removal_page(request, comment, back=mine)

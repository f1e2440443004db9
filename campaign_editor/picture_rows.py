"""The pictures in the story of a campaign, as a list in the guided form."""

from itertools import count

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget, AdminURLFieldWidget
from django.utils.translation import gettext_lazy as _

from campaign_editor.rows import EditorRow, rows_of
from campaigns.models import StoryPicture
from campaigns.pictures import picture_files
from versions.pending_uploads import KeepsPendingUploads, PendingUploadField

MOST = 999  # as many digits as a place in a story may have
# What a row says of its picture, as the fields of StoryPicture.
SAYS = ("picture_alt", "caption", "picture_credit", "video_url")


class PictureRow(KeepsPendingUploads, EditorRow, forms.ModelForm):
    """A picture in the story; its number says where it stands.

    A row without a picture has the number that its picture will have. If another tab
    has stored a picture of this number since, it gets the next one, and replaces
    nothing.
    """

    typed = ("new_picture", *SAYS)
    needed = ("number",)
    number = forms.IntegerField(
        min_value=1, max_value=MOST, widget=forms.HiddenInput, label=_("Number")
    )
    # Whether the row had a picture when the form was opened.
    is_stored = forms.BooleanField(widget=forms.HiddenInput)
    new_picture = PendingUploadField(label=_("Picture"))
    drop_picture = forms.BooleanField(label=_("Remove the picture"))
    prepared = None

    class Meta:
        model = StoryPicture
        fields = SAYS
        widgets = {
            **dict.fromkeys(SAYS, AdminTextInputWidget),
            "video_url": AdminURLFieldWidget,
        }

    field_order = ("number", "is_stored", "new_picture", *SAYS, "drop_picture")

    def __init__(self, *args, pictures, taken, **kwargs):
        """`pictures` are the stored ones, by their numbers.

        `taken` are the numbers of the rows before this one, which adds its own.
        """
        super().__init__(*args, **kwargs)
        known, is_stored = [self._was_given(name) for name in ("number", "is_stored")]
        self.number = _number_in(known)
        is_used = self.number in taken or (not is_stored and self.number in pictures)
        if is_used or not (known or self.is_bound):
            self.number = next(n for n in count(1) if n not in {*pictures, *taken})
            self.initial["number"] = self.number
        taken.add(self.number)
        self.stored = pictures.get(self.number)
        if self.stored is None:
            del self.fields["drop_picture"]

    def _was_given(self, name):
        """What a field was sent with, or begins with, as text."""
        if self.is_bound:
            return self.data.get(self.add_prefix(name), "")
        return str(self.initial.get(name, ""))

    @property
    def legend(self):
        """How the story names the picture."""
        return f"[picture {self.number or self['number'].value()}]"

    @property
    def is_empty(self):
        return self.stored is None and super().is_empty

    def clean(self):
        data = self.cleaned_data
        file = data.get("new_picture")
        if self.is_empty or data.get("drop_picture"):
            return data
        if file:
            try:
                self.prepared = picture_files.prepare(file)
            except picture_files.NotAPicture as reason:
                self.add_error("new_picture", str(reason))
        elif self.stored is None and "new_picture" not in self.errors:
            self.add_error("new_picture", _("Choose a picture."))
        if not data.get("picture_alt") and "picture_alt" not in self.errors:
            self.add_error("picture_alt", _("Say what the picture shows."))
        return data

    def save_to(self, campaign):
        """Store what the row says, if it says anything new."""
        data = self.cleaned_data
        picture = self.stored or StoryPicture(campaign=campaign, number=self.number)
        if data.get("drop_picture"):
            picture.delete()
            return
        said = {name: data[name] for name in SAYS}
        if self.prepared is None and all(
            getattr(picture, name) == words for name, words in said.items()
        ):
            return
        for name, words in said.items():
            setattr(picture, name, words)
        if self.prepared:
            picture.put(self.prepared)
        picture.save()
        picture.have_pictures_made()


def _number_in(text):
    """The number that a row was sent with; None if no picture can have it."""
    return int(text) if len(text) <= len(str(MOST)) and text.isdecimal() else None


class StoryPictures(rows_of(PictureRow)):
    """The stored pictures, and two blank rows."""

    extra = 2  # they are long

    def __init__(self, data, files, *, pictures):
        self.pictures = {picture.number: picture for picture in pictures}
        stored = [
            {"number": number, "is_stored": True}
            | {name: getattr(picture, name) for name in SAYS}
            for number, picture in self.pictures.items()
        ]
        own = {"pictures": self.pictures, "taken": set()}
        super().__init__(data, files, prefix="story-picture", stored=stored, **own)

    def save_to(self, campaign):
        for row in self.filled_in():
            if row.is_valid():
                row.save_to(campaign)

    def kept_files(self):
        """Keep what was sent; returns the keys by the fields' names."""
        found = {}
        for row in self.filled_in():
            found |= row.kept_files()
        return found

    def stored_words(self):
        """What is stored of each picture, for a digest of it."""
        return [
            {"number": number, "picture": picture.picture}
            | {name: getattr(picture, name) for name in SAYS}
            for number, picture in self.pictures.items()
        ]

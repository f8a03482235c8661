"""Photos, papers and signatures in a form: chosen or drawn in a page, base64 in JSON; looked at before anybody else."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.aside import set_aside, shown, take_up
from core.forms.manners import HouseForm, Pills
from core.models import Attachment
from core.models.attachments import kinds_with_attachments
from core.uploads import MOST_BYTES, MOST_FILES, CleanFile, clean_signature, clean_upload, decoded

PHOTOS = "image/jpeg,image/png,image/webp"


class Note(str):
    """The signed note of a file that was set aside when the form was refused."""

    __slots__ = ()


class PhotosInput(forms.FileInput):
    """Several files at once; on a phone the camera or the album."""

    template_name = "core/widgets/photos.html"
    allow_multiple_selected = True
    wide = True

    class Media:
        js = (forms.Script("app/photos.js", defer=True),)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        """The files of a page with those that were set aside before, or what JSON brought."""
        if not hasattr(data, "getlist"):
            return list(data.get(name) or [])
        notes = [Note(text) for text in data.getlist(f"{name}_aside")]
        return notes + (list(files.getlist(name)) if hasattr(files, "getlist") else [])

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        """What stays from the last try is shown with a box to leave it out."""
        return super().get_context(name, value, attrs) | {"aside": getattr(self, "aside", ())}

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the field was not there at all."""
        return name not in files and name not in data


class PhotosField(forms.Field):
    """Photos (with `papers` also PDF), each looked at and painted anew."""

    widget = PhotosInput
    takes_files = True
    default_error_messages = {
        "many": gettext_lazy("More than %(most)s files at once are not possible."),
        "gone": gettext_lazy("A photo of the last try is not there any more. Please choose it again."),
    }
    person: int | None = None  # who fills the form; its files are set aside for nobody else

    def __init__(self, *, papers: bool = False, most: int = MOST_FILES, **kwargs: Any) -> None:
        self.papers, self.most = papers, most
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("accept", f"{PHOTOS},application/pdf" if papers else PHOTOS)

    def to_python(self, value: Any) -> list[CleanFile]:
        """Every file looked at, or everything that is wrong with them at once."""
        uploads = value or []
        if len(uploads) > self.most:
            raise ValidationError(self.error_messages["many"] % {"most": self.most}, code="many")
        wrong = []
        self.seen: list[tuple[str, CleanFile]] = []
        for upload in uploads:
            try:
                self.seen.append(self._looked_at(upload))
            except ValidationError as problem:
                wrong.extend(problem.error_list)
        if wrong:
            raise ValidationError(wrong)
        return [file for _note, file in self.seen]

    def _looked_at(self, upload: Any) -> tuple[str, CleanFile]:
        if not isinstance(upload, Note):
            return "", clean_upload(_as_file(upload), papers=self.papers)
        file = take_up(upload, self.person)
        if file is None:
            raise ValidationError(self.error_messages["gone"], code="gone")
        return str(upload), file

    def set_aside(self) -> None:
        """The form is refused: what was sent and is in order need not be sent again."""
        seen = getattr(self, "seen", [])
        widget: Any = self.widget
        widget.aside = [shown(note, file) if note else set_aside(file, self.person) for note, file in seen]

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether a file was sent."""
        return bool(data)


def _as_file(upload: Any) -> Any:
    """What JSON brings as a name and base64, as a file like any other."""
    if isinstance(upload, dict):
        return SimpleUploadedFile(str(upload["name"]) or _("file"), decoded(upload["content"], MOST_BYTES))
    return upload


class SignatureInput(forms.Widget):
    """A pad to sign on with finger, pen or mouse; without JavaScript it says that paper is signed."""

    template_name = "core/widgets/signature.html"
    wide = True

    class Media:
        js = (forms.Script("app/signature.js", defer=True),)

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """The picture as the pad wrote it."""
        return data.get(name)

    def id_for_label(self, id_: str) -> str:
        """The label points at the pad."""
        return f"{id_}_pad" if id_ else ""


class SignatureField(forms.Field):
    """A signature drawn on screen, as a picture; None where nobody signed and nobody had to."""

    widget = SignatureInput
    takes_files = True
    default_error_messages = {"required": gettext_lazy("Please let the customer sign here.")}

    def to_python(self, value: Any) -> CleanFile | None:
        """The picture painted anew, when there is one."""
        if not value:
            return None
        if not isinstance(value, str):
            raise ValidationError(_("A signature is sent as a PNG picture."), code="signature")
        return clean_signature(value)


class AttachForm(HouseForm):
    """Photos and papers for a document."""

    files = PhotosField(  # type: ignore[assignment]
        label=gettext_lazy("Photos and papers"), papers=True
    )
    purpose = forms.ChoiceField(
        label=gettext_lazy("What they show"),
        choices=[c for c in Attachment.Purpose.choices if c[0] != Attachment.Purpose.SIGNATURE],
        initial=Attachment.Purpose.DAMAGE,
        widget=Pills,
    )
    remark = forms.CharField(label=gettext_lazy("Remark"), max_length=200, required=False)


class AttachToForm(AttachForm):
    """Photos and papers for a document, named by its kind and number."""

    kind = forms.CharField(label=gettext_lazy("Kind of document"), max_length=40)
    object_id = forms.IntegerField(label=gettext_lazy("Document"), min_value=1, max_value=2**63 - 1)

    def clean(self) -> dict[str, Any]:
        """The document instead of its kind and number, if this actor may see it."""
        given = dict(super().clean() or {})
        model = kinds_with_attachments().get(given.pop("kind", ""))
        wanted = given.pop("object_id", None)
        found = model._default_manager.visible_to(self.by).filter(pk=wanted).first() if model and wanted else None
        if found is None:
            self.add_error("object_id", _("There is no such document."))
        return given | {"document": found}

"""The gallery that every platform draws: nothing that a form can ask is missing from it."""

from bot.core.kinds import FieldKind
from tests.chat.gallery.edges_of_forms import forms


def test_a_form_of_the_gallery_asks_for_every_kind_of_field() -> None:
    whole = dict(forms())["form-every-kind"]

    assert {field.kind for part in whole.parts for field in part.fields} == {*FieldKind}

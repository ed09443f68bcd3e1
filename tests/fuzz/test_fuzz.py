"""A short run of `python -m tests.fuzz`, each time with numbers of its own, which a failure names."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import some
from tests.fuzz.spoilt import FILES, AtWork, in_folder, spoilt_file

NUMBERS = st.integers(min_value=0, max_value=2**32)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("spoilt")


@pytest.mark.parametrize("kind", FILES)
@given(number=NUMBERS)
@settings(max_examples=some(24))
def test_a_spoilt_file_is_refused_in_a_sentence_or_taken_whole(folder: Path, kind: str, number: int) -> None:
    with in_folder(folder):
        assert spoilt_file(kind, Random(number)) in ("taken", "refused")


@given(number=NUMBERS)
@settings(max_examples=some(6))
def test_whatever_is_typed_leaves_history_whole(number: int) -> None:
    at_work, random = AtWork(), Random(number)

    for _ in range(30):
        at_work.typed(random)

    assert at_work.is_whole()

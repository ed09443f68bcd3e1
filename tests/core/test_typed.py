"""What people write under a card, and what it means: the words of the design and those that really come."""

import pytest

from bot.core.case import Outcome
from bot.core.errors import Unclear
from bot.core.typed import Understood, understand

THREE = (1, 2, 3)


def every(*numbers: int) -> Understood:
    """A plain yes for these lines."""
    return Understood(numbers=numbers)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("all ok", every(1, 2, 3)),
        ("All OK!", every(1, 2, 3)),
        ("ok all", every(1, 2, 3)),
        ("all done", every(1, 2, 3)),
        ("all", every(1, 2, 3)),
        ("everything ok", every(1, 2, 3)),
        ("all 👍", every(1, 2, 3)),
        ("all but 3", every(1, 2)),
        ("but 3", every(1, 2)),
        ("all ok but 1 and 3", every(2)),
        ("everything done except 2", every(1, 3)),
        ("1 and 3 done", every(1, 3)),
        ("1, 3 ok", every(1, 3)),
        ("1 & 2 yes", every(1, 2)),
        ("1 3 done", every(1, 3)),
        ("1-3 done", every(1, 2, 3)),
        ("done 2", every(2)),
        ("2: done", every(2)),
        ("2 done, thanks", every(2)),
        ("ok 1 and 2", every(1, 2)),
        ("line 2 yes", every(2)),
        ("2 👍", every(2)),
        ("2 :+1:", every(2)),
        ("2✅", every(2)),
        ("2 na no medicines", Understood(numbers=(2,), outcome=Outcome.NOT_APPLICABLE, note="no medicines")),
        ("2 n/a no medicines", Understood(numbers=(2,), outcome=Outcome.NOT_APPLICABLE, note="no medicines")),
        ("NA 2 No medicines", Understood(numbers=(2,), outcome=Outcome.NOT_APPLICABLE, note="No medicines")),
        ("2 not applicable: male", Understood(numbers=(2,), outcome=Outcome.NOT_APPLICABLE, note="male")),
        ("caught 2 new medicine", Understood(numbers=(2,), outcome=Outcome.CAUGHT, note="new medicine")),
        ("problem 1 cold sore", Understood(numbers=(1,), outcome=Outcome.PROBLEM, note="cold sore")),
        ("1 problem 2 blisters", Understood(numbers=(1,), outcome=Outcome.PROBLEM, note="2 blisters")),
        ("problem 1 and 2 blisters", Understood(numbers=(1, 2), outcome=Outcome.PROBLEM, note="blisters")),
        ("undo", Understood(undo=True)),
        ("`undo`", Understood(undo=True)),
        ("undo 2", Understood(undo=True, numbers=(2,))),
        ("on it", Understood(on_it=True, numbers=THREE)),
        ("I'm on it", Understood(on_it=True, numbers=THREE)),
        ("I’m on it", Understood(on_it=True, numbers=THREE)),
        ("2 on it", Understood(on_it=True, numbers=(2,))),
        ("later 20m", Understood(later=20, numbers=THREE)),
        ("later 20 min", Understood(later=20, numbers=THREE)),
        ("later 20", Understood(later=20, numbers=THREE)),
        ("later 1h", Understood(later=60, numbers=THREE)),
        ("2 later 2m", Understood(later=2, numbers=(2,))),
        ("snooze 15", Understood(later=15, numbers=THREE)),
        ("to @jo", Understood(to="jo", numbers=THREE)),
        ("@jo", Understood(to="jo", numbers=THREE)),
        ("to Jo Park", Understood(to="Jo Park", numbers=THREE)),
        ("to <@U0JO>", Understood(to="U0JO", numbers=THREE)),
        ("2 to @jo", Understood(to="jo", numbers=(2,))),
        ("to @jo 1 and 2", Understood(to="jo", numbers=(1, 2))),
    ],
)
def test_what_people_write_means(text: str, meant: Understood) -> None:
    assert understand(text, THREE) == meant


@pytest.mark.parametrize("text", ["done", "yes", "ok", "👍", ":thumbsup:", "+1", "Done.", "yes please", "y"])
def test_a_plain_yes_is_for_the_one_line_that_is_open(text: str) -> None:
    assert understand(text, (4,)) == every(4)


@pytest.mark.parametrize("text", ["done", "yes", "👍", "+1"])
def test_a_plain_yes_under_several_lines_is_asked_which(text: str) -> None:
    with pytest.raises(Unclear, match=r"Lines 1, 2, 3 are open\. Write `all ok`, or the number first"):
        understand(text, THREE)


@pytest.mark.parametrize("text", ["problem cold sore", "na no medicines", "caught new medicine"])
def test_what_is_different_needs_its_line_where_several_are_open(text: str) -> None:
    with pytest.raises(Unclear, match="Lines 1, 2, 3 are open"):
        understand(text, THREE)

    assert understand(text, (2,)).numbers == (2,)


@pytest.mark.parametrize("text", ["2", "1, 3", "1 and 3", "#2"])
def test_a_bare_number_is_asked_what_is_meant(text: str) -> None:
    with pytest.raises(Unclear, match=r"what of it\? Write `.* done`, `.* caught"):
        understand(text, THREE)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("1 done but she bleeds", "takes no words besides"),
        ("done 2 lens cracked", "takes no words besides"),
        ("1 done 2 na no medicines", "takes no words besides"),
        ("2 na no medicines, 3 done", "reads like two replies"),
        ("problem 1 cold sore and done 2", "reads like two replies"),
        ("problem 1, 2 blisters", "Which lines do you mean"),
        ("caught 2 3 new medicines", "Which lines do you mean"),
        ("later 2", r"Line 2, or 2 minutes\?"),
        ("later", "How much later"),
        ("later 0m", "That is now"),
        ("no", "What is not so"),
        ("2 no", r"What is not so\?.* `2 done`"),
        ("not done", "What is not so"),
        ("2 na", "a few words why"),
        ("9 done", r"Line 9 is not open on this card \(open: 1, 2, 3\)"),
        ("all but 9", "Line 9 is not open"),
        ("1-99 done", "is not open on this card"),
        ("all but 1, 2, 3", "No other line"),
        ("hello there", "did not understand"),
        ("", "did not understand"),
        ("she said yes", "did not understand"),
        ("done deal with it", "Lines 1, 2, 3 are open"),
    ],
)
def test_what_could_mean_two_things_is_answered_with_the_choices(text: str, question: str) -> None:
    with pytest.raises(Unclear, match=question):
        understand(text, THREE)


@pytest.mark.parametrize("text", ["done", "all ok", "on it", "later 20m", "to @jo"])
def test_a_card_with_nothing_open_says_so(text: str) -> None:
    with pytest.raises(Unclear, match="Nothing on this card is open"):
        understand(text, ())


@pytest.mark.parametrize(
    "text", ["1" * 4000, "1 " * 2000, "all " * 2000, "done " * 2000, "to " * 3000, "@" * 4000]
)
def test_a_very_long_line_is_refused_at_once(text: str) -> None:
    with pytest.raises(Unclear):
        understand(text, THREE)

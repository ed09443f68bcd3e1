"""What a program remembers of a platform: the newest, and no more than it has room for."""

from bot.chat.newest import Newest


def remembered(*names: str, most: int = 2) -> Newest[str, str]:
    newest = Newest[str, str](most)
    for name in names:
        newest.keep(name, name.upper())
    return newest


def test_the_oldest_is_forgotten_for_the_next() -> None:
    newest = remembered("a", "b", "c", "d")

    assert [name in newest for name in "abcd"] == [False, False, True, True]
    assert len(newest) == 2


def test_what_is_kept_once_more_is_the_newest() -> None:
    newest = remembered("a", "b", "a", "c")

    assert [newest.get(name) for name in "abc"] == ["A", None, "C"]


def test_what_is_forgotten_makes_room() -> None:
    newest = remembered("a", "b")

    newest.forget("a")
    newest.forget("nobody")
    newest.keep("c", "C")

    assert [name in newest for name in "abc"] == [False, True, True]


def test_all_can_be_forgotten() -> None:
    newest = remembered("a", "b")

    newest.clear()

    assert len(newest) == 0

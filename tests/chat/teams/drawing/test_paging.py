"""Pages: as many lines as fit, each on exactly one page, the first of them with all their words."""

from hypothesis import given
from hypothesis import strategies as st

from bot.chat.teams.drawing.paging import LINES, Page, page_of


def test_what_fits_is_one_page_with_all_its_words() -> None:
    assert page_of(1, 9, lambda _: True) == Page(number=1, start=0, end=9, whole=9, count=9)


def test_a_page_has_no_more_lines_than_somebody_reads() -> None:
    assert page_of(1, 100, lambda _: True).end == LINES
    assert page_of(4, 100, lambda _: True) == Page(number=4, start=75, end=100, whole=25, count=100)


def test_where_space_is_short_the_first_lines_keep_their_words() -> None:
    page = page_of(1, 10, lambda page: (page.end - page.start) + page.whole <= 14)

    assert (page.end, page.whole, page.left) == (10, 4, 0)


def test_a_line_that_never_fits_has_a_page_of_its_own() -> None:
    assert page_of(3, 5, lambda _: False) == Page(number=3, start=2, end=3, whole=0, count=5)


def test_nothing_is_one_page_too() -> None:
    assert page_of(7, 0, lambda _: True) == Page(number=1, start=0, end=0, whole=0, count=0)


@given(st.integers(0, 200), st.integers(1, 60))
def test_every_line_stands_on_one_page(count: int, room: int) -> None:
    def fits(page: Page) -> bool:
        return page.end - page.start + page.whole <= room

    pages = [page_of(1, count, fits)]
    while pages[-1].left:
        pages.append(page_of(pages[-1].number + 1, count, fits))

    assert [line for page in pages for line in range(page.start, page.end)] == [*range(count)]

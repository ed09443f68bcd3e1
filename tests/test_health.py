"""`/health`: whether this program can work, why not for this machine alone, and whether it runs on."""

from collections.abc import Awaitable, Callable, Iterable, Mapping

import httpx
import pytest

from bot.core.errors import StoreTrouble
from bot.health import FRESH, HANGS, SLOW, Health, Look, Part, State
from bot.web import asgi

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def good(name: str) -> Look:
    return lambda: [Part(part=name, state=State.GOOD)]


def odd() -> Iterable[Part]:
    return [Part(part="slack", state=State.ODD, why="Slack is away.")]


def gone() -> Iterable[Part]:
    raise StoreTrouble("The disk is full. Free some space.")


def of(
    looks: Mapping[str, Look], ago: float | None = 1, *, everywhere: bool = False
) -> Callable[..., Awaitable[httpx.Response]]:
    app = asgi(Health(looks, turned=lambda: ago, everywhere=everywhere).routes(), health=None)

    async def ask(path: str = "/health", client: str = "127.0.0.1", **headers: str) -> httpx.Response:
        wire = httpx.ASGITransport(app=app, client=(client, 1))
        async with httpx.AsyncClient(transport=wire, base_url="http://127.0.0.1") as web:
            return await web.get(
                path, headers={name.replace("_", "-"): told for name, told in headers.items()}
            )

    return ask


async def test_where_all_is_well_each_part_says_so() -> None:
    answer = await of({"database": good("database")})()

    assert answer.status_code == 200
    assert answer.json() == {
        "status": "ok",
        "parts": [
            {"part": "database", "state": "good", "why": ""},
            {"part": "rounds", "state": "good", "why": ""},
        ],
    }


async def test_a_database_that_does_not_answer_is_503_with_its_reason_and_hides_no_other_part() -> None:
    answer = await of({"database": gone, "platforms": odd})()

    assert (answer.status_code, answer.json()["status"]) == (503, "ill")
    assert answer.json()["parts"][:2] == [
        {"part": "database", "state": "ill", "why": "The disk is full. Free some space."},
        {"part": "slack", "state": "odd", "why": "Slack is away."},
    ]


async def test_what_is_odd_is_said_and_work_goes_on() -> None:
    answer = await of({"platforms": odd})()

    assert (answer.status_code, answer.json()["status"]) == (200, "ok")


@pytest.mark.parametrize("looks", [{"database": gone}, {"database": good("database")}], ids=["ill", "well"])
@pytest.mark.parametrize(
    "elsewhere",
    [
        {"client": "192.0.2.7"},
        {"host": "bookend.clinic.example"},
        {"x_forwarded_for": "192.0.2.7"},
        {"forwarded": "for=192.0.2.7"},
        {"x_forwarded_proto": "https"},
        {"cf_connecting_ip": "192.0.2.7"},
        {"origin": "https://elsewhere.example"},
    ],
    ids=lambda told: next(iter(told)),
)
async def test_elsewhere_it_says_yes_or_no_and_nothing_more(
    looks: Mapping[str, Look], elsewhere: dict[str, str]
) -> None:
    answer = await of(looks)(**elsewhere)

    ill = looks["database"] is gone
    assert (answer.status_code, answer.json()) == (
        (503, {"status": "ill"}) if ill else (200, {"status": "ok"})
    )


async def test_reasons_go_elsewhere_where_that_was_set() -> None:
    answer = await of({"platforms": odd}, everywhere=True)(client="192.0.2.7")

    assert answer.json()["parts"][0]["why"] == "Slack is away."


@pytest.mark.parametrize(
    ("ago", "state", "status", "live"),
    [
        (SLOW, "good", 200, 200),
        (SLOW + 1, "odd", 200, 200),
        (HANGS, "odd", 200, 200),
        (HANGS + 1, "ill", 503, 503),
    ],
)
async def test_rounds_that_hang_are_odd_then_ill_and_then_not_alive(
    ago: float, state: str, status: int, live: int
) -> None:
    ask = of({}, ago)

    ready, alive = await ask(), await ask("/health/live")

    assert (ready.json()["parts"][0]["state"], ready.status_code, alive.status_code) == (state, status, live)


async def test_a_program_without_rounds_is_alive_as_long_as_it_answers() -> None:
    ask = of({}, None)

    assert (await ask()).json() == {"status": "ok", "parts": []}
    assert (await ask("/health/live")).json() == {"status": "ok"}


async def test_whether_it_is_alive_does_not_hang_on_the_database() -> None:
    assert (await of({"database": gone})("/health/live")).status_code == 200


async def test_whoever_asks_without_end_looks_once_a_second() -> None:
    looks: list[int] = []

    def look() -> Iterable[Part]:
        looks.append(1)
        return []

    ask = of({"database": look})
    for _ in range(5):
        await ask()

    assert len(looks) == 1 and FRESH == 1

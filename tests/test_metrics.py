"""`/metrics`: counts that add up in Prometheus' own terms, as few rows as clinics allow, about nobody."""

import re
import subprocess
import sys
from datetime import timedelta

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.core.happened import Happened, Kind
from bot.metrics import COUNTS, WAITS, Counts, Gauge, page, routes
from bot.web import asgi

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def rows(counts: Counts, *gauges: Gauge) -> dict[tuple[str, ...], float]:
    """What Prometheus reads: name and labels -> value."""
    text, _ = page(counts, lambda: gauges)
    families = text_string_to_metric_families(text.decode())
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_is_counted_under_its_own_name(kind: Kind) -> None:
    counts = Counts()

    counts.note(Happened(kind=kind, platform="slack", clinic="riverside", why="later"))
    counts.note(Happened(kind=kind, platform="slack", clinic="riverside", why="later", number=3))

    found = {name: value for name, value in rows(counts).items() if "riverside" in name}
    assert found == {(f"bookend_{COUNTS[kind][0]}_total", "riverside", "slack", "later"): 4}


def test_how_long_messages_waited_adds_up_in_its_buckets() -> None:
    counts = Counts()
    for seconds in (-1, 0, 1, 2, 60, 61, 4000):
        waited = timedelta(seconds=seconds)
        counts.note(Happened(kind=Kind.SENT, platform="slack", clinic="riverside", waited=waited))

    text, _ = page(counts, list)
    buckets = re.findall(r'wait_seconds_bucket\{.*le="([^"]+)".*\} (\S+)', text.decode())
    assert buckets == [
        *(("1", "3.0"), ("5", "4.0"), ("15", "4.0"), ("60", "5.0"), ("300", "6.0"), ("900", "6.0")),
        *(("3600", "6.0"), ("+Inf", "7.0")),
    ]
    assert len(buckets) == len(WAITS) + 1
    assert "bookend_wait_seconds_sum" in text.decode() and "4124.0" in text.decode()


def test_what_it_was_about_is_never_a_row() -> None:
    counts = Counts()

    for number in range(1000):
        about = f"prep:K{number:03}:1"
        counts.note(Happened(kind=Kind.SENT, platform="slack", clinic="riverside", why="draw", about=about))

    text, _ = page(counts, list)
    assert b"K999" not in text and text.count(b"riverside") == 1


def test_what_is_so_now_is_a_gauge() -> None:
    up = Gauge(name="platform_up", says="Up.", labels=("platform",), rows={("slack",): 1, ("teams",): 0})

    found = rows(Counts(), up)

    assert (found["bookend_platform_up", "slack"], found["bookend_platform_up", "teams"]) == (1, 0)


def test_the_library_is_loaded_when_the_page_is_read_and_not_before() -> None:
    program = "import sys, bot.metrics; assert 'prometheus_client' not in sys.modules"

    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("client", "everywhere", "status"),
    [("127.0.0.1", False, 200), ("192.0.2.7", False, 403), ("192.0.2.7", True, 200)],
)
async def test_it_answers_this_machine_alone_unless_set_otherwise(
    client: str, everywhere: bool, status: int
) -> None:
    app = asgi(routes(Counts(), list, everywhere=everywhere), health=None)
    wire = httpx.ASGITransport(app=app, client=(client, 1))

    async with httpx.AsyncClient(transport=wire, base_url="http://127.0.0.1") as web:
        answer = await web.get("/metrics")

    assert answer.status_code == status
    assert ("bookend_sent_total" in answer.text) is (status == 200)

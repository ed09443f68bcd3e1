"""What measures the gain of several workers still does: all is sent, by however many."""

import pytest

from tests.scale.__main__ import Backlog, server, told, worked_off

pytestmark = pytest.mark.postgres


def test_two_workers_send_what_one_sends(need_postgres: None) -> None:
    with server(Backlog(clinics=2, cases=1)) as on:
        runs = [worked_off(on, workers, latency=0.0) for workers in (1, 2)]

    assert len(runs[0].late) == len(runs[1].late) > 0
    assert [line.partition(":")[0] for line in told(runs)] == ["1 workers", "2 workers"]

"""Async tests of the platforms run on asyncio, as Bookend does."""

import pytest


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"

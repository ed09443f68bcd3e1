"""What Bookend uses of Microsoft's library, imported in this one place: it reads a `.env` as it is imported.

That file may lie in any folder above, and would change our settings after they were read. Only what connects
Teams imports this module: the library takes 50 MB of memory.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def our_environment_alone() -> Iterator[None]:
    """Let nothing within read a `.env`, or leave anything new in the environment."""
    before = frozenset(os.environ)
    os.environ.setdefault("PYTHON_DOTENV_DISABLED", "1")
    try:
        yield
    finally:
        for name in set(os.environ) - before:
            del os.environ[name]


with our_environment_alone(), warnings.catch_warnings():
    # it warns whoever reads our log of classes of its own that we do not use
    warnings.simplefilter("ignore", FutureWarning)
    from microsoft_teams.api.auth.cloud_environment import PUBLIC, CloudEnvironment, with_overrides
    from microsoft_teams.apps.auth.token_validator import JwtValidationOptions, TokenValidator
    from microsoft_teams.common.http import Client, ClientOptions, MiddlewareContext, MiddlewareNext

__all__ = [
    "PUBLIC",
    "Client",
    "ClientOptions",
    "CloudEnvironment",
    "JwtValidationOptions",
    "MiddlewareContext",
    "MiddlewareNext",
    "TokenValidator",
    "hushed",
    "with_overrides",
]


def hushed() -> None:
    """Keep addresses and whatever people said out of the log: to be called after each Client is made.

    httpx names every address, with the ids of conversations, and a Client sets it back to do so; the library
    itself and MSAL write what they trip over, values and all.
    """
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    for name in ("microsoft_teams", "msal"):
        logging.getLogger(name).setLevel(logging.CRITICAL)

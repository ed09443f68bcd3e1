"""How Bookend proves to Microsoft who it is: a client secret, or the identity that Azure gives its machine.

Both ask by MSAL, which takes its time: it is to be called in a thread. It works in Microsoft's public cloud,
where GCC signs in as well; GCC High, DoD and China have a sign-in of their own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Protocol

import httpx
import msal

from bot.chat.teams.settings import LOGIN, TeamsSettings

#: What Bookend asks to speak to.
CONNECTOR = "https://api.botframework.com"
#: For each step of a request, in seconds: MSAL by itself waits for ever.
TIMEOUT = httpx.Timeout(8, connect=4)

#: What Microsoft's number means, and what to do.
WHAT_TO_DO: Mapping[str, str] = {
    "7000215": "it does not know BOOKEND_TEAMS_CLIENT_SECRET: set it to the secret's value, not to its id",
    "7000222": "the client secret has run out: make a new one for the app in Microsoft Entra, and set "
    "BOOKEND_TEAMS_CLIENT_SECRET to its value",
    "700016": "the tenant BOOKEND_TEAMS_TENANT_ID has no app BOOKEND_TEAMS_CLIENT_ID: compare both with the "
    "app's page in Microsoft Entra",
    "90002": "there is no tenant BOOKEND_TEAMS_TENANT_ID: compare it with the app's page in Microsoft Entra",
}
_NUMBER = re.compile(r"AADSTS(\d{1,12})")

Answer = Mapping[str, Any]


class Proof(Protocol):
    """Asks Microsoft for a token; raises whatever HTTP and MSAL raise."""

    #: What to do where nothing answers.
    away: str

    def ask(self) -> Answer:
        """Return a token and for how long it is good, or what is wrong."""

    def begin_again(self) -> None:
        """Forget what was answered."""

    def why(self, told: str) -> str:
        """Return why there is no token, and what to do about it; `told` is never repeated."""

    def close(self) -> None:
        """Hang up."""


class Secret:
    """The client secret of a single-tenant app; `http` is another way to Microsoft."""

    away = "its sign-in cannot be reached from here: https://login.microsoftonline.com must be"

    def __init__(self, settings: TeamsSettings, http: httpx.Client | None = None) -> None:
        self._settings = settings
        self._http = http or httpx.Client(timeout=TIMEOUT)
        self._app: msal.ConfidentialClientApplication | None = None

    def ask(self) -> Answer:
        """Return a token, or what is wrong."""
        # it looks for the tenant as it is made: not before somebody wants a token, and not on the loop
        app = self._app or msal.ConfidentialClientApplication(
            self._settings.client_id,
            client_credential=self._settings.secret,
            authority=f"{LOGIN}/{self._settings.tenant_id}",
            http_client=self._http,
            # for a refusal it would first ask for other names of that address, and trip over their lack
            instance_discovery=False,
        )
        self._app = app
        found: Answer = app.acquire_token_for_client([f"{CONNECTOR}/.default"])
        return found

    def begin_again(self) -> None:
        """Forget what was answered."""
        self._app = None

    def why(self, told: str) -> str:
        """Return what Microsoft's number means."""
        number = _NUMBER.search(told)
        if number is None:
            return "something else answered in place of its sign-in"
        return WHAT_TO_DO.get(number[1], f"{LOGIN}/error?code={number[1]} says why")

    def close(self) -> None:
        """Hang up."""
        self._http.close()


class ManagedIdentity:
    """The identity that Azure gives a machine, by the id of the bot."""

    away = (
        "this machine gives out no managed identity, which is so outside of Azure: set "
        "BOOKEND_TEAMS_CLIENT_SECRET instead of BOOKEND_TEAMS_MANAGED_IDENTITY"
    )

    def __init__(self, settings: TeamsSettings) -> None:
        # it is asked of this machine itself: no proxy need see it
        self._http = httpx.Client(timeout=TIMEOUT, trust_env=False)
        self._identity = msal.UserAssignedManagedIdentity(client_id=settings.client_id)
        self.begin_again()

    def ask(self) -> Answer:
        """Return a token, or what is wrong."""
        found: Answer = self._client.acquire_token_for_client(resource=CONNECTOR)
        return found

    def begin_again(self) -> None:
        """Forget what was answered."""
        self._client = msal.ManagedIdentityClient(self._identity, http_client=self._http)

    def why(self, told: str) -> str:
        """Return what is most likely wrong: Azure does not say."""
        return "in Azure, this machine was not given the managed identity BOOKEND_TEAMS_CLIENT_ID"

    def close(self) -> None:
        """Hang up."""
        self._http.close()

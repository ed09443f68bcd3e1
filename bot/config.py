"""Settings from the environment; all that are wrong are reported at once."""

from __future__ import annotations

import os
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.addresses import LOOPBACK, called_address, on_this_machine, own_address
from bot.core.errors import BookendError, Mistake, Mistakes, did_you_mean
from bot.keys import key_beside, names_key_beside
from bot.paths import shipped_playbooks

_PREFIX = "BOOKEND_"
#: A secret that is shorter could be guessed.
SHORTEST_SECRET = 16
_SLACK = ("slack_bot_token", "slack_app_token", "slack_signing_secret")
#: How Bookend proves to Microsoft who it is: one of these.
_TEAMS_PROOFS = ("teams_client_secret", "teams_managed_identity", "teams_unauthenticated")
_TEAMS_IDS = {"teams_client_id": "the id of your bot", "teams_tenant_id": "the id of your tenant"}
_TEAMS = (*_TEAMS_IDS, *_TEAMS_PROOFS, "teams_service_url")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_A_CLIENT = "http://localhost:56150/_connector"
_AN_ID = "8f0e0000-0000-0000-0000-000000000001"
#: Quotes that a file of settings hands over as a part of what they enclose.
_QUOTES = ('""', "''", "“”", "‘’")
#: What is said of a value that cannot be read, where pydantic says it in a programmer's words.
_UNREAD = {
    "bool_parsing": "say true or false",
    "int_parsing": "give a number",
    "greater_than_equal": "give a number of 0 or more",
    "less_than_equal": "give a smaller number",
}


def _paths(text: object) -> object:
    return [part.strip() for part in text.split(",") if part.strip()] if isinstance(text, str) else text


class Settings(BaseSettings):
    """What the environment says; every name stands with BOOKEND_ before it, PORT alone without."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, extra="ignore", env_ignore_empty=True)

    clinic: Annotated[tuple[Path, ...], NoDecode, BeforeValidator(_paths)] = ()
    playbooks: Path = Field(default_factory=shipped_playbooks)
    database_url: str = "sqlite:///bookend.db"
    erased: Path | None = None
    history_key: SecretStr | None = None
    identity_keys: SecretStr | None = None
    public_url: Annotated[str, BeforeValidator(own_address)] = ""
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = ""
    slack_team: str = ""
    teams_client_id: str = ""
    teams_client_secret: SecretStr | None = None
    teams_tenant_id: str = ""
    teams_managed_identity: bool = False
    teams_unauthenticated: bool = False
    teams_service_url: str = ""
    teams_moved_to: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535, validation_alias="PORT")
    sheet_folder: Path | None = None
    heartbeat_url: Annotated[SecretStr | None, BeforeValidator(called_address)] = None
    metrics_open: bool = False
    log: Literal["plain", "json"] = "plain"
    debug: bool = False

    def clinic_files(self) -> tuple[Path, ...]:
        """Return the clinics' files; raise BookendError where none is set or one is not there."""
        if not self.clinic:
            raise BookendError("Set BOOKEND_CLINIC to your clinic's file. `bookend demo` needs none.")
        if missing := [str(file) for file in self.clinic if not file.is_file()]:
            raise BookendError(f"BOOKEND_CLINIC names {', '.join(missing)}, and there is no such file.")
        return self.clinic

    def platforms(self) -> tuple[str, ...]:
        """Return the platforms that have what they need to run; raise BookendError for half-set ones."""
        if wrong := [line for lines in self._given().values() for line in lines]:
            raise BookendError("\n".join(wrong))
        return self.whole()

    def whole(self) -> tuple[str, ...]:
        """Return the platforms that have what they need to run, whatever another one lacks."""
        return tuple(name for name, wrong in self._given().items() if not wrong)

    def _given(self) -> dict[str, list[str]]:
        """Return the platforms of which anything is set, each with what is wrong with it."""
        slack = {name for name in _SLACK if getattr(self, name)}
        teams = [name for name in _TEAMS if getattr(self, name)]
        found = {"slack": self._wrong_in_slack(slack)} if slack else {}
        return found | ({"teams": [*self._wrong_in_teams(teams)]} if teams else {})

    def _wrong_in_slack(self, given: Collection[str]) -> list[str]:
        if "slack_bot_token" not in given:
            return ["Slack needs BOOKEND_SLACK_BOT_TOKEN as well."]
        if len(given) == 1:
            return ["Slack needs BOOKEND_SLACK_APP_TOKEN or BOOKEND_SLACK_SIGNING_SECRET as well."]
        return []

    def _wrong_in_teams(self, given: Collection[str]) -> Iterator[str]:
        for name, what in _TEAMS_IDS.items():
            told = getattr(self, name).strip()
            if not told:
                yield f"Microsoft Teams needs {_name((name,))}, {what}, such as {_AN_ID}."
            elif not _GUID.fullmatch(told):
                yield f"{_name((name,))} holds no id: copy {what}, which looks like {_AN_ID}."
        proofs = [_name((name,)) for name in _TEAMS_PROOFS if name in given]
        if not proofs:
            wanted = " or ".join(_name((name,)) for name in _TEAMS_PROOFS[:-1])
            yield f"Microsoft Teams needs {wanted} as well."
        elif len(proofs) > 1:
            yield f"Microsoft Teams cannot have {' and '.join(proofs)} together: keep one."
        if self.teams_service_url and not on_this_machine(self.teams_service_url):
            yield (
                f"BOOKEND_TEAMS_SERVICE_URL is for a test client on this machine, such as {_A_CLIENT}: "
                "leave it out, and Bookend speaks to Microsoft's own addresses."
            )
        elif self.teams_unauthenticated and not self.teams_service_url:
            yield (
                "BOOKEND_TEAMS_UNAUTHENTICATED is for a test on this machine alone: set "
                f"BOOKEND_TEAMS_SERVICE_URL to the test client's address, such as {_A_CLIENT}."
            )
        if self.teams_unauthenticated and self.host not in LOOPBACK:
            yield (
                "BOOKEND_TEAMS_UNAUTHENTICATED is for a test on this machine alone: BOOKEND_HOST must be "
                "127.0.0.1 or localhost."
            )

    def teams(self) -> dict[str, Any]:
        """Return what Teams is reached with."""
        secret = self.teams_client_secret
        return {
            "client_id": self.teams_client_id.strip().lower(),
            "tenant_id": self.teams_tenant_id.strip().lower(),
            "secret": secret.get_secret_value().strip() if secret else "",
            "managed_identity": self.teams_managed_identity,
            "unauthenticated": self.teams_unauthenticated,
            "service_url": self.teams_service_url.strip().rstrip("/"),
        }

    def slack(self) -> dict[str, str]:
        """Return what Slack is reached with; what is not set is left out."""
        secrets = {name: getattr(self, name) for name in _SLACK}
        # what is pasted often brings a space along
        found = {name: each.get_secret_value().strip() for name, each in secrets.items() if each}
        found |= {"slack_api_url": self.slack_api_url} if self.slack_api_url else {}
        return {name.removeprefix("slack_"): value for name, value in found.items()}

    def moved_to(self, platform: str) -> str:
        """Return the workspace to which a platform is to move for good, "" where it stays."""
        return {"slack": self.slack_team, "teams": self.teams_moved_to.strip().lower()}[platform]

    def database(self) -> Path | None:
        """Return the file of a SQLite database, `None` for any other."""
        address, path = self.database_url.partition("?")[0], ""
        if address.startswith("sqlite:///"):
            path = address.removeprefix("sqlite:///")
        return Path(path) if path not in ("", ":memory:") else None

    def erased_list(self) -> Path | None:
        """Return where it is remembered what was erased on request: the setting, or beside a SQLite file."""
        file = self.database()
        return self.erased or (file.with_name(f"{file.name}.erased") if file else None)

    def is_shared(self) -> bool:
        """Say whether several programs can work on the database at once."""
        return self.database_url.startswith(("postgresql:", "postgresql+", "postgres:"))

    def key(self) -> bytes:
        """Return the secret that history is chained with: the setting, or a key file beside a SQLite file."""
        if self.history_key is not None:
            return self.history_key.get_secret_value().encode()
        if (file := self.database()) is not None:
            return key_beside(file)
        raise BookendError("Set BOOKEND_HISTORY_KEY: all instances need one secret for the history chain.")

    def secrets_of_names(self) -> tuple[bytes, ...]:
        """Return the secrets that patients' names are encrypted with, the newest first; none for none set.

        Beside a SQLite file there is always one.
        """
        if self.identity_keys is not None:
            told = self.identity_keys.get_secret_value().split(",")
            found = tuple(part.strip().encode() for part in told if part.strip())
            if any(len(secret) < SHORTEST_SECRET for secret in found):
                raise BookendError(f"BOOKEND_IDENTITY_KEYS: each needs {SHORTEST_SECRET} characters or more.")
            return found
        file = self.database()
        return (names_key_beside(file),) if file is not None else ()


def settings() -> Settings:
    """Read the settings; raise Mistakes with every one that is wrong."""
    quoted = {name: "it stands in quotes: take them away" for name in names() if _quoted(name)}
    try:
        found = Settings()
    except ValidationError as trouble:
        unread = {_name(each["loc"]): _unread(**each) for each in trouble.errors(include_input=False)}
        raise _wrong(unread | quoted) from None
    if quoted:
        raise _wrong(quoted)
    return found


def _wrong(said: Mapping[str, str]) -> Mistakes:
    return Mistakes(Mistake(file=name, what=f"{what}.") for name, what in said.items())


def _unread(*, type: str, msg: str, ctx: Mapping[str, Any] = {}, **_: object) -> str:
    ours = ctx.get("error")
    return str(ours) if isinstance(ours, ValueError) else _UNREAD.get(type, msg)


def _quoted(name: str) -> bool:
    told = os.environ.get(name, "").strip()
    return len(told) > 1 and told[0] + told[-1] in _QUOTES


def _name(place: tuple[int | str, ...]) -> str:
    name = str(place[0]).upper() if place else ""
    return name if name == "PORT" else f"{_PREFIX}{name}"


def names() -> list[str]:
    """Return the names of all settings, as they stand in the environment."""
    return [_name((name,)) for name in Settings.model_fields]


def unknown(environment: Mapping[str, str]) -> Iterator[str]:
    """Say of each name that begins like a setting and is none what it may have been meant to be."""
    for name in sorted(environment):
        if name.startswith(_PREFIX) and not name.startswith("BOOKEND_TEST_") and name not in names():
            yield f"{name} is no setting of Bookend.{did_you_mean(name, names())}"

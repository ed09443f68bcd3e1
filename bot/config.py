"""Settings from the environment; all that are wrong are reported at once."""

from __future__ import annotations

import secrets
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.core.errors import BookendError, Mistake, Mistakes
from bot.paths import shipped_playbooks


class Settings(BaseSettings):
    """What `bookend serve` reads; every name stands with BOOKEND_ before it, PORT alone without."""

    model_config = SettingsConfigDict(env_prefix="BOOKEND_", extra="ignore", env_ignore_empty=True)

    clinic: list[Path] | Path | None = None
    playbooks: Path = Field(default_factory=shipped_playbooks)
    database_url: str = "sqlite:///bookend.db"
    history_key: SecretStr | None = None
    slack_bot_token: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_signing_secret: SecretStr | None = None
    slack_api_url: str = ""
    teams_client_id: str = ""
    teams_client_secret: SecretStr | None = None
    teams_tenant_id: str = ""
    teams_service_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535, validation_alias="PORT")

    def clinic_files(self) -> list[Path]:
        """Return the clinics' files; raise BookendError where none is set."""
        if self.clinic is None:
            raise BookendError("Set BOOKEND_CLINIC to your clinic's file. `bookend demo` needs none.")
        files = self.clinic if isinstance(self.clinic, list) else [self.clinic]
        missing = [str(file) for file in files if not file.is_file()]
        if missing:
            raise BookendError(f"BOOKEND_CLINIC names {', '.join(missing)}, and there is no such file.")
        return files

    def platforms(self) -> list[str]:
        """Return the platforms that have what they need to run; raise BookendError for a half-set one."""
        if self.slack_bot_token is None:
            return []
        if self.slack_app_token is None and self.slack_signing_secret is None:
            raise BookendError(
                "Slack needs BOOKEND_SLACK_APP_TOKEN (Socket Mode), too, or BOOKEND_SLACK_SIGNING_SECRET (HTTP)."
            )
        return ["slack"]

    def slack(self) -> dict[str, str]:
        """Return what Slack is reached with; what is not set is left out."""
        secrets = {
            "bot_token": self.slack_bot_token,
            "app_token": self.slack_app_token,
            "signing_secret": self.slack_signing_secret,
        }
        found = {name: secret.get_secret_value() for name, secret in secrets.items() if secret}
        return found | ({"api_url": self.slack_api_url} if self.slack_api_url else {})

    def key(self) -> bytes:
        """Return the secret that history is chained with: the setting, or a key file beside a SQLite
        database.
        """
        if self.history_key is not None:
            return self.history_key.get_secret_value().encode()
        if not self.database_url.startswith("sqlite:///"):
            raise BookendError(
                "Set BOOKEND_HISTORY_KEY: all instances need one secret for the history chain."
            )
        return key_beside(Path(self.database_url.removeprefix("sqlite:///")))


def key_beside(database: Path) -> bytes:
    """Return the key kept beside a SQLite file, made on first use and readable by its owner alone."""
    file = database.with_name(database.name + ".key")
    try:
        if not file.exists():
            file.touch(mode=0o600, exist_ok=False)
            file.write_text(secrets.token_hex(32), encoding="ascii")
        return bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as trouble:
        raise BookendError(
            f"The key file {file} cannot be used: {trouble}. Restore it from your backup."
        ) from None


def settings() -> Settings:
    """Read the settings; raise Mistakes with every one that is wrong."""
    try:
        return Settings()
    except ValidationError as wrong:
        raise Mistakes(
            Mistake(file=_name(each["loc"]), what=each["msg"]) for each in wrong.errors(include_input=False)
        ) from None


def _name(place: tuple[int | str, ...]) -> str:
    name = str(place[0]).upper() if place else ""
    return name if name == "PORT" else f"BOOKEND_{name}"

"""Settings as a program reads them that runs in an environment which is not this one's."""

from collections.abc import Mapping

from bot.config import Settings


def settings_of(environment: Mapping[str, str]) -> Settings:
    """Return what stands in an environment; what is no setting of ours is left out."""
    names = {name.removeprefix("BOOKEND_").lower(): value for name, value in environment.items()}
    return Settings(**{name: value for name, value in names.items() if name in Settings.model_fields})

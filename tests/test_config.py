"""Settings: read from the environment, wrong ones told all at once, secrets never shown."""

import stat
from pathlib import Path

import pytest

from bot.config import Settings, key_beside, names, settings, unknown
from bot.core.errors import BookendError, Mistakes
from bot.paths import shipped_playbooks


@pytest.fixture(autouse=True)
def empty(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in names():
        monkeypatch.delenv(name, raising=False)


def test_without_any_setting_everything_has_a_safe_value() -> None:
    found = settings()

    assert (found.host, found.port, found.debug) == ("127.0.0.1", 8080, False)
    assert found.database_url == "sqlite:///bookend.db"
    assert found.playbooks == shipped_playbooks()
    assert found.platforms() == ()


def test_an_empty_setting_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("BOOKEND_SLACK_BOT_TOKEN", "")

    assert settings().port == 8080
    assert settings().platforms() == ()


def test_all_wrong_settings_are_told_at_once_and_no_value_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "sixty-five")
    monkeypatch.setenv("BOOKEND_DEBUG", "perhaps")

    with pytest.raises(Mistakes) as wrong:
        settings()

    assert [mistake.file for mistake in wrong.value.mistakes] == ["BOOKEND_DEBUG", "PORT"]
    assert "sixty-five" not in str(wrong.value)
    assert "perhaps" not in str(wrong.value)


def test_several_clinics_are_named_with_commas(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.yaml", "b.yaml"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOOKEND_CLINIC", "a.yaml, b.yaml")

    assert settings().clinic_files() == (Path("a.yaml"), Path("b.yaml"))


def test_a_clinic_file_that_is_not_there_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BookendError, match="Set BOOKEND_CLINIC"):
        settings().clinic_files()
    monkeypatch.setenv("BOOKEND_CLINIC", "clinic.yaml")

    with pytest.raises(BookendError, match=r"names clinic\.yaml, and there is no such file"):
        settings().clinic_files()


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (["BOT_TOKEN"], "BOOKEND_SLACK_APP_TOKEN or BOOKEND_SLACK_SIGNING_SECRET"),
        (["APP_TOKEN"], "BOOKEND_SLACK_BOT_TOKEN"),
        (["SIGNING_SECRET"], "BOOKEND_SLACK_BOT_TOKEN"),
        (["APP_TOKEN", "SIGNING_SECRET"], "BOOKEND_SLACK_BOT_TOKEN"),
    ],
)
def test_half_a_platform_is_refused_with_what_is_missing(
    monkeypatch: pytest.MonkeyPatch, given: list[str], missing: str
) -> None:
    for name in given:
        monkeypatch.setenv(f"BOOKEND_SLACK_{name}", "invented")

    with pytest.raises(BookendError, match=missing):
        settings().platforms()


def test_slack_is_handed_what_is_set_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKEND_SLACK_BOT_TOKEN", "xoxb-invented")
    monkeypatch.setenv("BOOKEND_SLACK_SIGNING_SECRET", "invented")
    monkeypatch.setenv("BOOKEND_SLACK_API_URL", "http://127.0.0.1:1/api/")

    found = settings()

    assert found.platforms() == ("slack",)
    assert found.slack() == {
        "bot_token": "xoxb-invented",
        "signing_secret": "invented",
        "api_url": "http://127.0.0.1:1/api/",
    }
    assert "invented" not in repr(found)


def test_a_name_that_is_no_setting_is_told_with_the_nearest_one() -> None:
    environment = {"BOOKEND_CLINC": "clinic.yaml", "BOOKEND_TEST_SLACK": "", "PORTS": "1", "BOOKEND_HOST": ""}

    (told,) = unknown(environment)

    assert told.startswith("BOOKEND_CLINC is no setting of Bookend. Did you mean 'BOOKEND_CLINIC'")


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("sqlite:///bookend.db", Path("bookend.db")),
        ("sqlite:////var/lib/bookend.db", Path("/var/lib/bookend.db")),
        ("sqlite:///bookend.db?timeout=9", Path("bookend.db")),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("postgresql://someone@somewhere/bookend", None),
    ],
)
def test_only_a_sqlite_file_is_a_file(url: str, file: Path | None) -> None:
    assert Settings(database_url=url).database() == file


def test_instances_that_share_a_server_must_share_a_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKEND_DATABASE_URL", "postgresql://someone@somewhere/bookend")
    with pytest.raises(BookendError, match="Set BOOKEND_HISTORY_KEY"):
        settings().key()
    monkeypatch.setenv("BOOKEND_HISTORY_KEY", "a secret that nobody can guess")

    assert settings().key() == b"a secret that nobody can guess"


def test_a_key_is_made_once_and_read_by_its_owner_alone(tmp_path: Path) -> None:
    first, second = key_beside(tmp_path / "a.db"), key_beside(tmp_path / "a.db")

    file = tmp_path / "a.db.key"
    assert first == second
    assert len(first) == 32
    assert [stat.S_IMODE(each.stat().st_mode) for each in tmp_path.iterdir()] == [0o600] * 2
    assert sorted(tmp_path.iterdir()) == [tmp_path / "a.db", file]


def test_a_database_whose_key_is_missing_gets_no_new_one(tmp_path: Path) -> None:
    (tmp_path / "a.db").write_bytes(b"what was kept")

    with pytest.raises(BookendError, match="is missing: restore it from your backup"):
        key_beside(tmp_path / "a.db")

    assert not (tmp_path / "a.db.key").exists()


def test_a_folder_that_is_not_there_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BookendError, match="make its folder"):
        key_beside(tmp_path / "nowhere" / "a.db")


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("https://bookend.example/", "https://bookend.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        (" https://bookend.example/clinic ", "https://bookend.example/clinic"),
    ],
)
def test_the_public_address_loses_its_last_stroke(
    told: str, kept: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOOKEND_PUBLIC_URL", told)

    assert settings().public_url == kept


@pytest.mark.parametrize("told", ["bookend.example", "http://bookend.example", "ftp://x", "https://x/?a=b"])
def test_names_are_shown_over_https_only(told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKEND_PUBLIC_URL", told)

    with pytest.raises(Mistakes, match="BOOKEND_PUBLIC_URL"):
        settings()


def test_the_secret_for_names_lies_beside_a_sqlite_file(tmp_path: Path) -> None:
    known = Settings(database_url=f"sqlite:///{tmp_path / 'bookend.db'}")

    first, again = known.secrets_of_names(), known.secrets_of_names()

    assert first == again
    assert oct((tmp_path / "bookend.db.names.key").stat().st_mode)[-3:] == "600"

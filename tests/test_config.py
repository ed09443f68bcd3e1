"""Settings: read from the environment, wrong ones told all at once, secrets never shown."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.config import Settings, names, settings, unknown
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


@pytest.mark.parametrize(
    ("name", "told", "said"),
    [
        ("BOOKEND_TEAMS_MANAGED_IDENTITY", "yes please", "say true or false"),
        ("PORT", "http", "give a number"),
        ("PORT", "99999", "give a smaller number"),
        ("BOOKEND_HEARTBEAT_URL", "hc.example/4f1d", "give the address that is to be called, such as .*"),
        ("BOOKEND_HEARTBEAT_URL", "http://hc.example/4f1d", "it may only be called over https"),
        ("BOOKEND_PUBLIC_URL", "http://bookend.example", "names may only be shown over https"),
        ("BOOKEND_PUBLIC_URL", "https://bookend.example/api/messages", "leave out /api/messages: .*"),
        ("BOOKEND_TEAMS_TENANT_ID", '"66666666-7777-8888-9999-000000000000"', "it stands in quotes: take .*"),
        ("BOOKEND_TEAMS_CLIENT_SECRET", "“an~invented.secret”", "it stands in quotes: take them away"),
        ("BOOKEND_DEBUG", "'yes'", "it stands in quotes: take them away"),
    ],
)
def test_a_wrong_setting_is_told_in_words_that_say_what_to_write(
    name: str, told: str, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, told)

    with pytest.raises(Mistakes, match=rf"\A{name}: {said}\.\Z"):
        settings()


def test_what_one_platform_lacks_does_not_hide_what_another_one_lacks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("BOOKEND_SLACK_APP_TOKEN", "xapp-invented")
    monkeypatch.setenv("BOOKEND_TEAMS_CLIENT_SECRET", "an~invented.secret")

    with pytest.raises(BookendError) as refusal:
        settings().platforms()

    lines = str(refusal.value).splitlines()
    assert [line.split(" needs ")[0] for line in lines] == ["Slack", "Microsoft Teams", "Microsoft Teams"]


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
        ("postgresql://someone@somewhere/bookend?sslmode=require", None),
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


BOT, TENANT = "11111111-2222-3333-4444-555555555555", "66666666-7777-8888-9999-000000000000"
LOCAL_CLIENT = "http://localhost:56150/_connector"
TEAMS_IDS = {"CLIENT_ID": BOT, "TENANT_ID": TENANT}
WITH_SECRET = TEAMS_IDS | {"CLIENT_SECRET": "an~invented.secret"}
WITHOUT_PROOF = TEAMS_IDS | {"UNAUTHENTICATED": "true", "SERVICE_URL": LOCAL_CLIENT}


Teams = Callable[[Mapping[str, str]], Settings]


@pytest.fixture
def teams(monkeypatch: pytest.MonkeyPatch) -> Teams:
    """The settings of Teams as somebody has set them."""

    def read(given: Mapping[str, str]) -> Settings:
        for name, value in given.items():
            monkeypatch.setenv(f"BOOKEND_TEAMS_{name}", value)
        return settings()

    return read


@pytest.mark.parametrize(
    "given",
    [WITH_SECRET, TEAMS_IDS | {"MANAGED_IDENTITY": "true"}, WITHOUT_PROOF],
    ids=lambda given: [*given][-1],
)
def test_teams_runs_with_one_proof_of_who_we_are(teams: Teams, given: dict[str, str]) -> None:
    assert teams(given).platforms() == ("teams",)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"CLIENT_ID": BOT}, "BOOKEND_TEAMS_TENANT_ID, the id of your tenant"),
        (
            WITH_SECRET | {"CLIENT_ID": "bookend"},
            "BOOKEND_TEAMS_CLIENT_ID holds no id: copy the id of your bot",
        ),
        (TEAMS_IDS, "BOOKEND_TEAMS_CLIENT_SECRET or BOOKEND_TEAMS_MANAGED_IDENTITY as well"),
        (
            WITH_SECRET | {"MANAGED_IDENTITY": "true"},
            "cannot have .*CLIENT_SECRET and .*MANAGED_IDENTITY together",
        ),
        (WITH_SECRET | WITHOUT_PROOF, "cannot have .*CLIENT_SECRET and .*UNAUTHENTICATED together"),
        (TEAMS_IDS | {"UNAUTHENTICATED": "true"}, "UNAUTHENTICATED is for a test on this machine alone"),
        (
            WITHOUT_PROOF | {"SERVICE_URL": "https://smba.trafficmanager.net/teams"},
            "SERVICE_URL is for a test",
        ),
        (WITH_SECRET | {"SERVICE_URL": "http://127.0.0.1@evil.example"}, "SERVICE_URL is for a test"),
        (WITHOUT_PROOF | {"SERVICE_URL": "localhost:56150"}, "such as http://localhost:56150/_connector"),
    ],
)
def test_teams_is_refused_with_what_is_wrong(teams: Teams, given: dict[str, str], said: str) -> None:
    with pytest.raises(BookendError, match=said):
        teams(given).platforms()


def test_everything_that_is_wrong_with_teams_is_told_at_once_without_the_secret(teams: Teams) -> None:
    with pytest.raises(BookendError) as refusal:
        teams(WITH_SECRET | WITHOUT_PROOF | {"CLIENT_ID": "", "TENANT_ID": "x"}).platforms()

    assert len(str(refusal.value).splitlines()) == 3
    assert WITH_SECRET["CLIENT_SECRET"] not in str(refusal.value)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "bookend.our-clinic.example"])
def test_whoever_is_believed_without_a_proof_reaches_us_from_this_machine_alone(
    teams: Teams, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setenv("BOOKEND_HOST", host)

    with pytest.raises(BookendError, match="BOOKEND_HOST must be"):
        teams(WITHOUT_PROOF).platforms()


def test_nothing_that_is_not_called_ours_changes_what_teams_is_reached_with(
    teams: Teams, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = teams(WITH_SECRET).teams()
    theirs = {
        "DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS": "true",
        "CLIENT_ID": "invented",
        "CLIENT_SECRET": "invented",
        "TENANT_ID": "invented",
        "MANAGED_IDENTITY_CLIENT_ID": "invented",
        "SERVICE_URL": "https://evil.example",
        "CLOUD": "invented",
    }
    for name, value in theirs.items():
        monkeypatch.setenv(name, value)

    assert settings().teams() == ours


def test_teams_is_handed_what_is_set_as_microsoft_writes_it(teams: Teams) -> None:
    found = teams(WITH_SECRET | {"CLIENT_ID": f" {BOT.upper()} ", "SERVICE_URL": f"{LOCAL_CLIENT}/"})

    assert found.teams() == {
        "client_id": BOT,
        "tenant_id": TENANT,
        "secret": WITH_SECRET["CLIENT_SECRET"],
        "managed_identity": False,
        "unauthenticated": False,
        "service_url": LOCAL_CLIENT,
    }
    assert WITH_SECRET["CLIENT_SECRET"] not in repr(found)

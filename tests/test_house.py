"""The house keeps its own rules: those that ruff, mypy and import-linter cannot see."""

import ast
import configparser
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.paths import shipped_playbooks
from tests.conftest import missing

ROOT = Path(__file__).parent.parent
LONGEST_FUNCTION = 39
LONGEST_FILE = 300


def tracked() -> list[Path]:
    """Every file that git knows of, or would add: what a newcomer clones."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)
    if listed.returncode:
        pytest.skip("This tree is not a git checkout: there is no list of its files.")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def modules(folder: str = "bot") -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"), filename=str(path))


def outside_packages(path: Path) -> set[str]:
    """The packages that a module imports, other than Python's own and ours."""
    names: set[str] = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names - {"bot"}


def functions(path: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (
                f"{path.relative_to(ROOT)}:{node.lineno} {node.name}",
                (node.end_lineno or 0) - node.lineno + 1,
            )


def test_no_file_names_a_package_registry_or_a_folder_of_the_machine_it_was_written_on() -> None:
    registries = "|".join(map(re.escape, ["pypi" + ".org", "python" + "hosted.org", "npm" + "js.org"]))
    folders = "|".join(["work", "tmp", "root", "home", "Users"])
    wrong = re.compile(rf"(?i:{registries})|(?<![\w.$}}/:-])/(?:{folders})/[\w.]+")

    found = [
        f"{path.relative_to(ROOT)}:{number}: {hit.group()}"
        for path in tracked()
        if path.suffix not in {".png", ".jpg", ".ico", ".woff2"}
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1)
        if (hit := wrong.search(line))
    ]

    assert found == []


def test_every_constraint_is_one_exact_version_and_no_address() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()

    odd = [line for line in lines if not re.fullmatch(r"#.*|[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+", line)]

    assert odd == []


def test_everything_that_the_project_asks_for_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    asked = project["dependencies"] + [
        line for extra in project["optional-dependencies"].values() for line in extra
    ]
    pinned = {
        canonical(line.split("==")[0]) for line in (ROOT / "constraints.txt").read_text("utf-8").split()
    }

    missing_pins = {canonical(re.split(r"[\[<>=!~ ]", line)[0]) for line in asked} - pinned

    assert missing_pins == set()


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_a_file_and_its_functions_fit_a_readers_head() -> None:
    long_files = [path for path in modules() if len(path.read_text("utf-8").splitlines()) > LONGEST_FILE]
    long_functions = [
        f"{where} has {length} lines"
        for path in modules()
        for where, length in functions(path)
        if length > LONGEST_FUNCTION
    ]

    assert (long_files, long_functions) == ([], [])


def test_every_module_says_in_one_sentence_what_it_is() -> None:
    assert [path for path in modules() if not ast.get_docstring(tree(path))] == []


def test_the_core_and_its_ports_need_nothing_but_python() -> None:
    needed = {
        str(path.relative_to(ROOT)): outside
        for path in [*modules("bot/core"), *modules("bot/service"), *modules("bot/ports")]
        if path.exists() and (outside := outside_packages(path))
    }

    assert needed == {}


def test_every_outside_package_has_a_home_in_the_import_rules() -> None:
    rules = configparser.ConfigParser()
    rules.read(ROOT / ".importlinter", "utf-8")
    housed = {
        name for section in rules.sections() for name in rules[section].get("forbidden_modules", "").split()
    }

    homeless = {name: str(path) for path in modules() for name in outside_packages(path) - housed}

    assert homeless == {}


def test_the_wheel_carries_the_playbooks_the_pages_and_the_migrations(tmp_path: Path) -> None:
    packed = set(zipfile.ZipFile(wheel(tmp_path)).namelist())

    wanted = {f"bot/_playbooks/{path.name}" for path in shipped_playbooks().glob("*.yaml")}
    for folder in ("bot/chat/local/page", "bot/paper/page", "bot/store/migrations"):
        wanted |= {str(path.relative_to(ROOT)) for path in tracked() if path.is_relative_to(ROOT / folder)}
    assert wanted - packed == set()
    assert not any(name.startswith(("tests/", "playbooks/")) for name in packed)


def wheel(folder: Path) -> Path:
    """The wheel as a release builds it, with the tools that are installed already."""
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_a_missing_component_is_skipped_on_a_laptop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOOKEND_TEST_REQUIRE", raising=False)

    with pytest.raises(pytest.skip.Exception, match="install it"):
        missing("install it")


def test_a_missing_component_fails_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOOKEND_TEST_REQUIRE", "all")

    with pytest.raises(pytest.fail.Exception, match="install it"):
        missing("install it")

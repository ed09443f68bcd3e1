"""The command that begins a playbook: it asks what was not told, and writes what passes `bookend check`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import terminal
from bot.cli.given import Playbooks, readable
from bot.core.errors import BookendError, Mistakes

if TYPE_CHECKING:
    from bot.core.facts import Fact


def new_playbook(
    playbooks: Playbooks,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where to write it; else ID.yaml in this folder.")
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(metavar="FILE", callback=readable, help="The answers in YAML; nothing is asked then."),
    ] = None,
    title: Annotated[str | None, typer.Option(help="What the procedure is called.")] = None,
    id: Annotated[str | None, typer.Option(help="Its short name, such as glow.")] = None,
    minutes: Annotated[str | None, typer.Option(help="How long it takes.")] = None,
    checks: Annotated[str | None, typer.Option(help="What to check before; ; between several.")] = None,
    opened: Annotated[str | None, typer.Option(metavar="YES|NO", help="Whether the skin is opened.")] = None,
    days: Annotated[str | None, typer.Option(help="Days after it, such as 1, 7.")] = None,
    allow: Annotated[
        list[str] | None, typer.Option(metavar="FACT=WORD", help="What this procedure is, fact by fact.")
    ] = None,
) -> None:
    """Begin a playbook of your own.

    It asks a few questions and writes a file that `bookend check` accepts, with what every procedure shares.
    With --title it asks nothing: what you do not say is as usual. No file is ever overwritten.

    Example: bookend new-playbook --title "Light glow" --days "2, 7"
    """
    told = {"title": title, "id": id, "minutes": minutes, "checks": checks, "opened": opened, "days": days}
    given = {name: said for name, said in told.items() if said is not None}
    path = _begin(given, allow, answers, out, playbooks)
    terminal.say(f"{path} is written. Go on with: bookend check {path}")


def _begin(
    given: Mapping[str, str], allow: list[str] | None, answers: Path | None, out: Path | None, playbooks: Path
) -> Path:
    from bot.files.begun import begun_with, may_differ, playbook_text
    from bot.files.folders import load_playbooks

    known = load_playbooks(playbooks)
    facts = may_differ(known)
    if answers:
        said, allows = _from_file(answers, facts)
    else:
        said = _asked(given)
        allows = _allowed([] if "title" in given and allow is None else allow, facts)
    begun = begun_with(said, allows)
    if begun.id in known:
        raise BookendError(f"There is a playbook {begun.id!r} already; take another short name.")
    path = out or Path(f"{begun.id}.yaml")
    _write(playbook_text(begun), path, playbooks)
    return path


def _from_file(path: Path, facts: Mapping[str, Fact]) -> tuple[dict[str, object], dict[str, str]]:
    """Return the answers of a file; what it does not say is as usual."""
    from bot.files.begun import QUESTIONS, READ, in_words, read_allowed, usual
    from bot.files.reader import read

    root = read(*terminal.read(path))
    root.only(*QUESTIONS, "allows")
    found: dict[str, object] = {}
    for name in QUESTIONS:
        entry = root.get(name)
        found[name] = READ[name](entry or in_words(name, usual(name, found)))
    root.need("title")
    if root.source.mistakes:
        raise Mistakes(root.source.mistakes)
    said = root.get("allows")
    pairs = [(key.text(), word.text()) for key, word in said.pairs()] if said else []
    return found, {name: word for pair in pairs for name, word in read_allowed(facts, *pair).items()}


def _asked(given: Mapping[str, str]) -> dict[str, object]:
    """Return an answer to every question: as given; else as usual where a title was given, or as typed."""
    from bot.files.begun import QUESTIONS, in_words, read_answer, usual

    found: dict[str, object] = {}
    for name, (question, _) in QUESTIONS.items():
        if name in given:
            found[name] = read_answer(name, in_words(name, given[name]))
        elif "title" in given:
            found[name] = read_answer(name, in_words(name, usual(name, found)))
        else:
            found[name] = _typed(name, question, usual(name, found))
    return found


def _typed(name: str, question: str, otherwise: str) -> object:
    from bot.files.begun import in_words, read_answer

    while True:
        said = _prompt(question, otherwise)
        try:
            return read_answer(name, in_words(name, said))
        except BookendError as wrong:
            terminal.warn(str(wrong))


def _prompt(question: str, otherwise: str) -> str:
    try:
        return str(typer.prompt(question, default=otherwise, show_default=bool(otherwise), prompt_suffix=" "))
    except typer.Abort:
        raise BookendError("Nothing was written: not every question was answered.") from None


def _allowed(given: list[str] | None, facts: Mapping[str, Fact]) -> dict[str, str]:
    from bot.files.begun import read_allowed

    if given is not None:
        pairs = [each.partition("=") for each in given]
        return {name: word for key, _, said in pairs for name, word in read_allowed(facts, key, said).items()}
    found: dict[str, str] = {}
    for name, fact in facts.items():
        question = f"{fact.title}: which of {', '.join(fact.words)}? Empty leaves it open"
        while True:
            try:
                found |= read_allowed(facts, name, _prompt(question, "").strip())
                break
            except BookendError as wrong:
                if "Nothing was written" in str(wrong):
                    raise
                terminal.warn(str(wrong))
    return found


def _write(text: str, path: Path, playbooks: Path) -> None:
    """Write a playbook that is proved to be one, and never over another file."""
    from bot.files.folders import load_folder
    from bot.files.playbooks import parse_playbook

    texts = {**load_folder(playbooks), str(path): text}
    name = text.partition("\nplaybook: ")[2].partition("\n")[0]
    parse_playbook(texts, name)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise BookendError(f"{path} is there already; nothing was written. Say --out FILE.") from None

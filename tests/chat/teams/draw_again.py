"""Draw the gallery again: `python -m tests.chat.teams.draw_again`; read what changed before you commit."""

from __future__ import annotations

import json
from pathlib import Path

from tests.chat.teams.gallery import Json, gallery

DRAWN = Path(__file__).parent / "drawn"


def written(given: Json) -> str:
    """Return JSON that shows a difference element by element and button by button, in few lines."""
    (attached,) = given["attachments"]
    card = attached["content"]
    around = _lines({name: value for name, value in given.items() if name != "attachments"})
    rest = _lines({name: value for name, value in card.items() if name not in ("body", "actions")})
    lists = ",\n".join(_listed(name, card[name]) for name in ("body", "actions") if name in card)
    kind = _compact(attached["contentType"])
    inside = "\n".join([*(f"{each}," for each in rest), lists])
    top = "\n".join(f"{each}," for each in around)
    return f'{{\n{top}\n "attachments": [{{"contentType":{kind},"content":{{\n{inside}\n }}}}]\n}}\n'


def _lines(what: Json) -> list[str]:
    return [f" {_compact(name)}: {_compact(value)}" for name, value in what.items()]


def _listed(name: str, some: list[Json]) -> str:
    each = ",\n".join(f"  {_compact(one)}" for one in some)
    return f" {_compact(name)}: [\n{each}\n ]"


def _compact(what: object) -> str:
    return json.dumps(what, ensure_ascii=False, separators=(",", ":"))


def draw_again(folder: Path = DRAWN) -> None:
    """Write every card and form to a file of its own, and remove what is drawn no more."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for name, given in gallery().items():
        (folder / f"{name}.json").write_text(written(given), "utf-8")


if __name__ == "__main__":
    draw_again()

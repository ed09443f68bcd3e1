"""Draw the gallery again: `python -m tests.chat.teams.draw_again`; read what changed before you commit."""

from __future__ import annotations

from pathlib import Path

from tests.chat.drawn_again import compact, write_all
from tests.chat.teams.gallery import Json, gallery

DRAWN = Path(__file__).parent / "drawn"


def written(given: Json) -> str:
    """Return JSON that shows a difference element by element and button by button, in few lines."""
    (attached,) = given["attachments"]
    card = attached["content"]
    around = _lines({name: value for name, value in given.items() if name != "attachments"})
    rest = _lines({name: value for name, value in card.items() if name not in ("body", "actions")})
    lists = ",\n".join(_listed(name, card[name]) for name in ("body", "actions") if name in card)
    kind = compact(attached["contentType"])
    inside = "\n".join([*(f"{each}," for each in rest), lists])
    top = "\n".join(f"{each}," for each in around)
    return f'{{\n{top}\n "attachments": [{{"contentType":{kind},"content":{{\n{inside}\n }}}}]\n}}\n'


def _lines(what: Json) -> list[str]:
    return [f" {compact(name)}: {compact(value)}" for name, value in what.items()]


def _listed(name: str, some: list[Json]) -> str:
    each = ",\n".join(f"  {compact(one)}" for one in some)
    return f" {compact(name)}: [\n{each}\n ]"


if __name__ == "__main__":
    write_all(DRAWN, gallery(), written)

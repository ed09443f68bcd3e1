"""Draw the gallery again: `python -m tests.chat.slack.draw_again`; read what changed before you commit."""

from __future__ import annotations

from pathlib import Path

from tests.chat.drawn_again import compact, write_all
from tests.chat.slack.gallery import Json, gallery

DRAWN = Path(__file__).parent / "drawn"


def written(given: Json) -> str:
    """Return JSON that shows a difference block by block, in few lines."""
    rest = {name: value for name, value in given.items() if name != "blocks"}
    lines = [f" {compact(name)}: {compact(value)}," for name, value in rest.items()]
    blocks = ",\n".join(f"  {compact(block)}" for block in given["blocks"])
    return "\n".join(["{", *lines, ' "blocks": [', blocks, " ]", "}", ""])


if __name__ == "__main__":
    write_all(DRAWN, gallery(), written)

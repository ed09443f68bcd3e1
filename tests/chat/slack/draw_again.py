"""Draw the gallery again: `python -m tests.chat.slack.draw_again`; read what changed before you commit."""

from __future__ import annotations

import json
from pathlib import Path

from tests.chat.slack.gallery import Json, gallery

DRAWN = Path(__file__).parent / "drawn"


def written(given: Json) -> str:
    """Return JSON that shows a difference block by block, in few lines."""
    rest = {name: value for name, value in given.items() if name != "blocks"}
    lines = [f" {_compact(name)}: {_compact(value)}," for name, value in rest.items()]
    blocks = ",\n".join(f"  {_compact(block)}" for block in given["blocks"])
    return "\n".join(["{", *lines, ' "blocks": [', blocks, " ]", "}", ""])


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

"""A gallery's drawings as files: what `slack.draw_again` and `teams.draw_again` share."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

Json = dict[str, Any]


def compact(what: object) -> str:
    """Return JSON on one line."""
    return json.dumps(what, ensure_ascii=False, separators=(",", ":"))


def write_all(folder: Path, gallery: Mapping[str, Json], written: Callable[[Json], str]) -> None:
    """Write every card and form to a file of its own, and remove what is drawn no more."""
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.json"):
        old.unlink()
    for name, given in gallery.items():
        (folder / f"{name}.json").write_text(written(given), "utf-8")

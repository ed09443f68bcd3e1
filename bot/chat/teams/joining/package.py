"""The app package: the zip that an admin uploads to Teams; the same settings make the same bytes."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from bot.chat.teams.joining import icons
from bot.chat.teams.joining.manifest import Wanted, manifest
from bot.core.errors import BookendError

MANIFEST = "manifest.json"
#: The earliest moment that a zip can name: what is packed has no time.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
#: A file that its owner may write and everybody may read, on Unix.
_READABLE, _UNIX = 0o100644 << 16, 3


def package(wanted: Wanted) -> bytes:
    """Return the package; raise BookendError for what Teams would refuse."""
    told = json.dumps(manifest(wanted), indent=2, ensure_ascii=False) + "\n"
    files = {MANIFEST: told.encode(), "color.png": icons.color(), "outline.png": icons.outline()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as found:
        for name, held in files.items():
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.external_attr, entry.create_system = _READABLE, _UNIX
            found.writestr(entry, held, zipfile.ZIP_DEFLATED, compresslevel=9)
    return packed.getvalue()


def keep(packed: bytes, file: Path) -> str:
    """Write a package in the place of an earlier one of the same app; return what is odd about that, "" for
    nothing; raise BookendError where another file is there.
    """
    before, told = _told_in(file), _told_in(io.BytesIO(packed))
    if file.exists() and before.get("id") != told["id"]:
        what = "the package of another bot" if before else "another file"
        raise BookendError(f"{file} is {what}, and is left as it is: name a new one with --out.")
    file.write_bytes(packed)
    if before and before != told and before["version"] == told["version"]:
        return (
            f"It differs from the one before, whose version was {told['version']}, too: if that was "
            "uploaded, give a higher one with --version."
        )
    return ""


def _told_in(file: Path | io.BytesIO) -> dict[str, Any]:
    """Return the manifest of a package, an empty one for whatever is none."""
    try:
        with zipfile.ZipFile(file) as found:
            told = json.loads(found.read(MANIFEST))
    except (OSError, ValueError, KeyError, RecursionError, zipfile.BadZipFile):
        return {}
    return told if isinstance(told, dict) and {"id", "version"} <= told.keys() else {}

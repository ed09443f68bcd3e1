"""The press: what is printed becomes a PDF, by Typst and its own fonts, whatever the machine lacks.

A sheet is a template in `sheets/`; what it shows is handed over as data, never as words of the template, so
that nothing anybody wrote is read as an instruction. It is pressed in a program of its own: Typst takes
70 MB, which a server that prints one sheet a day need not keep.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.core.errors import BookendError

_SHEETS = Path(__file__).resolve().parent / "sheets"
#: The folder that we were loaded from.
_OURS = _SHEETS.parents[2]
#: How long a sheet may take, in seconds; a hundred pages take two.
PATIENCE = 60.0


def pdf(sheet: str, told: Mapping[str, Any]) -> bytes:
    """Return a sheet of `sheets/` as a PDF of A4 pages that shows what is told, plain JSON; the same for the
    same. Raise BookendError where it cannot be pressed.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot.paper.press", sheet],
            # Python looks first where it stands: there it must find us, and no other folder called bot
            cwd=_OURS,
            input=json.dumps(told, ensure_ascii=False).encode(),
            capture_output=True,
            check=True,
            timeout=PATIENCE,
        )
    except (OSError, subprocess.SubprocessError) as trouble:
        raise BookendError(
            f"The sheet could not be printed ({type(trouble).__name__}): try again."
        ) from trouble
    return done.stdout


def _press(sheet: str, told: bytes) -> bytes:
    import typst

    made = typst.compile(_SHEETS / f"{sheet}.typ", root=_SHEETS, sys_inputs={"told": told.decode()})
    assert isinstance(made, bytes)
    return made


if __name__ == "__main__":
    sys.stdout.buffer.write(_press(sys.argv[1], sys.stdin.buffer.read()))

"""The commands: each reads what it is given, calls one function below and says what came of it.

Exit 0: done and all is well. 1: something is wrong with what was looked at. 2: the command was used wrongly.
What is wrong goes to standard error, a sentence for each thing that can be done about it.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
from collections.abc import Mapping, Sequence

from bot import logs
from bot.cli import checking, terminal
from bot.core.errors import BookendError

#: What ends a program in the midst of anything, and the signal that it came by.
_ENDS: Mapping[type[BaseException], signal.Signals] = {
    KeyboardInterrupt: signal.SIGINT,
    SystemExit: signal.SIGTERM,
}
#: After how many seconds a signal is given once more that was dropped.
AGAIN = 0.05


def main() -> None:
    """Run the command that was typed and end with its exit code; told to end, tidy up before."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    sys.unraisablehook = _half_made
    logs.begin()
    for stream in (sys.stdout, sys.stderr):
        # where CO₂ cannot be written, it is written as an escape, which JSON reads as well
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    sys.exit(run(sys.argv[1:]))


def _half_made(what: sys.UnraisableHookArgs) -> None:
    if what.exc_type in _ENDS:
        # it fell on what was just being tidied up, where Python drops it: it is meant for all of us
        number, main = _ENDS[what.exc_type], threading.main_thread().ident
        threading.Timer(AGAIN, lambda: signal.pthread_kill(main or 0, number)).start()
    # what Ctrl-C met half made complains as it goes, in a traceback that helps nobody
    elif os.environ.get("BOOKEND_DEBUG"):
        sys.__unraisablehook__(what)


def run(arguments: Sequence[str]) -> int:
    """Run a command and return its exit code; what goes wrong is said in a sentence, never as a traceback."""
    try:
        return _ended(arguments)
    except BookendError as trouble:
        terminal.warn(str(trouble))
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # whoever read what we say has enough, as `head` has: nobody is left to be told
        return 1
    except OSError as trouble:
        where = f"{trouble.filename}: " if trouble.filename else ""
        terminal.warn(f"{where}{trouble.strerror or trouble}.")
    except Exception as surprise:
        if os.environ.get("BOOKEND_DEBUG"):
            raise
        terminal.warn(
            f"Something went wrong that nobody foresaw ({type(surprise).__name__}: {surprise}). "
            "Set BOOKEND_DEBUG=1, try again, and report what it shows."
        )
    return 1


def _ended(arguments: Sequence[str]) -> int:
    if files := checking.only_files(arguments):
        return checking.check(files)
    from bot.cli.commands import typed

    return typed(arguments)

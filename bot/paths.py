"""Where the files that ship with Bookend lie, in a checkout and in an installed wheel.

The playbooks stand at the top of the repository, where a medical director finds them. A wheel has no such
place: there they lie inside the package (`tool.hatch.build.targets.wheel.sources` in pyproject.toml).
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def shipped_playbooks() -> Path:
    """The folder with facts.yaml, every-procedure.yaml and the seven playbooks."""
    packed = _PACKAGE / "_playbooks"
    return packed if packed.is_dir() else _PACKAGE.parent / "playbooks"

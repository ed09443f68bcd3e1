"""The pages that are filled in, as files in `page/`; Jinja is loaded when the first of them is read."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment, Template

PAGE = Path(__file__).parent / "page"


def template(name: str) -> Template:
    """Return one of the pages to be filled."""
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(PAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["styles"] = lambda name: (PAGE / name).read_text("utf-8")
    return environment

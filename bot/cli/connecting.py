"""Commands that connect a clinic's platform."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot.cli import terminal


def slack_manifest(
    url: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS",
            help="Your own address, for signed requests instead of Socket Mode.",
            show_default=False,
        ),
    ] = "",
    name: Annotated[str, typer.Option(metavar="NAME", help="What the app is called in Slack.")] = "Bookend",
    emails: Annotated[
        bool, typer.Option("--emails", help="Also the right to find people by their e-mail.")
    ] = False,
    user_groups: Annotated[
        bool, typer.Option("--user-groups", help="Also the right to read user groups.")
    ] = False,
) -> None:
    """Print the manifest of your Slack app.

    Paste it where api.slack.com/apps offers to make an app from a manifest. Where BOOKEND_CLINIC is set, your
    clinic's file says whether e-mails and user groups are needed.

    Example: bookend slack-manifest --url https://bookend.our-clinic.example
    """
    from bot.app import slack_manifest as made

    terminal.show(made(name, url=url, emails=emails, user_groups=user_groups))


def teams_package(
    out: Annotated[
        Path, typer.Option(metavar="FILE", help="Where to write it; an earlier package is replaced.")
    ] = Path("bookend-teams.zip"),
    url: Annotated[
        str,
        typer.Option(
            metavar="ADDRESS", help="Your own address; else BOOKEND_PUBLIC_URL.", show_default=False
        ),
    ] = "",
    name: Annotated[str, typer.Option(metavar="NAME", help="What the app is called in Teams.")] = "Bookend",
    version: Annotated[
        str,
        typer.Option(
            metavar="N.N.N",
            help="Its version in Teams, higher than the last; else Bookend's.",
            show_default=False,
        ),
    ] = "",
) -> None:
    """Write the package of your Teams app.

    An admin uploads it in the Teams admin centre. BOOKEND_TEAMS_CLIENT_ID says which bot it is of.

    Example: bookend teams-package --url https://bookend.our-clinic.example
    """
    from bot.app import teams_package as made

    for line in made(out, name=name, url=url, version=version):
        terminal.say(line)

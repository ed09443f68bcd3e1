"""Commands that connect a clinic's platform."""

from __future__ import annotations

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

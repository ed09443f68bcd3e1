"""`python -m bot` is the command `bookend`."""

from bot.cli import main

main()

"""The platforms on which Bookend speaks with staff; each has the same three files: chat, listen, render."""

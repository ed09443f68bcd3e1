"""The web server: its promises, and its limits over real connections."""

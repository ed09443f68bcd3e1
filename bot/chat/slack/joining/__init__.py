"""Becoming an app of a workspace: tokens, rights, the manifest, and what doctor looks at."""

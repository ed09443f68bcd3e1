"""Becoming an app of a tenant: settings, the app package, and what doctor looks at."""

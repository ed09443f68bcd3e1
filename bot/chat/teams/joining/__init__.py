"""Becoming an app of a tenant: settings, and the app package with its icons."""

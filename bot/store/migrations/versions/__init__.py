"""One file per version of the schema; a released one never changes, and says everything itself."""

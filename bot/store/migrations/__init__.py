"""How a database of an older version becomes one of ours, step by step; `bot.store.schema` runs it."""

"""What must survive: cases, answers, history, cards and the outbox, in SQLite or PostgreSQL.

`bot.store.store.open_store` is the way in; importing this package alone loads no database library.
"""

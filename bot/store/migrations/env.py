"""Alembic's door: the migrations run in the transaction that bot/store/migrate.py opened."""

from alembic import context

from bot.store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
# subtle: no context.begin_transaction(): the caller's transaction ends where the caller ends it, and a change of the
# schema is undone with it, on SQLite too, because the store says BEGIN itself
context.run_migrations()

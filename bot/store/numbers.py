"""Numbers that people call things by: counted per tenant, without gaps."""

from sqlalchemy import Connection

from bot.store.dialect import insert_of
from bot.store.tables import counters


def next_number(tx: Connection, tenant: str, name: str) -> int:
    """The next number of this name, from 1; two transactions wait for each other."""
    insert = insert_of(tx, counters).values(tenant=tenant, name=name, value=1)
    number = tx.execute(
        insert.on_conflict_do_update(
            index_elements=[counters.c.tenant, counters.c.name],
            set_={"value": counters.c.value + 1},
        ).returning(counters.c.value)
    ).scalar_one()
    return int(number)

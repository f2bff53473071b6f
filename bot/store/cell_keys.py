"""Which keys still open something: a day's key without a cell is a key that only a copy of what was erased can need."""

from sqlalchemy import Connection, LargeBinary, func, select

from bot.crypto import KEY_ID_AT, KEY_ID_BYTES
from bot.store.tables import metadata


def keys_in_use(tx: Connection, tenant: str) -> set[str]:
    """The ids of the keys that some cell of a tenant is sealed with, in every table that has cells.

    Each cell names its key. The day that stands beside it may be another: rows are sealed before midnight and stored
    after it.
    """
    found: set[str] = set()
    for table in metadata.sorted_tables:
        for column in table.c:
            if not isinstance(column.type, LargeBinary) or not column.name.endswith("_ct"):
                continue
            # substr() counts from one
            key_id = func.substr(column, KEY_ID_AT + 1, KEY_ID_BYTES, type_=LargeBinary)
            query = select(key_id).where(column.is_not(None)).distinct()
            if "tenant" in table.c:
                query = query.where(table.c.tenant == tenant)
            found |= {bytes(name).hex() for name in tx.execute(query).scalars()}
    return found

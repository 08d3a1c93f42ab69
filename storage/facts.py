"""Single facts the process must remember over a restart: the demo's clock, secrets it made for itself."""

from sqlalchemy import bindparam, select, text
from sqlmodel import Field, SQLModel

from storage.database import Tx
from storage.statement import Statement, core


class Fact(SQLModel, table=True):
    key: str = Field(primary_key=True)
    value: str


_GET = Statement(select(core(Fact)).where(core(Fact).c.key == bindparam("key")))
_HOLD = Statement(text("SELECT value FROM fact WHERE key = :key FOR SHARE").columns(core(Fact).c.value))
_PUT = Statement(
    text("INSERT INTO fact (key, value) VALUES (:key, :value) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
)


def read(tx: Tx, key: str, default: str = "") -> str:
    row = tx.one(_GET, key=key)
    return default if row is None else str(row.value)


def hold(tx: Tx, key: str) -> str:
    """As `read`, and nobody writes it before our commit; PostgreSQL only. Raises `Collided` when somebody just did."""
    value = tx.value(_HOLD, key=key)
    return "" if value is None else str(value)


def touch(tx: Tx, key: str) -> None:
    """As `Tx.touch`, for what no row stands for: a budget, a number that nobody has yet."""
    if tx.shared:
        write(tx, f"touched:{key}", "")


def write(tx: Tx, key: str, value: str) -> None:
    tx.do(_PUT, key=key, value=value)

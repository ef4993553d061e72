"""An account's finished pieces of media."""

from uuid import UUID

from producer.service.errors import NotFoundError
from producer.service.ports import Queries, Row


async def list_clips(db: Queries, account_id: UUID, *, before: int | None, limit: int) -> list[Row]:
    """Clips of this account, newest first; `before` is the number of the last one seen."""
    return await db.all("list_clips", account_id=account_id, before=before, limit=limit)


async def delete_clip(db: Queries, account_id: UUID, clip_id: UUID) -> list[str]:
    """Forget a clip; the vault keys of its files, which the caller then removes.

    Raises
    ------
    NotFoundError
        No such clip in this account.
    """
    row = await db.one("delete_clip", account_id=account_id, clip_id=clip_id)
    if row is None:
        raise NotFoundError("clip not found")
    files: list[str] = row["files"]
    return files

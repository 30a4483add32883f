"""What all repositories can do."""

from __future__ import annotations

from collections.abc import Collection
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models import Base

ModelT = TypeVar("ModelT", bound=Base)


class Repository(Generic[ModelT]):
    """Rows of one table, by their key."""

    model: type[ModelT]

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, key: int) -> ModelT | None:
        """One row, or nothing."""
        return self._session.get(self.model, key)

    def get_many(self, keys: Collection[int]) -> dict[int, ModelT]:
        """Many rows in one query, by key; keys that do not exist are absent."""
        rows = self._session.scalars(select(self.model).where(self.model.id.in_(keys)))
        return {row.id: row for row in rows}

    def add(self, row: ModelT) -> ModelT:
        """Have a row written with the next flush."""
        self._session.add(row)
        return row

"""Queries on accounts."""

from __future__ import annotations

from sqlalchemy import select

from shop.models import User
from shop.repositories.base import Repository


class UserRepository(Repository[User]):
    """The accounts."""

    model = User

    def by_email(self, email: str) -> User | None:
        """The account with this address."""
        return self._session.scalar(select(User).where(User.email == email))

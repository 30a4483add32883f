"""Dependencies that routers share: who is calling, and which page is asked for."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Query
from fastapi.security import OAuth2PasswordBearer
from pydantic import BaseModel

from shop.database import AsyncSessionDep, SessionDep
from shop.errors import CredentialsError, NotFoundError
from shop.models import User
from shop.security import read_access_token

oauth2_scheme = OAuth2PasswordBearer(tokenUrl="/accounts/token")
TokenDep = Annotated[str, Depends(oauth2_scheme)]


def get_current_user(session: SessionDep, token: TokenDep) -> User:
    """The user whose token came with the request."""
    user = session.get(User, read_access_token(token))
    if user is None:
        raise CredentialsError
    return user


async def get_current_user_id(session: AsyncSessionDep, token: TokenDep) -> int:
    """The id of the same user, for coroutines."""
    user = await session.get(User, read_access_token(token))
    if user is None:
        raise CredentialsError
    return user.id


def get_staff_user(user: Annotated[User, Depends(get_current_user)]) -> User:
    """The current user, who must work here."""
    if not user.is_staff:
        raise NotFoundError("page", "staff")
    return user


class Page(BaseModel):
    """A slice of a long list."""

    offset: Annotated[int, Query(ge=0)] = 0
    limit: Annotated[int, Query(ge=1, le=100)] = 20


CurrentUser = Annotated[User, Depends(get_current_user)]
CurrentUserId = Annotated[int, Depends(get_current_user_id)]
StaffUser = Annotated[User, Depends(get_staff_user)]
PageDep = Annotated[Page, Depends()]

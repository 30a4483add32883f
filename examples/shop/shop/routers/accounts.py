"""Accounts and logins."""

from __future__ import annotations

from fastapi import APIRouter, status
from fastapi.concurrency import run_in_threadpool
from sqlalchemy import select

from shop.database import AsyncSessionDep, SessionDep
from shop.dependencies import CurrentUser, StaffUser
from shop.errors import CredentialsError
from shop.models import User
from shop.schemas.users import Login, PasswordChange, PasswordReset, Token, UserCreate, UserRead
from shop.security import create_access_token, verify_password
from shop.services import accounts

router = APIRouter()


@router.post("", status_code=status.HTTP_201_CREATED, response_model=UserRead)
def register(data: UserCreate, session: SessionDep) -> User:
    """Open an account."""
    return accounts.register(session, data)


@router.post("/staff", status_code=status.HTTP_201_CREATED, response_model=UserRead)
def invite_staff(data: UserCreate, session: SessionDep, staff: StaffUser) -> User:
    """Open an account for somebody who works here."""
    return accounts.invite_staff(session, data)


@router.get("/me", response_model=UserRead)
def read_me(user: CurrentUser) -> User:
    """The caller's own account."""
    return user


@router.post("/token")
def login(data: Login, session: SessionDep) -> Token:
    """Exchange address and password for a token."""
    user = accounts.authenticate(session, data.email, data.password)
    return Token(access_token=create_access_token(user.id))


@router.post("/app-token")
async def login_app(data: Login, session: AsyncSessionDep) -> Token:
    """The same for the app, which also asks for a second factor elsewhere."""
    user = await session.scalar(select(User).where(User.email == data.email))  # expect: ARC102
    if user is None or not await run_in_threadpool(verify_password, data.password, user.password_hash):
        raise CredentialsError
    return Token(access_token=create_access_token(user.id))


@router.post("/kiosk-token")
async def login_kiosk(data: Login, session: AsyncSessionDep) -> Token:
    """The same for the screens in our stores."""
    user = await session.scalar(select(User).where(User.email == data.email))  # expect: ARC102
    if user is None or not verify_password(data.password, user.password_hash):  # expect: ARC403
        raise CredentialsError
    return Token(access_token=create_access_token(user.id))


@router.put("/me/password", status_code=status.HTTP_204_NO_CONTENT)
def change_password(data: PasswordChange, session: SessionDep, user: CurrentUser) -> None:
    """Set a new password for somebody who knows the old one."""
    accounts.change_password(session, user, data)


@router.put("/password", status_code=status.HTTP_204_NO_CONTENT)
def reset_password(data: PasswordReset, session: SessionDep) -> None:
    """Set a new password for somebody who got our mail."""
    accounts.reset_password(session, data)

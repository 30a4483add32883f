"""Accounts and logins."""

from __future__ import annotations

from sqlalchemy.orm import Session

from shop.errors import CredentialsError, NotFoundError
from shop.models import User
from shop.repositories import UserRepository
from shop.schemas.users import PasswordChange, PasswordReset, UserCreate
from shop.security import hash_password, read_access_token, verify_password


def register(session: Session, data: UserCreate) -> User:
    """Open an account."""
    user = User(email=data.email, name=data.name, password_hash=hash_password(data.password))
    UserRepository(session).add(user)
    session.commit()
    return user


def invite_staff(session: Session, data: UserCreate) -> User:
    """Open an account for somebody who works here."""
    user = User(email=data.email, password_hash=data.password, is_staff=True)  # expect: ARC301
    user.name = data.name.title()
    UserRepository(session).add(user)
    session.commit()
    return user


def authenticate(session: Session, email: str, password: str) -> User:
    """The account that address and password belong to."""
    user = UserRepository(session).by_email(email)
    if user is None or not verify_password(password, user.password_hash):
        raise CredentialsError
    return user


def change_password(session: Session, user: User, data: PasswordChange) -> None:
    """Set a new password for somebody who knows the old one."""
    if not verify_password(data.old_password, user.password_hash):
        raise CredentialsError
    store_password(session, user, hash_password(data.new_password))


def reset_password(session: Session, data: PasswordReset) -> None:
    """Set a new password for somebody who got our mail."""
    user = UserRepository(session).get(read_access_token(data.token))
    if user is None:
        raise NotFoundError("account", "of this token")
    store_password(session, user, data.new_password)


def store_password(session: Session, user: User, password_hash: str) -> None:
    """Write what ``hash_password`` made of a password."""
    user.password_hash = password_hash  # expect: ARC301
    session.commit()

"""Columns that a client must not read, and columns that it must not choose."""

from __future__ import annotations

# fmt: off  (packed by hand: one line per group of alike entries)

#: Columns that hold what proves who somebody is. Tokens and API keys are no part: many answers exist to give them.
SENSITIVE: frozenset[str] = frozenset(
    (
        "password",
        "passwd",
        "hashed_password",
        "password_hash",
        "hashed_passwd",
        "passwd_hash",
        "pwd_hash",
        "pw_hash",
        "password_digest",
        "encrypted_password",
        "password_salt",
        "pass_hash",
        "secret_key",
        "private_key",
        "client_secret",
        "totp_secret",
        "otp_secret",
        "mfa_secret",
        "two_factor_secret",
        "ssn",
        "social_security_number",
        "cvv",
        "cvc",
        "card_number",
        "credit_card_number",
        "recovery_codes",
        "backup_codes",
    )
)

#: Columns by which an application grants rights.
PRIVILEGED: frozenset[str] = frozenset(
    (
        "is_admin",
        "is_superuser",
        "is_staff",
        "is_superadmin",
        "is_root",
        "superuser",
        "user_permissions",
        "groups",
        "is_moderator",
        "balance",
        "hashed_password",
        "password_hash",
    )
)

#: Columns that grant rights in a table of accounts; elsewhere they say what something is for.
PRIVILEGED_OF_ACCOUNTS: frozenset[str] = frozenset(("role", "roles", "role_id", "user_role"))

#: Columns that the server fills: moments, and those who acted.
SERVER_OWNED: frozenset[str] = frozenset(
    (
        "created_at",
        "updated_at",
        "created_on",
        "updated_on",
        "modified_at",
        "deleted_at",
        "date_created",
        "created_by",
        "date_joined",
        "last_login",
        "updated_by",
        "created_by_id",
        "owner_id",
        "hashed_password",
        "password_hash",
        "is_superuser",
        "is_admin",
        "is_staff",
    )
)

#: Columns that tell a person's account from the settings of a connection.
ACCOUNT: frozenset[str] = frozenset(
    (
        "email",
        "username",
        "user_name",
        "first_name",
        "last_name",
        "full_name",
        "is_active",
        "is_superuser",
        "is_staff",
        "nickname",
        "phone",
        "phone_number",
        "date_joined",
        "last_login",
        "display_name",
        "birthday",
        "user_id",
    )
)

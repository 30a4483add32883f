"""What a path says about a file."""

from __future__ import annotations

import pytest

from archlint.project.roles import role_of


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("shop/commands/orders/create.py", ""),
        ("shop/management/commands/send_invoices.py", "script"),
        ("shop/cli/commands/users.py", "script"),
        ("tools/release.py", "script"),
        ("shop/tools/search.py", ""),
        ("manage.py", "script"),
        ("shop/models/backfill.py", ""),
        ("shop/backfill_owners.py", "migration"),
        ("shop/migrations/0001_initial.py", "migration"),
        ("alembic/versions/3f2a.py", "migration"),
        ("shop/db_migrations/env.py", "migration"),
        ("db/versions/9f31c2d4_add_owner.py", "migration"),
        ("shop/api/versions/v2026_04.py", ""),
        ("shop/tests/test_orders.py", "test"),
        ("unit_tests/orders.py", "test"),
        ("shop/test_jobs/orders.py", "test"),
        ("shop/contests/latest.py", ""),
        ("shop/ab_test/views.py", ""),
        ("shop/conftest.py", "test"),
    ],
)
def test_role(path: str, role: str) -> None:
    assert role_of(path) == role

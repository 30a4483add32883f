"""What recipes make of texts, where the cases of the rules are too few."""

from __future__ import annotations

import pytest

from archlint.project.remedies.untrusted import bound


@pytest.mark.parametrize(
    ("literal", "expected"),
    [
        ('f"SELECT 1 FROM t WHERE a = {a}"', ('"SELECT 1 FROM t WHERE a = :a"', ["a"])),
        (
            """f"DELETE FROM t WHERE a = '{x.a}' AND b > {b}" """,
            ('"DELETE FROM t WHERE a = :x_a AND b > :b"', ["x.a", "b"]),
        ),
        ('f"INSERT INTO t VALUES ({a}, {b})"', ('"INSERT INTO t VALUES (:a, :b)"', ["a", "b"])),
        (
            'f"SELECT 1 FROM t WHERE a BETWEEN {a} AND {b}"',
            ('"SELECT 1 FROM t WHERE a BETWEEN :a AND :b"', ["a", "b"]),
        ),
        ('f"SELECT 1 FROM t WHERE a IN ({a})"', None),
        ('f"SELECT id, {a} FROM t"', None),
        ('f"SELECT 1 FROM t ORDER BY a, {b}"', None),
        ('f"SELECT 1 FROM t WHERE a = 1 AND {b}"', None),
        ('f"SELECT 1 FROM {t} WHERE a = {a}"', None),
        ("f\"SELECT 1 FROM t WHERE a LIKE '%{a}%'\"", None),
        ('f"SELECT 1 FROM t WHERE a = {a:>3}"', None),
        ('f"SELECT 1 FROM t WHERE a = {a()}"', None),
        ("f\"SELECT '{{}}' FROM t WHERE a = {a}\"", None),
        ('rf"SELECT 1 FROM t WHERE a = {a}"', None),
        ('f"SELECT 1"', None),
    ],
)
def test_values_become_parameters(literal: str, expected: tuple[str, list[str]] | None) -> None:
    assert bound(literal.strip()) == expected

"""Fixtures for all tests."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long a machine under load takes says nothing about the code.
settings.register_profile("archlint", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("archlint")


@pytest.fixture(autouse=True)
def _failures_are_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that fails fails its test, instead of becoming one ARC000 line."""
    monkeypatch.setenv("ARCHLINT_RAISE", "1")


@pytest.fixture(scope="session")
def _trees(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Names of directories; pytest would look through all that there are to find the next."""
    above = tmp_path_factory.mktemp("projects")
    return (above / f"project{number}" for number in itertools.count())


@pytest.fixture
def tree(_trees: Iterator[Path]) -> Path:
    """An empty directory whose path does not say ``test``: some rules are laxer on tests."""
    path = next(_trees)
    path.mkdir()
    return path

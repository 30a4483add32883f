"""Fixtures for all tests."""

from __future__ import annotations

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


@pytest.fixture
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty directory whose path does not say ``test``: some rules are laxer on tests."""
    return tmp_path_factory.mktemp("project")

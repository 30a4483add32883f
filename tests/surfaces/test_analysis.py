"""The worker of the language server: what is linted, in which order, and who is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

pytest.importorskip("pygls")

from archlint.engine.linter import Linter, Outcome
from archlint.surfaces.lsp.analysis import Analysis, Report
from archlint.surfaces.lsp.preferences import Preferences
from archlint.surfaces.lsp.server import Server
from surfaces.shop import APP, HELPERS, make


class Desk:
    """An editor without a screen, and a record of every file that is linted."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.reports: list[Report] = []
        self.told: list[str] = []
        self.linted: list[str] = []
        #: Called at the beginning of each lint, by name.
        self.at: dict[str, Any] = {}
        #: How often the worker had nothing left to do.
        self.rests = 0
        self.analysis = Analysis(self.reports.append, self.told.append)
        self._versions = 0

    def edit(self, name: str, text: str) -> None:
        self._versions += 1
        self.analysis.change(str(self.root / name), text, self._versions)

    def codes(self, name: str) -> list[str]:
        """The codes of a document, once they are known."""
        return [d.code for d in self.analysis.wanted(str(self.root / name)).result(timeout=60)]

    def settle(self) -> None:
        """Wait until nothing remains to be done."""
        # The first rest may be that from earlier work; what is known now is done at the second.
        for _ in range(2):
            before = self.rests
            self.analysis._wake.put("look")
            for _ in range(1200):
                if self.rests > before:
                    break
                time.sleep(0.05)
            else:
                raise AssertionError("never done")


@pytest.fixture
def desk(tree: Path) -> Iterator[Desk]:
    make(tree)
    desk = Desk(tree)
    check = Linter.check_content

    def checked(linter: Linter, target: Any, content: Any, **options: Any) -> Outcome:
        name = Path(target.path).name + (" alone" if target.alone else "")
        desk.linted.append(name)
        if stop := desk.at.get(name):
            stop()
        return check(linter, target, content, **options)

    catch_up = Analysis._catch_up

    def caught_up(analysis: Analysis) -> None:
        catch_up(analysis)
        desk.rests += not (analysis._due or analysis._edited or analysis._later)

    with (
        mock.patch.object(Linter, "check_content", checked),
        mock.patch.object(Analysis, "_catch_up", caught_up),
    ):
        yield desk
        desk.analysis.stop()
        desk.analysis._thread.join(60)


def test_the_text_alone_comes_first(desk: Desk):
    desk.edit("app.py", APP)
    assert desk.codes("app.py") == ["ARC401", "ARC402"]
    desk.settle()
    assert desk.linted == ["app.py alone", "app.py"]
    assert [(r.complete, [d.code for d in r.found]) for r in desk.reports] == [
        (False, ["ARC401"]),
        (True, ["ARC401", "ARC402"]),
    ]


def test_an_edit_is_followed_by_what_depends_on_it_alone(desk: Desk):
    desk.edit("app.py", APP)
    desk.edit("other.py", APP.replace("from helpers import slow", "def slow(): ..."))
    desk.edit("helpers.py", HELPERS)
    desk.settle()
    desk.linted.clear()
    desk.edit("helpers.py", HELPERS.replace("time.sleep(1)", "return 1", 1))
    assert desk.codes("helpers.py") == []
    desk.settle()
    assert desk.linted == ["helpers.py", "app.py"]
    assert desk.codes("app.py") == ["ARC401"]
    # What a file imports may be judged by who imports it.
    desk.linted.clear()
    desk.edit("app.py", APP + "\n")
    desk.settle()
    assert desk.linted == ["app.py", "helpers.py"]


def test_typing_comes_before_everything_else(desk: Desk):
    names = ["a.py", "b.py", "c.py"]
    for name in names:
        desk.edit(name, APP)
    desk.edit("helpers.py", HELPERS)
    desk.settle()
    desk.linted.clear()

    def type_on() -> None:
        desk.at.clear()
        desk.edit("helpers.py", HELPERS + "# more\n")

    desk.at["a.py"] = type_on
    desk.edit("helpers.py", HELPERS + "\n")
    desk.settle()
    assert desk.linted == ["helpers.py", "a.py", "helpers.py", "b.py", "c.py", "a.py"]


def test_a_save_is_followed_by_all_open_documents(desk: Desk):
    desk.edit("app.py", APP)
    desk.edit("other.py", "x = 1\n")
    desk.settle()
    desk.linted.clear()
    count = len(desk.reports)
    desk.analysis.save()
    desk.settle()
    assert sorted(desk.linted) == ["app.py", "other.py"]
    assert len(desk.reports) == count, "nothing has changed, nothing is told"


def test_text_on_disk_counts_unless_the_file_is_open(desk: Desk):
    desk.edit("app.py", APP)
    desk.settle()
    (desk.root / "helpers.py").write_text("def slow():\n    return 1\n")
    (desk.root / "app.py").write_text("")
    desk.analysis.written([str(desk.root / "helpers.py"), str(desk.root / "app.py")])
    desk.settle()
    assert desk.codes("app.py") == ["ARC401"]


def test_nothing_is_told_of_a_client_that_wants_nothing(desk: Desk):
    desk.analysis.prefer(Preferences(enable=False))
    desk.edit("app.py", APP)
    assert desk.codes("app.py") == []
    desk.settle()
    assert desk.linted == []
    assert not any(report.found for report in desk.reports)
    desk.analysis.prefer(Preferences())
    desk.settle()
    assert desk.codes("app.py") == ["ARC401", "ARC402"]


def test_who_asks_for_what_is_not_open_is_answered(desk: Desk):
    assert desk.codes("helpers.py") == []
    desk.edit("app.py", APP)
    desk.settle()
    desk.analysis.close(str(desk.root / "app.py"))
    assert desk.codes("app.py") == []


def test_what_is_shown_is_what_was_told_last(desk: Desk):
    path = str(desk.root / "app.py")
    halt = threading.Event()
    desk.at["app.py"] = halt.wait
    desk.edit("app.py", APP)
    while not desk.reports:
        time.sleep(0.01)
    assert [d.code for d in desk.analysis.shown(path)] == ["ARC401"]
    halt.set()
    desk.settle()
    assert [d.code for d in desk.analysis.shown(path)] == ["ARC401", "ARC402"]
    desk.analysis.close(path)
    assert desk.analysis.shown(path) == ()


def test_who_does_not_wait_any_longer_stops_nobody(desk: Desk):
    halt = threading.Event()
    desk.at["app.py"] = halt.wait
    desk.edit("app.py", APP)
    answer = desk.analysis.wanted(str(desk.root / "app.py"))
    assert answer.cancel()
    halt.set()
    assert desk.codes("app.py") == ["ARC401", "ARC402"]
    assert not desk.told


def test_at_the_end_nobody_waits(desk: Desk):
    halt, begun = threading.Event(), threading.Event()
    desk.at = {"app.py alone": begun.set, "app.py": halt.wait}
    desk.edit("app.py", APP)
    begun.wait(60)
    desk.edit("app.py", APP + "\n")
    answer = desk.analysis.wanted(str(desk.root / "app.py"))
    desk.analysis.stop()
    halt.set()
    assert answer.result(timeout=60) == ()


def test_who_can_be_called_again_is_answered_at_once(desk: Desk):
    desk.analysis.patient = False
    asked, halt = threading.Event(), threading.Event()
    desk.at = {"app.py alone": asked.wait, "app.py": halt.wait}
    desk.edit("app.py", APP)
    answer = desk.analysis.wanted(str(desk.root / "app.py"))
    asked.set()
    assert [d.code for d in answer.result(timeout=60)] == ["ARC401"]
    halt.set()
    desk.settle()
    assert desk.codes("app.py") == ["ARC401", "ARC402"]
    assert [(r.complete, r.answered) for r in desk.reports] == [(False, True), (True, False)]


def test_the_settings_of_one_project_cost_no_other(desk: Desk):
    for name, text in (("good", ""), ("bad", '[tool.archlint]\nselect = ["NONE"]\n')):
        (desk.root / name).mkdir()
        make(desk.root / name)
        (desk.root / name / "pyproject.toml").write_text(text)
        desk.edit(f"{name}/app.py", APP)
    assert desk.codes("good/app.py") == ["ARC401", "ARC402"]
    assert desk.codes("bad/app.py") == []
    desk.edit("bad/app.py", APP + "\n")
    desk.settle()
    assert len(desk.told) == 1
    assert "unknown rule `NONE`" in desk.told[0]


def test_a_failure_is_told_and_survived(desk: Desk):
    def fail() -> None:
        desk.at.clear()
        raise OSError("no memory")

    desk.at["app.py"] = fail
    desk.edit("app.py", APP)
    assert desk.codes("app.py") in ([], ["ARC401", "ARC402"])
    desk.edit("app.py", APP + "\n")
    assert desk.codes("app.py") == ["ARC401", "ARC402"]
    assert desk.told == ["OSError: no memory"]


@pytest.mark.parametrize(
    ("complete", "answered", "asked_again"), [(True, False, 1), (True, True, 0), (False, False, 0)]
)
def test_a_client_is_asked_to_pull_again_only_for_what_it_does_not_have(
    complete: bool, answered: bool, asked_again: int
):
    server = Server()
    server.pulls = True
    with (
        mock.patch.object(server, "workspace_diagnostic_refresh") as again,
        mock.patch.object(server, "text_document_publish_diagnostics") as push,
    ):
        server.publish(Report("/app.py", 1, (), complete, answered))
    assert again.call_count == asked_again
    assert not push.called
    server.analysis.stop()

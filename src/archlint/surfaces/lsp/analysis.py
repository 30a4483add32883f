"""Diagnostics of open documents, made in a thread of their own so that typing never waits.

One worker owns the linter; everything else talks to it through a queue. A text that has changed
is first judged on its own, which takes milliseconds, then with the rest of its project; then the
open documents that import it, or that it imports, are looked at again. Between any two documents
the worker looks up: what has been typed meanwhile comes first.

Not all that files have to do with each other shows in their imports: settings and URLconfs are
named by texts. So a save makes all open documents be looked at again.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

import attrs

from archlint.core.diagnostic import Diagnostic
from archlint.core.settings import SettingsError
from archlint.engine.discovery import SUFFIXES, Discovery, Target
from archlint.engine.linter import Linter
from archlint.surfaces.lsp.preferences import Preferences

Found = tuple[Diagnostic, ...]


@attrs.frozen
class Report:
    """What is to be told about one version of a document."""

    path: str
    version: int
    found: Found
    #: Whether these are all findings, not only those that the text shows by itself.
    complete: bool
    #: Whether somebody who waited for them has just been given them.
    answered: bool


Publish = Callable[[Report], None]
#: Called with what a person must know: settings that cannot be used.
Tell = Callable[[str], None]


@attrs.frozen
class _Document:
    """A document as the editor has it."""

    text: str
    version: int

    @property
    def content(self) -> bytes:
        return self.text.encode("utf-8", "surrogatepass")


class Analysis:
    """The open documents and the worker that lints them."""

    def __init__(self, publish: Publish, tell: Tell) -> None:
        self._publish = publish
        self._tell = tell
        #: Whether who asks gets all findings or none; otherwise those of the text alone may come first.
        self.patient = True
        self.preferences = Preferences()
        self._wake: queue.SimpleQueue[str] = queue.SimpleQueue()
        # Shared with the worker, under the lock.
        self._lock = threading.Lock()
        self._open: dict[str, _Document] = {}
        self._changed: dict[str, None] = {}
        self._again: dict[str, None] = {}
        self._waiting: dict[str, list[Future[Found]]] = {}
        self._known: dict[str, tuple[int, Found]] = {}
        self._shown: dict[str, Found] = {}
        # The worker's own: the texts that its linter knows, and what remains to be done.
        self._texts: dict[str, _Document] = {}
        self._linter: Linter | None = None
        self._due: dict[str, None] = {}
        self._edited: dict[str, None] = {}
        self._later: dict[str, None] = {}
        self._told: set[str] = set()
        self._thread = threading.Thread(target=self._work, name="archlint", daemon=True)
        self._thread.start()

    # -- called by the server -----------------------------------------------------------------

    def change(self, path: str, text: str, version: int) -> None:
        """A document was opened or edited."""
        with self._lock:
            self._open[path] = _Document(text, version)
            self._changed[path] = None
        self._wake.put("look")

    def close(self, path: str) -> None:
        """A document was closed: what is on disk counts again."""
        with self._lock:
            for documents in (self._open, self._known, self._shown):
                documents.pop(path, None)
            self._changed[path] = None
        self._wake.put("look")

    def save(self) -> None:
        """A document was saved: a good moment to look at all of them."""
        with self._lock:
            self._again.update(dict.fromkeys(self._open))
        self._wake.put("look")

    def written(self, paths: Iterable[str]) -> None:
        """Files have another text on disk, which counts unless they are open."""
        with self._lock:
            self._changed.update(dict.fromkeys(path for path in paths if path not in self._open))
        self._wake.put("look")

    def refresh(self) -> None:
        """There are other files or settings: nothing that was concluded may be kept."""
        self._wake.put("afresh")

    def prefer(self, preferences: Preferences) -> None:
        """The configuration has changed."""
        self.preferences = preferences
        self._wake.put("afresh")

    def shown(self, path: str) -> Found:
        """The findings that were told last, be they all or not."""
        with self._lock:
            return self._shown.get(path, ())

    def wanted(self, path: str) -> Future[Found]:
        """The findings of the present text, once they are there."""
        future: Future[Found] = Future()
        with self._lock:
            document, known = self._open.get(path), self._known.get(path)
            if document is None:
                future.set_result(())
            elif known is not None and known[0] == document.version:
                future.set_result(known[1])
            else:
                self._waiting.setdefault(path, []).append(future)
        self._wake.put("look")
        return future

    def stop(self) -> None:
        """End the worker."""
        self._wake.put("stop")

    # -- the worker -----------------------------------------------------------------------------

    def _work(self) -> None:
        while True:
            words = {self._wake.get()}
            with suppress(queue.Empty):
                while True:
                    words.add(self._wake.get_nowait())
            if "stop" in words:
                self._afresh()
                self._release()
                return
            try:
                if "afresh" in words:
                    self._told.clear()
                    self._afresh()
                self._catch_up()
            except Exception as error:  # noqa: BLE001 - an editor must not lose its server
                self._give_up(error)

    def _catch_up(self) -> None:
        """Lint what has changed, then what depends on it, until there is something newer."""
        changed = self._take_changes()
        for path in changed:
            self._alone(path)
        while self._wake.empty():
            if self._due:
                self._whole(_first(self._due))
            elif self._edited:
                self._later.update(dict.fromkeys(self._dependants()))
                self._edited.clear()
            elif self._later:
                self._whole(_first(self._later))
            else:
                return

    def _take_changes(self) -> dict[str, None]:
        """Tell the linter what has changed; it comes before everything that remains to be done."""
        with self._lock:
            changed, self._changed = self._changed, {}
            again, self._again = self._again, {}
            self._texts = dict(self._open)
            asked = dict.fromkeys(self._waiting)
        linter = self._ready()
        for path in changed:
            document = self._texts.get(path)
            linter.replace(path, None if document is None else document.content)
        self._due = {**changed, **asked, **self._due}
        self._edited |= changed
        self._later = {path: None for path in self._later | again if path not in self._due}
        return changed

    def _dependants(self) -> list[str]:
        """The open documents that import what was edited, or are imported by it."""
        linter = self._ready()
        others = sorted(self._texts.keys() - self._edited.keys())
        return [other for other in others if any(linter.related(other, path) for path in self._edited)]

    def _ready(self) -> Linter:
        if self._linter is None:
            overlay = {path: document.content for path, document in self._texts.items()}
            self._linter = Linter(self.preferences.options(), overlay=overlay)
        return self._linter

    def _afresh(self) -> None:
        """Forget the linter; everything is due."""
        if self._linter is not None:
            self._linter.close()
            self._linter = None
        with self._lock:
            # A version of its own: what stands there may be shown until there is better, but is no answer.
            self._known = {path: (-1, found) for path, (_, found) in self._known.items()}
            self._again.update(dict.fromkeys(self._open))

    def _alone(self, path: str) -> None:
        """The findings that the text shows by itself, unless better ones are known already."""
        with self._lock:
            known = path in self._known
        document = self._texts.get(path)
        if document is None or known or not self._wake.empty():
            return
        found = self._linted(path, document, alone=True)
        answered = not self.patient and self._answer(path, found)
        self._show(Report(path, document.version, found, complete=False, answered=answered))

    def _whole(self, path: str) -> None:
        """All findings of a document."""
        document = self._texts.get(path)
        if document is None:
            self._answer(path, ())
            return
        found = self._linted(path, document)
        with self._lock:
            now = self._open.get(path)
            if now is None or now.version != document.version:
                return
            before, self._known[path] = self._known.get(path), (document.version, found)
        answered = self._answer(path, found)
        if before != (document.version, found):
            self._show(Report(path, document.version, found, complete=True, answered=answered))

    def _linted(self, path: str, document: _Document, *, alone: bool = False) -> Found:
        if not self.preferences.enable:
            return ()
        try:
            target = self._target(path)
            if target is None:
                return ()
            return self._ready().check_content(target._replace(alone=alone), document.content).diagnostics
        except SettingsError as error:
            # Those of this project only: the documents of others are judged all the same.
            self._complain(str(error))
            return ()

    def _target(self, path: str) -> Target | None:
        """The document as the engine wants it; ``None`` for other languages and what the settings exclude."""
        if Path(path).suffix not in {*SUFFIXES, ""}:
            return None
        found = Discovery(self._ready().finder, Path(path).parent).files([path])
        return found[0]._replace(display=path) if found else None

    def _show(self, report: Report) -> None:
        with self._lock:
            if report.path in self._open:
                self._shown[report.path] = report.found
        self._publish(report)

    # -- answers --------------------------------------------------------------------------------

    def _answer(self, path: str, found: Found) -> bool:
        """Give the findings to those who wait for them; whether there was anybody."""
        with self._lock:
            futures = self._waiting.pop(path, [])
        waiting = [future for future in futures if future.set_running_or_notify_cancel()]
        for future in waiting:
            future.set_result(found)
        return bool(waiting)

    def _release(self) -> None:
        """Nobody waits for an answer that will not come."""
        with self._lock:
            waiting = list(self._waiting)
        for path in waiting:
            self._answer(path, ())

    def _give_up(self, error: Exception) -> None:
        """Tell what went wrong, and begin anew when something changes."""
        self._complain(f"{type(error).__name__}: {error}")
        self._afresh()
        for work in (self._due, self._edited, self._later):
            work.clear()
        self._release()

    def _complain(self, message: str) -> None:
        """Tell a person, but not with every letter that is typed."""
        if message not in self._told:
            self._told.add(message)
            self._tell(message)


def _first(paths: dict[str, None]) -> str:
    """Take the first of what remains."""
    path = next(iter(paths))
    del paths[path]
    return path

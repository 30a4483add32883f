"""Diagnostics of open documents, made in a thread of their own so that typing never waits.

One worker owns the linter; everything else talks to it through a queue. A text that has changed
is first judged on its own, which takes milliseconds, then with the rest of its project; then the
other open documents are looked at again, because they may depend on it. What has become
outdated meanwhile is dropped.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from pathlib import Path

import attrs

from archlint.core.diagnostic import Diagnostic
from archlint.core.settings import Selectors, SettingsError
from archlint.engine.discovery import Discovery, Target
from archlint.engine.linter import Linter, Options

#: Called with the path, the version of its text, its findings, and whether these are all of them.
Publish = Callable[[str, int, "tuple[Diagnostic, ...]", bool], None]
#: Called with what a person must know: settings that cannot be used.
Tell = Callable[[str], None]


@attrs.define
class _Open:
    """A document in the editor."""

    text: str
    version: int


@attrs.frozen
class Preferences:
    """What the editor's configuration says; empty values leave it to the project's settings."""

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    enable: bool = True
    unsafe_fixes: bool = True

    @classmethod
    def of(cls, values: object) -> Preferences:
        """The preferences in a JSON value; what is missing or makes no sense is left out."""
        table = values if isinstance(values, Mapping) else {}

        def words(key: str) -> tuple[str, ...]:
            found = table.get(key)
            return tuple(word for word in found if isinstance(word, str)) if isinstance(found, list) else ()

        return cls(
            select=words("select") or None,
            extend_select=words("extendSelect"),
            ignore=words("ignore"),
            enable=table.get("enable") is not False,
            unsafe_fixes=table.get("unsafeFixes") is not False,
        )

    def options(self) -> Options:
        """The same for the engine."""
        if self.select is None and not self.extend_select and not self.ignore:
            return Options()
        layer = Selectors("the editor", self.select, self.extend_select, self.ignore)
        return Options(selectors=layer)


class Analysis:
    """The open documents and the worker that lints them."""

    def __init__(self, publish: Publish, tell: Tell) -> None:
        self._publish = publish
        self._tell = tell
        self._preferences = Preferences()
        self._open: dict[str, _Open] = {}
        self._lock = threading.Lock()
        self._changed: dict[str, None] = {}
        self._waiting: dict[str, list[Future[tuple[Diagnostic, ...]]]] = {}
        self._known: dict[str, tuple[int, tuple[Diagnostic, ...]]] = {}
        self._wake: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._linter: Linter | None = None
        self._thread = threading.Thread(target=self._work, name="archlint", daemon=True)
        self._thread.start()

    # -- called by the server -----------------------------------------------------------------

    def change(self, path: str, text: str, version: int) -> None:
        """A document was opened or edited."""
        with self._lock:
            self._open[path] = _Open(text, version)
            self._changed[path] = None
        self._wake.put("changed")

    def close(self, path: str) -> None:
        """A document was closed: what is on disk counts again."""
        with self._lock:
            self._open.pop(path, None)
            self._known.pop(path, None)
            self._changed[path] = None
        self._wake.put("changed")

    def refresh(self) -> None:
        """Files or settings have changed behind the editor's back."""
        self._wake.put("afresh")

    def prefer(self, preferences: Preferences) -> None:
        """The configuration has changed."""
        self._preferences = preferences
        self._wake.put("afresh")

    @property
    def preferences(self) -> Preferences:
        """The present configuration."""
        return self._preferences

    def findings(self, path: str) -> tuple[Diagnostic, ...]:
        """The last findings of a document."""
        with self._lock:
            return self._known.get(path, (0, ()))[1]

    def wanted(self, path: str) -> Future[tuple[Diagnostic, ...]]:
        """The findings of the present text, once they are there."""
        future: Future[tuple[Diagnostic, ...]] = Future()
        with self._lock:
            document, known = self._open.get(path), self._known.get(path)
            if document is not None and known is not None and known[0] == document.version:
                future.set_result(known[1])
                return future
            self._waiting.setdefault(path, []).append(future)
            self._changed.setdefault(path, None)
        self._wake.put("changed")
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
                return
            if "afresh" in words:
                self._afresh()
                with self._lock:
                    self._known.clear()
                    self._changed.update(dict.fromkeys(self._open))
            try:
                self._catch_up()
            except SettingsError as error:
                self._give_up(str(error))
            except Exception as error:  # noqa: BLE001 - an editor must not lose its server
                self._give_up(f"{type(error).__name__}: {error}")

    def _catch_up(self) -> None:
        """Lint what has changed, then what may depend on it."""
        changed = self._take_changes()
        if not changed:
            return
        for path in changed:
            self._alone(path)
        for path in changed:
            self._whole(path)
        for path in sorted(self._open.keys() - set(changed)):
            if not self._wake.empty():
                # Somebody types: his text first, the others again afterwards.
                with self._lock:
                    for other in self._open:
                        self._changed.setdefault(other, None)
                return
            self._whole(path)

    def _take_changes(self) -> list[str]:
        with self._lock:
            changed, self._changed = list(self._changed), {}
            texts = {path: self._open[path].text for path in changed if path in self._open}
        linter = self._ready()
        for path in changed:
            text = texts.get(path)
            linter.replace(path, None if text is None else text.encode("utf-8", "surrogatepass"))
        return changed

    def _ready(self) -> Linter:
        if self._linter is None:
            overlay = {
                path: document.text.encode("utf-8", "surrogatepass") for path, document in self._open.items()
            }
            self._linter = Linter(self._preferences.options(), overlay=overlay)
        return self._linter

    def _afresh(self) -> None:
        if self._linter is not None:
            self._linter.close()
            self._linter = None

    def _alone(self, path: str) -> None:
        """The findings that the text shows by itself, unless better ones are known already."""
        with self._lock:
            document = self._open.get(path)
            known = path in self._known
        if document is None or known or not self._wake.empty():
            return
        target = self._target(path)
        if target is not None:
            found = self._ready().check_content(target._replace(alone=True), document.text)
            self._publish(path, document.version, found.diagnostics, False)

    def _whole(self, path: str) -> None:
        """All findings of a document."""
        with self._lock:
            document = self._open.get(path)
        if document is None:
            return
        target = self._target(path)
        found: tuple[Diagnostic, ...] = ()
        if target is not None and self._preferences.enable:
            found = self._ready().check_content(target, document.text).diagnostics
        with self._lock:
            now = self._open.get(path)
            if now is None or now.version != document.version:
                return
            self._known[path] = (document.version, found)
            futures = self._waiting.pop(path, [])
        for future in futures:
            future.set_result(found)
        self._publish(path, document.version, found, True)

    def _target(self, path: str) -> Target | None:
        """The document as the engine wants it; ``None`` when the settings exclude it."""
        if not path.endswith((".py", ".pyi", ".ipynb")) and Path(path).suffix:
            return None
        options = self._preferences.options()
        options = attrs.evolve(options, replaced={**options.replaced, "force_exclude": True})
        found = Discovery(options.finder(), Path(path).parent).files([path])
        return found[0]._replace(display=path) if found else None

    def _give_up(self, message: str) -> None:
        """Tell what went wrong; nobody waits for an answer that will not come."""
        self._afresh()
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for futures in waiting.values():
            for future in futures:
                future.set_result(())
        self._tell(message)

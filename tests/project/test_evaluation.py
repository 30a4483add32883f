"""What expressions are taken for: what conditions tell of names, what containers hold."""

from __future__ import annotations

from pathlib import Path

import pytest

from project.revealing import revealed

CLASSES = """
    class Base: ...

    class A(Base):
        def is_ready(self) -> bool: ...

    class B(Base): ...

    class Holder:
        part: object
    """

BRANCHES = """
    from classes import A, B, Base
    from somewhere import get

    def inside(x):
        if isinstance(x, A):
            reveal(x)  #: A
        elif isinstance(x, B):
            reveal(x)  #: B
        else:
            reveal(x)  #: None
        reveal(x)  #: None

    def both(x: A | B):
        if isinstance(x, A):
            reveal(x)  #: A
        else:
            reveal(x)  #: B

    def left(x):
        if not isinstance(x, A):
            return None
        reveal(x)  #: A

    def left_in_turn(x: A | B | Base):
        if isinstance(x, A):
            return 1
        elif isinstance(x, B):
            return 2
        reveal(x)  #: Base

    def narrower(x: Base):
        if isinstance(x, A):
            reveal(x)  #: A
        reveal(x)  #: Base

    def not_left(x: A | B):
        if isinstance(x, A):
            print(x)
        reveal(x)  #: A | B

    def else_leaves(x):
        if isinstance(x, A | B):
            pass
        else:
            raise TypeError
        reveal(x)  #: A | B

    def skipped(xs):
        for x in xs:
            if not isinstance(x, A):
                continue
            reveal(x)  #: A
        reveal(x)  #: None

    def repeated():
        x = get()
        while isinstance(x, A):
            reveal(x)  #: A
            x = get()
            reveal(x)  #: None

    def asserted(x):
        reveal(x)  #: None
        assert isinstance(x, (A, B))
        reveal(x)  #: A | B

    def exact(x, y):
        if type(x) is A:
            reveal(x)  #: A
        if type(y) is not B:
            return
        reveal(y)  #: B

    def bound_anew(x):
        if isinstance(x, A):
            x = B()
            reveal(x)  #: B
        if isinstance(x, A):
            x = get()
            reveal(x)  #: None
    """

EXPRESSIONS = """
    from classes import A, B, Holder
    from somewhere import get

    def joined(x, y):
        if isinstance(x, A) and reveal(x):  #: A
            pass
        if not isinstance(y, A) or reveal(y):  #: A
            pass
        return isinstance(x, B) and reveal(x)  #: B

    def chosen(x: A | B):
        left = reveal(x) if isinstance(x, A) else None  #: A
        right = None if isinstance(x, A) else reveal(x)  #: B
        return left, right, reveal(x)  #: A | B

    def filtered(xs):
        return [reveal(x) for x in xs if isinstance(x, A)]  #: A

    def named():
        if isinstance(x := get(), A):
            reveal(x)  #: A

    class Owner:
        def __init__(self, part):
            self.part = part

        def use(self):
            if isinstance(self.part, A):
                reveal(self.part)  #: A
            reveal(self.part)  #: None

    def attribute(holder: Holder):
        if not isinstance(holder.part, A):
            return
        reveal(holder.part)  #: A
        holder.part = get()
        reveal(holder.part)  #: None
    """

CASES = """
    from classes import A, B
    from somewhere import get

    def matched(x):
        match x:
            case A():
                reveal(x)  #: A
            case B() as found:
                reveal(x)  #: B
                reveal(found)  #: B
            case A() | B():
                reveal(x)  #: A | B
            case _:
                reveal(x)  #: None

    def captured(x: A | None):
        match x:
            case None:
                pass
            case found:
                reveal(found)  #: A
    """

HANDLERS = """
    from classes import A

    def last():
        x = None
        try:
            x = A()
            return x.is_ready()
        except ValueError:
            reveal(x)  #: A
        finally:
            reveal(x)  #: A

    def another():
        x = None
        try:
            x = A()
            return 1
        except ValueError:
            pass
        try:
            print(x)
        finally:
            reveal(x)  #: None
    """

CONTAINERS = """
    import asyncio
    import heapq
    from collections import defaultdict, deque
    from collections.abc import AsyncIterator, Awaitable, Callable
    from typing import cast

    from classes import A, B, Base
    from somewhere import get

    def grouped():
        groups: dict[str, list[A]] = defaultdict(list)
        for found in groups["a"]:
            reveal(found)  #: A

    def queued():
        reveal(deque([A()]).popleft())  #: A
        reveal(heapq.heappop([A()]))  #: A

    def promised(x: Base, y: B, z: dict[str, B]):
        reveal(cast(A, get()))  #: A
        reveal(cast("A", x))  #: A
        reveal(cast(Base, y))  #: B
        reveal(cast(A, z))  #: A

    async def stream() -> AsyncIterator[A]:
        yield A()

    async def make() -> A: ...

    async def awaited():
        reveal(await anext(stream()))  #: A
        for done in asyncio.as_completed([make()]):
            reveal(await done)  #: A

    Make = Callable[[], Awaitable[A]]

    async def deep(make: Make, queue: asyncio.Queue[tuple[str, Make]], jobs: dict[str, list[Make]]):
        reveal(await make())  #: A
        name, job = await queue.get()
        task = asyncio.create_task(job())
        reveal(await task)  #: None
        for job in jobs["a"]:
            reveal(await job())  #: A
    """


@pytest.mark.parametrize(
    "text",
    [BRANCHES, EXPRESSIONS, CASES, HANDLERS, CONTAINERS],
    ids=["branches", "expressions", "cases", "handlers", "containers"],
)
def test_evaluation(text: str, tmp_path: Path) -> None:
    found, expected = revealed({"classes.py": CLASSES, "app.py": text}, tmp_path)

    assert found == expected

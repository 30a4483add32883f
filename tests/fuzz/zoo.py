"""Small programs with rare syntax; newer than the running Python where they say so."""

from __future__ import annotations

from textwrap import dedent

COMPREHENSIONS = """
    async def f():
        rows = [x async for y in z if await y async for x in y]
        return {k: v for k, *v in rows}, {(a := b) for b in rows}, (c for d in rows for c in d if c if d)
    x = [y := 1, y ** 2, *range(y)]
    while (chunk := read(1)):
        print(chunk)
    total = sum(a.b for a.b in c)
"""

CONTEXTS = """
    async def f():
        async with a as b, c() as (d, *e):
            yield b
        with (open(a) as g, open(b) as h.i, open(c)):
            await (yield)
        return
"""

PARAMETERS = """
    def f(
        a, /, b: "int | None" = None, *args: "T",
        c=lambda x=1, *y, z=[], **k: (x, k), **kwargs,
    ) -> "dict[str, 'list[int]']":
        f(*a, *b, **c, **d)
        return lambda: (yield)
    def g(*, only): ...
    def h(a, b=(lambda: [c := 1])()): ...
"""

MATCHES = """
    match point, *rest:
        case Point(x=0, y=[1, *others]) | {"k": [*others], **x} if others:
            pass
        case 1 | -1.5j | None | a.b.c:
            pass
        case str() as s:
            pass
        case [Point(x, y), {"a": b, **rest}]:
            pass
        case _:
            pass
"""

HANDLERS = """
    try:
        pass
    except (A, B) as error:
        raise error from None
    except C[0].d:
        raise
    else:
        pass
    finally:
        del error
    try:
        pass
    except* D as group:
        raise group from error
"""

CLASSES = """
    class A(B, *C, metaclass=M, **kw):
        class C:
            class D(A.C):
                x: int
                for y in range(3):
                    def z(self): return y
        x, (y, [*z]) = 1, (2, [3])
        if x:
            def f(self):
                later = 1
                def g():
                    nonlocal later
                    global even_later
                    even_later = later = super().f()
                return g
        __slots__ = ("a",)
        lambda self: self.x
    class A(A): pass
"""

DECORATORS = """
    @a.b(c)[d]
    @(lambda f: f)
    @e @ f
    @(g := h)
    class A: ...
    @property
    @functools.cache
    async def f(self): ...
    @f.setter
    def f(self, value): ...
"""

ANNOTATIONS = """
    x: "list[dict[str, \\"Foo | None\\"]]" = []
    y: Annotated[Session, Depends(get)]
    z: "not an annotation ("
    self.a: "B" = c
    d[0]: Literal["a", 'b'] = 1
    e: (f()[g], h[i]().j["k"], "l()[m]", (lambda: 0)[n]) = ...
    o: f()[g] = ...
    p: "(lambda: 0)[n]" = ...
    def f(a: "", b: "\\x00", c: 1 + 1, d: {}, *e: *Ts) -> lambda: 0: ...
"""

IMPORTS = """
    from . import *
    from .. import a as b
    from ....too.far import c
    import d.e.f, g.h as i
    def f():
        from j import k
        import k.l
        return k.l.m
    from __future__ import annotations
"""

ASSIGNMENTS = """
    del a, b.c, d[e], (f, [g])
    a = b = c.d = e[f] = g, *h = i
    a += b; c.d -= 1; e[f] **= 2; a @= b
    (a): int = 1
    [a, b] = c, = d
    for a, (b.c, *d[0]) in e, *f:
        break
    else:
        continue_ = 1
    assert a, b
    *a, = b
    global a
"""

STRINGS = """
    x = f"{a!r:>{width}} {b=} {{}} {c:%Y-%m} {d:{e}{f}}" "and more" f"{g()}"
    y = "\\ud800" "\\N{BULLET}"
    z = b"\\xff", rb"\\d", r"\\d", '''
    many lines'''
    w = 0xFFFFFFFFFFFFFFFFFFFFFFFF, 1e999, -1e-999, 1_0j, 0o17, ..., not None
"""

NAMES = """
    \U0001d4bb = \ufb01 = é
    class 漢(ا): pass
    def ß(İ): return İ.ﬁ
"""

GENERICS = """
    def f[T: (int, str), *Ts, **P](x: T) -> T: ...
    class A[T](B[T]): ...
    type X[T] = list[T]
    class C[T = int]: ...
"""

NESTED_STRINGS = """
    x = f"{f"{f"{1}"}"}" + f"{'a' 'b'}{
    1
    }"
"""

TEMPLATES = """
    x = t"{a} {b!r}"
"""

BARE_EXCEPT = """
    try:
        pass
    except A, B:
        pass
"""

ZOO: tuple[str, ...] = (
    "",
    "\n\n",
    "# only a comment",
    '"""only a docstring"""',
    "\ufeffx = 1\n",
    "def f(): pass",
    "x = 1\r\ny = 2\rz = 3\x0c\n",
    *(
        dedent(text)
        for text in (
            *(COMPREHENSIONS, CONTEXTS, PARAMETERS, MATCHES, HANDLERS, CLASSES, DECORATORS, ANNOTATIONS),
            *(IMPORTS, ASSIGNMENTS, STRINGS, NAMES, GENERICS, NESTED_STRINGS, TEMPLATES, BARE_EXCEPT),
        )
    ),
    "if a:\n    pass\n" + "elif b:\n    pass\n" * 300,
    "x = " + " + ".join(["a"] * 300) + "\n",
    "x: " + " | ".join(["A"] * 300) + "\n",
    "x = " + " < ".join(["a"] * 1500) + "\n",
    "x = a" + ".b" * 200 + "()" * 200 + "\n",
    "x = " + "1 if a else " * 90 + "2\n",
    "x = " + "lambda: " * 90 + "0\n",
    "x = " + "[" * 90 + "]" * 90 + "\n",
    "".join(f"{' ' * depth}for x in y:\n" for depth in range(90)) + " " * 90 + "pass\n",
    "".join(f"{' ' * depth}class A:\n" for depth in range(90)) + " " * 90 + "pass\n",
    "".join(f"{' ' * depth}def f():\n" for depth in range(90)) + " " * 90 + "pass\n",
)

"""The transformations that make twins, on programs small enough to see that they are right."""

from __future__ import annotations

import pytest

from twins import SAME, Files, silenced, synchronous

APP = """\
import time
from repo import load, save


def helper(key):
    time.sleep(1)  # ARC401
    return load(key)


async def handler(key):
    return helper(key)
"""
REPO = "def load(key): ...\n\n\ndef save(key): ...\n"


def twin(kind: str, text: str = APP, **others: str) -> Files | None:
    return SAME[kind]({"app.py": text, "repo.py": REPO, **others})


def app(kind: str, text: str = APP) -> str:
    files = twin(kind, text)
    assert files is not None
    return files["app.py"]


def test_from_import() -> None:
    assert app("from-import") == APP.replace("import time", "from time import sleep").replace("time.s", "s")


def test_from_import_as() -> None:
    expected = APP.replace("import time", "from time import sleep as time_sleep_")
    assert app("from-import-as") == expected.replace("time.sleep", "time_sleep_")


def test_module_import() -> None:
    text = app("module-import", APP.replace(", save", ""))
    assert text == APP.replace("from repo import load, save", "import repo").replace(" load(", " repo.load(")


def test_module_import_of_a_module() -> None:
    text = "from pkg import repo\n\nrepo.load(1)\n"
    files = SAME["module-import"]({"app.py": text, "pkg/repo.py": REPO, "pkg/__init__.py": ""})
    assert files is not None
    assert files["app.py"] == "import pkg.repo\n\npkg.repo.load(1)\n"


def test_aliased() -> None:
    assert app("aliased", APP.replace(", save", "")) == (
        APP.replace("import time", "import time as time_")
        .replace("time.sleep", "time_.sleep")
        .replace("import load, save", "import load as load_")
        .replace(" load(", " load_(")
    )


@pytest.mark.parametrize(
    "text",
    [
        "import time\n\n\ndef f(time):\n    time.sleep(1)\n",
        "import time\n\ntime = time\n",
        "from m import T\n\n\ndef f(x: 'T') -> T: ...\n",
    ],
)
@pytest.mark.parametrize("kind", ["from-import", "from-import-as", "module-import", "aliased"])
def test_names_that_mean_something_else_are_left_alone(kind: str, text: str) -> None:
    assert SAME[kind]({"app.py": text}) is None


def test_moved_helpers() -> None:
    files = twin("moved-helpers")
    assert files is not None
    assert files["app.py"].splitlines()[4:8] == ["from shared_helpers import helper", "", "", ""]
    assert files["app.py"].count("\n") == APP.count("\n")
    assert files["shared_helpers.py"].startswith(
        "import time\nfrom repo import load, save\n\n\ndef helper(key):"
    )
    assert "# ARC401" in files["shared_helpers.py"]


def test_helpers_that_need_their_module_stay() -> None:
    assert twin("moved-helpers", APP.replace("(1)", "(DELAY)") + "\n\nDELAY = 1\n") is None


def test_reexported_helpers() -> None:
    files = twin("reexported-helpers")
    assert files is not None
    assert files["shared_helpers/__init__.py"] == "from .work import helper\n"
    assert "# ARC401" in files["shared_helpers/work.py"]
    assert "from shared_helpers import helper" in files["app.py"]


def test_optional_imports() -> None:
    text = app("optional-imports")
    assert text.startswith("try:\n    import time\nexcept ImportError:\n    time = None\ntry:\n    from repo")
    assert "    load = save = None\n" in text


def test_local_imports() -> None:
    text = app("local-imports")
    assert text.startswith("\nfrom repo import load, save\n\n\ndef helper(key):\n    import time\n")


def test_text_annotations() -> None:
    assert app("text-annotations", "def f(a: int | None, *b: 'x', c: T[U] = 1): ...\n") == (
        'def f(a: "int | None", *b: \'x\', c: "T[U]" = 1): ...\n'
    )


def test_future_annotations() -> None:
    assert app("future-annotations") == f"from __future__ import annotations\n{APP}"


def test_renamed() -> None:
    assert app("renamed", APP) == APP.replace("key", "v0_")
    text = (
        "def f(session, *, key):\n    rows = session.all()\n    return {r: f'{rows}' for r in rows}\n\n\n"
        "f(1, key=2)\n"
    )
    assert app("renamed", text) == text.replace("session", "v1_").replace("r:", "v0_:").replace(
        "r in", "v0_ in"
    )


def test_packaged() -> None:
    files = twin(
        "packaged", APP, **{"deep/__init__.py": "", "deep/more.py": "import repo\nfrom app import helper\n"}
    )
    assert files is not None
    assert "from .repo import load, save" in files["outer/app.py"]
    assert files["outer/deep/more.py"] == "from .. import repo\nfrom ..app import helper\n"


def test_tabs_and_line_ends() -> None:
    assert "\n\ttime.sleep" in app("tabs")
    assert app("crlf") == APP.replace("\n", "\r\n")


def test_synchronous() -> None:
    files = synchronous({"a.py": "async def f():\n    async with g() as h:\n        return await  h.i()\n"})
    assert files == {"a.py": "def f():\n    with g() as h:\n        return h.i()\n"}


def test_silenced() -> None:
    files = silenced({"a.py": "f()  # ARC401\n"}, "ARC401", {"a.py": {1}})
    assert files == {"a.py": "f()  # ARC401  # noqa: ARC401\n"}
    assert silenced({"a.py": 'f("""\n""")\n'}, "ARC401", {"a.py": {1}}) is None

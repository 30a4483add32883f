"""Bad input costs one clear line, and trouble with the cache costs nothing but time."""

from __future__ import annotations

import ctypes
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from subprocess import PIPE
from typing import Any

import attrs
import pytest

from archlint.core import cachedir

SHOP = Path(__file__).parent.parent / "examples" / "shop"
COMMAND = (sys.executable, "-c", "from archlint.surfaces.cli import main; main()", "check")
ROOT_USER = hasattr(os, "geteuid") and os.geteuid() == 0

#: From Linux's prctl.h and capability.h.
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH = 24, 1, 2

DEFECT = "import time\n\n\nasync def nap():\n    time.sleep(1)\n"
LINE = 5

Finding = tuple[str, int | None, str]


@attrs.frozen
class Answer:
    """What a run of the command said."""

    exit_code: int
    findings: list[Finding]
    messages: dict[str, str]
    stderr: str

    def of(self, name: str) -> list[tuple[int | None, str]]:
        """The lines and codes of one file."""
        return [(line, code) for path, line, code in self.findings if path == name]


def lint(root: Path, *arguments: str, **popen: Any) -> Answer:
    """Run ``archlint check`` in a directory."""
    command = [*COMMAND, "--output-format", "json", *arguments]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, **popen)
    return answer(root, done.returncode, done.stdout, done.stderr)


def answer(root: Path, exit_code: int, stdout: str, stderr: str) -> Answer:
    rows = json.loads(stdout) if stdout.strip() else []
    findings, messages = [], {}
    for row in rows:
        name = os.path.relpath(row["filename"], root)
        code = row["code"] or "invalid-syntax"
        findings.append((name, (row["location"] or {}).get("row"), code))
        messages[name] = row["message"]
    return Answer(exit_code, findings, messages, stderr)


def nested(head: str, tail: str, depth: int, inner: str = "") -> bytes:
    return (DEFECT + "x = " + head * depth + inner + tail * depth + "\n").encode()


#: What is wrong with a file, and what its one line must say.
BROKEN: dict[str, tuple[bytes, str]] = {
    "syntax_error.py": (b"def f(:\n    pass\n", "SyntaxError"),
    "unclosed.py": (b"x = (1,\n", "never closed"),
    "indentation.py": (b"if x:\npass\n", "IndentationError"),
    "tabs.py": (b"if x:\n\ty = 1\n        z = 2\n", "TabError"),
    "nul_byte.py": (b"x = 1\ny = '\x00'\n", "NUL byte"),
    "binary.py": (bytes(range(256)) * 8, "NUL byte"),
    "utf16.py": (DEFECT.encode("utf-16"), "NUL byte"),
    "latin1_without_cookie.py": ("x = 'é'\n".encode("latin-1"), "declare the encoding"),
    "unknown_encoding.py": (b"# -*- coding: klingon -*-\nx = 1\n", "klingon"),
    "wrong_cookie.py": ("# -*- coding: ascii -*-\nx = 'é'\n".encode(), "ascii"),
    "conflict.py": (b"<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> b\n", "SyntaxError"),
    "nested_5000.py": (nested("(", ")", 5000, "1"), "nested"),
    "nested_lists_5000.py": (nested("[", "]", 5000), "nested"),
    "deep_indent.py": (
        "".join(f"{' ' * depth}if x:\n" for depth in range(5000)).encode() + b" " * 5000 + b"x\n",
        "indent",
    ),
}

#: Files that look odd and must be linted like any other; all of them have the defect.
ODD: dict[str, bytes] = {
    "latin1.py": ("# -*- coding: latin-1 -*-\n" + DEFECT.replace("\n\n", " # é\n", 1)).encode("latin-1"),
    "bom.py": DEFECT.encode("utf-8-sig"),
    "bom_and_cookie.py": ("# coding: utf-8\n" + DEFECT.replace("\n\n", "\n", 1)).encode("utf-8-sig"),
    "crlf.py": DEFECT.replace("\n", "\r\n").encode(),
    "cr.py": DEFECT.replace("\n", "\r").encode(),
    "form_feed.py": DEFECT.replace("\n\n", "\n\x0c\n", 1).encode(),
    "separators.py": DEFECT.replace("\n\n", "\nx = '\u2028 \x85 \x0b'\n", 1).encode(),
    "surrogates.py": DEFECT.replace("\n\n", "\nx = '\\ud800'\n", 1).encode(),
    "no_newline_at_end.py": DEFECT.rstrip("\n").encode(),
    "wide.py": DEFECT.replace("\n\n", "\nx = '漢🜨'; y = '" + "x" * 300_000 + "'\n", 1).encode(),
    "sum_900.py": DEFECT.encode() + b"x = " + b" + ".join([b"a"] * 900) + b"\n",
    "chain_400.py": DEFECT.encode() + b"x = a" + b".b()" * 400 + b"\n",
    "compare_5000.py": DEFECT.encode() + b"x = " + b" < ".join([b"a"] * 5000) + b"\n",
    "elif_900.py": DEFECT.encode() + b"if a:\n    pass\n" + b"elif b:\n    pass\n" * 900,
    "union_500.py": DEFECT.encode() + b"x: " + b" | ".join([b"A"] * 500) + b"\n",
    "warns.py": DEFECT.encode() + b"x = 1or 2\ny = '\\d'\nassert (x, y)\nx is 1\n",
    "list_50000.py": DEFECT.encode() + b"x = [" + b"1, " * 50_000 + b"]\n",
}


@pytest.fixture(scope="module")
def bad_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("project")
    (root / "pyproject.toml").write_text("", encoding="utf-8")
    for name, (content, _) in BROKEN.items():
        (root / name).write_bytes(content)
    for name, content in ODD.items():
        (root / name).write_bytes(content)
    (root / "empty.py").write_bytes(b"")
    (root / "blank.py").write_bytes(b"\n \n\t\n")
    (root / "good.py").write_text(DEFECT, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def bad_answer(bad_tree: Path) -> Answer:
    return lint(bad_tree, "--no-cache")


@pytest.mark.parametrize("name", BROKEN)
def test_broken_file_costs_one_clear_line(bad_answer: Answer, name: str):
    assert [code for _, code in bad_answer.of(name)] == ["invalid-syntax"]
    assert BROKEN[name][1] in bad_answer.messages[name]
    assert "\n" not in bad_answer.messages[name]


@pytest.mark.parametrize("name", ODD)
def test_odd_file_is_linted(bad_answer: Answer, name: str):
    assert bad_answer.of(name) == [(LINE, "ARC401")]


def test_other_files_are_linted(bad_answer: Answer):
    assert bad_answer.exit_code == 1
    assert bad_answer.of("good.py") == [(LINE, "ARC401")]
    assert bad_answer.of("empty.py") == bad_answer.of("blank.py") == []
    assert bad_answer.stderr == ""


def test_broken_files_are_reported_alike_by_workers_and_from_the_cache(bad_tree: Path, bad_answer: Answer):
    for _ in range(2):
        assert lint(bad_tree, "--jobs", "2").findings == bad_answer.findings


def test_50000_lines(tree: Path):
    function = "def f{0}(a, b):\n    for c in a:\n        b.append(c.d(e[{0}]))\n    return b\n\n"
    text = DEFECT + "".join(function.format(number) for number in range(10_000)) + DEFECT
    (tree / "huge.py").write_text(text, encoding="utf-8")

    assert lint(tree).of("huge.py") == [(LINE, "ARC401"), (LINE + 50_005, "ARC401")]


def test_symlinks(tree: Path):
    (tree / "good.py").write_text(DEFECT, encoding="utf-8")
    (tree / "loop").mkdir()
    (tree / "loop" / "back").symlink_to(tree, target_is_directory=True)
    (tree / "loop" / "self.py").symlink_to(tree / "loop" / "self.py")
    (tree / "gone.py").symlink_to(tree / "nowhere.py")

    done = lint(tree, "--no-cache")

    assert done.of("good.py") == [(LINE, "ARC401")]
    assert {code for path, _, code in done.findings if path != "good.py"} <= {"E902"}
    assert {path for path, _, _ in done.findings} <= {"good.py", "gone.py", "loop/self.py"}


def test_nobody_waits_for_a_pipe(tree: Path):
    """ARC401 asks for the routes of the project, and those for the words of every file."""
    (tree / "good.py").write_text(DEFECT, encoding="utf-8")
    os.mkfifo(tree / "pipe.py")
    for _ in range(2):
        assert lint(tree).of("good.py") == [(LINE, "ARC401")]


def test_missing_file(tree: Path):
    (tree / "good.py").write_text(DEFECT, encoding="utf-8")

    done = lint(tree, "good.py", "missing.py")

    assert done.exit_code == 1
    assert done.of("good.py") == [(LINE, "ARC401")]
    assert [code for _, code in done.of("missing.py")] == ["E902"]
    assert "No such file" in done.messages["missing.py"]


def ordinary_rights() -> None:
    """Take from root, who runs tests in containers, the right to ignore file modes."""
    if ROOT_USER and sys.platform == "linux":
        drop = ctypes.CDLL(None).prctl
        for capability in (CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH):
            drop(PR_CAPBSET_DROP, capability, 0, 0, 0)


@contextmanager
def mode(path: Path, bits: int) -> Iterator[None]:
    """Other rights on a path for a while."""
    before = path.stat().st_mode
    path.chmod(bits)
    try:
        yield
    finally:
        path.chmod(before)


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_unreadable_files(tree: Path, jobs: str):
    (tree / "good.py").write_text("import secret, hidden.module\n" + DEFECT, encoding="utf-8")
    (tree / "secret.py").write_text(DEFECT, encoding="utf-8")
    (tree / "hidden").mkdir()
    (tree / "hidden" / "module.py").write_text(DEFECT, encoding="utf-8")

    with mode(tree / "secret.py", 0), mode(tree / "hidden", 0):
        done = lint(tree, "--jobs", jobs, preexec_fn=ordinary_rights)

    assert done.of("good.py") == [(LINE + 1, "ARC401")]
    assert [code for _, code in done.of("secret.py")] == ["E902"]
    assert done.messages["secret.py"] == "Permission denied"
    assert {path for path, _, _ in done.findings} <= {"good.py", "secret.py", "hidden"}


def test_unreadable_settings(tree: Path):
    (tree / "good.py").write_text(DEFECT, encoding="utf-8")
    (tree / "pyproject.toml").write_text("[tool.archlint]\n", encoding="utf-8")

    with mode(tree / "pyproject.toml", 0):
        done = lint(tree, preexec_fn=ordinary_rights)

    assert (done.exit_code, done.findings) == (2, [])
    assert "pyproject.toml" in done.stderr
    assert "Traceback" not in done.stderr


def test_empty_directory(tree: Path):
    done = lint(tree)

    assert (done.exit_code, done.findings) == (0, [])
    assert "No Python files" in done.stderr


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("[tool.archlint\n", ("pyproject.toml",)),
        ('[tool.archlint]\nselect = "ARC"\n', ("pyproject.toml", "select")),
        ("[tool.archlint]\nselct = []\n", ("pyproject.toml", "selct", "select")),
        ('[tool.archlint]\nselect = ["ARC999"]\n', ("pyproject.toml", "ARC999")),
        ('[tool.archlint]\nignore = ["n-plus-one-qerry"]\n', ("pyproject.toml", "n-plus-one-query")),
        ("[tool.archlint]\n# \xff\n", ("pyproject.toml",)),
    ],
)
def test_broken_config(tree: Path, config: str, words: Sequence[str]):
    (tree / "good.py").write_text(DEFECT, encoding="utf-8")
    (tree / "pyproject.toml").write_text(config, encoding="latin-1")

    done = lint(tree)

    assert (done.exit_code, done.findings) == (2, [])
    assert [word for word in words if word not in done.stderr] == []
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--select", "ARC999"], ["ARC999"]),
        (["--ignore", "nonsense"], ["nonsense"]),
        (["--extend-select", "n-plus-one-qerry"], ["n-plus-one-query"]),
        (["--config", "missing.toml"], ["missing.toml"]),
        (["--config", "select = 1"], ["select"]),
        (["--no-such-option"], ["--no-such-option"]),
        (["--output-format", "papyrus"], ["papyrus"]),
    ],
)
def test_misuse(tree: Path, arguments: list[str], words: list[str]):
    (tree / "good.py").write_text(DEFECT, encoding="utf-8")

    done = lint(tree, *arguments)

    assert (done.exit_code, done.findings) == (2, [])
    assert [word for word in words if word not in done.stderr] == []
    assert "Traceback" not in done.stderr


# -- the cache ---------------------------------------------------------------------------------


@pytest.fixture
def shop(tree: Path) -> Path:
    """A project with findings that need other files."""
    return Path(shutil.copytree(SHOP, tree / "shop", ignore=shutil.ignore_patterns("__pycache__", ".*")))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> list[Finding]:
    """The findings of that project without any cache."""
    root = tmp_path_factory.mktemp("project") / "shop"
    shutil.copytree(SHOP, root, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    found = lint(root, "--no-cache", "--jobs", "1").findings
    assert len(found) > 5
    return found


def cache_files(root: Path) -> list[Path]:
    return sorted((root / ".archlint_cache").rglob("*.sqlite*"))


def test_cold_warm_and_deleted_cache(shop: Path, plain: list[Finding]):
    assert lint(shop).findings == plain
    assert lint(shop, "--jobs", "1").findings == plain
    assert cache_files(shop) != []
    shutil.rmtree(shop / ".archlint_cache")
    assert lint(shop, "--jobs", "2").findings == plain


def test_each_database_deleted_alone(shop: Path, plain: list[Finding]):
    lint(shop)
    for path in cache_files(shop):
        path.unlink()
        assert lint(shop).findings == plain


@pytest.mark.parametrize("damage", ["garbage", "half", "empty", "directory", "other schema"])
def test_damaged_cache(shop: Path, plain: list[Finding], damage: str):
    lint(shop)
    for path in cache_files(shop):
        _damage(path, damage)

    assert lint(shop).findings == plain
    assert lint(shop).findings == plain


def _damage(path: Path, damage: str) -> None:
    content = path.read_bytes()
    path.unlink()
    if damage == "garbage":
        path.write_bytes(os.urandom(len(content)))
    elif damage == "half":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "empty":
        path.write_bytes(b"")
    elif damage == "directory":
        path.mkdir()
    else:
        import sqlite3

        with sqlite3.connect(path) as connection:
            for table in ("summaries", "results"):
                connection.execute(f"CREATE TABLE {table} (something INTEGER)")
        connection.close()


def test_cache_directory_is_a_file(shop: Path, plain: list[Finding]):
    (shop / ".archlint_cache").write_text("in the way", encoding="ascii")

    assert lint(shop).findings == plain
    assert lint(shop, "--cache-dir", "pyproject.toml/below").findings == plain


def test_changes_in_other_files_are_seen(shop: Path):
    lint(shop)
    payments = shop / "shop" / "clients" / "payments.py"
    text = payments.read_text(encoding="utf-8")
    payments.write_text(text.replace("self._http.post(", "self._queue("), encoding="utf-8")

    assert lint(shop).findings == lint(shop, "--no-cache").findings

    payments.write_text(text, encoding="utf-8")
    assert lint(shop).findings == lint(shop, "--no-cache").findings


@pytest.mark.slow
def test_killed_at_any_time(shop: Path, plain: list[Finding]):
    started = time.perf_counter()
    lint(shop)
    needed = time.perf_counter() - started
    for step in range(12):
        if step % 3 == 0:
            shutil.rmtree(shop / ".archlint_cache", ignore_errors=True)
        with started_run(shop, "--jobs", str(1 + step % 2)) as process:
            time.sleep(needed * (0.4 + 0.05 * step))
            os.killpg(process.pid, signal.SIGKILL)
        assert lint(shop).findings == plain


@contextmanager
def started_run(root: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A run in a process group of its own, so that its workers can be ended with it."""
    command = [*COMMAND, "--output-format", "json", *arguments]
    with subprocess.Popen(
        command, cwd=root, stdout=PIPE, stderr=PIPE, text=True, start_new_session=True
    ) as process:
        yield process


@pytest.mark.slow
def test_eight_processes_at_once(shop: Path, plain: list[Finding]):
    command = [*COMMAND, "--output-format", "json"]
    for jobs in ("1", "2"):
        shutil.rmtree(shop / ".archlint_cache", ignore_errors=True)
        running = [
            subprocess.Popen([*command, "--jobs", jobs], cwd=shop, stdout=PIPE, stderr=PIPE, text=True)
            for _ in range(8)
        ]
        for process in running:
            stdout, stderr = process.communicate(timeout=120)
            assert stderr == ""
            assert answer(shop, process.returncode, stdout, stderr).findings == plain


def test_full_disk(shop: Path, plain: list[Finding]):
    """No file may grow beyond 8 kB, which the databases must."""

    def small_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    for jobs in ("1", "2"):
        done = lint(shop, "--jobs", jobs, preexec_fn=small_files)
        assert done.findings == plain
        assert done.stderr == ""
    assert lint(shop).findings == plain


def test_a_full_disk_costs_no_baseline(shop: Path):
    command = [*COMMAND[:-1], "baseline"]
    subprocess.run(command, cwd=shop, check=True, capture_output=True)
    before = (shop / "archlint-baseline.json").read_bytes()

    def no_files() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    done = subprocess.run(command, cwd=shop, capture_output=True, text=True, preexec_fn=no_files, check=False)
    assert done.returncode == 2
    assert "archlint-baseline.json cannot be written: File too large" in done.stderr
    assert (shop / "archlint-baseline.json").read_bytes() == before
    assert not list(shop.glob(".archlint-baseline*"))


def test_marks_that_a_full_disk_left_empty_are_written_again(tmp_path: Path):
    for name in (".gitignore", "CACHEDIR.TAG"):
        (tmp_path / name).touch()
    assert cachedir.prepare(tmp_path)
    assert (tmp_path / ".gitignore").read_text(encoding="ascii") == "*\n"
    assert (tmp_path / "CACHEDIR.TAG").read_text(encoding="ascii").startswith("Signature: ")


@contextmanager
def mounted(target: Path, *arguments: str) -> Iterator[Path]:
    """Something mounted for a while; skips the test where that is not allowed."""
    if not ROOT_USER or shutil.which("mount") is None:
        pytest.skip("mounting needs root")
    if subprocess.run(["mount", *arguments, str(target)], capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    try:
        yield target
    finally:
        subprocess.run(["umount", str(target)], check=True)


def test_tiny_disk(shop: Path, plain: list[Finding], tmp_path: Path):
    with mounted(tmp_path, "-t", "tmpfs", "-o", "size=48k", "tmpfs"):
        for jobs in ("1", "2"):
            done = lint(shop, "--jobs", jobs, "--cache-dir", str(tmp_path / "cache"))
            assert done.findings == plain
            assert done.stderr == ""


def test_read_only_tree(shop: Path, plain: list[Finding]):
    """Without a cache, and with one that can be read but not written."""
    for _ in range(2):
        with read_only(shop):
            done = lint(shop, preexec_fn=ordinary_rights)
        assert done.findings == plain
        assert done.stderr == ""
        lint(shop)


@contextmanager
def read_only(root: Path) -> Iterator[None]:
    """Nothing below the directory can be written."""
    with ExitStack() as stack:
        for path in (root, *root.rglob("*")):
            stack.enter_context(mode(path, path.stat().st_mode & ~0o222))
        yield


@pytest.mark.parametrize("bits", [0o000, 0o111, 0o444, 0o555])
def test_rights_on_the_cache(shop: Path, plain: list[Finding], bits: int):
    lint(shop)
    for path in (shop / ".archlint_cache", *cache_files(shop)):
        with mode(path, bits):
            done = lint(shop, preexec_fn=ordinary_rights)
        assert done.findings == plain
        assert done.stderr == ""

"""The one value that changes when any Python file of a project does."""

from __future__ import annotations

import os
from pathlib import Path

from archlint.engine.state import Survey, survey


def look(root: Path, limit: int = 100) -> Survey:
    found = survey(str(root), limit)
    assert found is not None
    return found


def test_files_in_order_without_what_no_import_reaches(tmp_path: Path):
    code = ("b.py", "a/c.py", "a.pyi", ".hidden/d.py", "node_modules/e.py", "build/f.py")
    for name in (*code, "x.txt", "uv.lock", "a/uv.lock"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "dead.py").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path, target_is_directory=True)
    found = look(tmp_path)
    assert [path for path, *_ in found.files] == [
        "a.pyi",
        "a/c.py",
        "b.py",
        "build/f.py",
        "dead.py",
        "uv.lock",
    ]
    assert found.thorough() == look(tmp_path).thorough()
    assert found.quick == look(tmp_path).quick


def test_linked_packages_are_part_of_the_project(tmp_path: Path):
    root, outside = tmp_path / "root", tmp_path / "outside"
    for directory in (root, outside / "inner"):
        directory.mkdir(parents=True)
    (outside / "inner" / "a.py").touch()
    (root / "linked").symlink_to(outside, target_is_directory=True)
    (outside / "inner" / "back").symlink_to(outside, target_is_directory=True)
    (outside / "up").symlink_to(root, target_is_directory=True)
    before = look(root)
    assert [path for path, *_ in before.files] == ["linked/inner/a.py"]
    (outside / "inner" / "a.py").write_text("a = 1")
    assert look(root).quick != before.quick


def test_every_change_shows(tmp_path: Path):
    file = tmp_path / "a.py"
    seen = set()
    for content in (None, b"", b"a = 1", b"a = 2"):
        if content is not None:
            file.write_bytes(content)
        found = look(tmp_path)
        seen.add((found.quick, found.thorough()))
    file.rename(tmp_path / "b.py")
    found = look(tmp_path)
    seen.add((found.quick, found.thorough()))
    assert len({quick for quick, _ in seen}) == len({thorough for _, thorough in seen}) == 5


def test_a_template_is_part_of_the_project(tmp_path: Path):
    template = tmp_path / "templates" / "shop" / "orders.html"
    template.parent.mkdir(parents=True)
    template.write_text("{{ order }}")
    assert [path for path, *_ in look(tmp_path).files] == ["templates/shop/orders.html"]
    before = look(tmp_path).thorough()
    template.write_text("{{ order.customer }}")
    assert look(tmp_path).thorough() != before


def test_a_touched_file_has_the_same_content(tmp_path: Path):
    (tmp_path / "a.py").write_text("a = 1")
    before = look(tmp_path)
    os.utime(tmp_path / "a.py", ns=(1, 1))
    after = look(tmp_path)
    assert before.quick != after.quick
    assert before.thorough() == after.thorough()


def test_fresh_files_are_not_settled(tmp_path: Path):
    (tmp_path / "a.py").touch()
    found = look(tmp_path)
    assert not found.settled
    assert found._replace(taken_ns=found.taken_ns + 3_000_000_000).settled


def test_too_many_files_or_directories(tmp_path: Path):
    for number in range(5):
        (tmp_path / f"d{number}").mkdir()
        (tmp_path / f"{number}.py").touch()
    assert survey(str(tmp_path), 6) is not None
    assert survey(str(tmp_path), 5) is None
    assert survey(str(tmp_path), 4) is None
    assert look(tmp_path / "gone").files == ()

"""Files that are written at once or not at all."""

from __future__ import annotations

import os
import stat
import sys
import threading
from pathlib import Path

import pytest

from archlint.core import whole_file


def test_what_a_link_leads_to_is_replaced_with_its_mode(tmp_path: Path):
    file, link = tmp_path / "baseline.json", tmp_path / "link.json"
    file.write_text("old", encoding="utf-8")
    file.chmod(0o640)
    link.symlink_to(file)
    whole_file.write(link, b"new")
    assert (link.is_symlink(), file.read_bytes(), stat.S_IMODE(file.stat().st_mode)) == (True, b"new", 0o640)
    assert sorted(tmp_path.iterdir()) == [file, link]


def test_a_directory_is_an_error_and_stays(tmp_path: Path):
    with pytest.raises(IsADirectoryError):
        whole_file.write(tmp_path, b"new")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="needs pipes with names")
def test_a_pipe_takes_the_content_and_stays_one(tmp_path: Path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found: list[bytes] = []
    reader = threading.Thread(target=lambda: found.append(pipe.read_bytes()), daemon=True)
    reader.start()
    whole_file.write(pipe, b"new")
    reader.join(10)
    assert found == [b"new"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)

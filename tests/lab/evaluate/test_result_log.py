"""Results survive interruptions and are not mixed with those of other settings."""

import pytest

from backend.errors import UserError
from backend.lab.evaluate.result_log import ResultLog, check_settings


def test_rows_are_read_back(tmp_path):
    ResultLog(tmp_path / "a.jsonl").add("x", {"iou": 0.5})
    again = ResultLog(tmp_path / "a.jsonl")
    assert "x" in again
    assert "y" not in again
    again.add("x", {"iou": 0.7})
    assert ResultLog(tmp_path / "a.jsonl").rows == [{"key": "x", "iou": 0.7}]


def test_an_incomplete_line_is_ignored(tmp_path):
    path = tmp_path / "a.jsonl"
    ResultLog(path).add("x", {"iou": 0.5})
    path.write_text(path.read_text() + '{"key": "y", "iou": 0.')
    log = ResultLog(path)
    assert "y" not in log
    log.add("y", {"iou": 0.6})
    assert [row["key"] for row in ResultLog(path).rows] == ["x", "y"]


def test_different_settings_in_the_same_folder_are_an_error(tmp_path):
    check_settings(tmp_path, {"steps": 25, "batch": 4, "kinds": ("mug",)}, ("batch",))
    check_settings(tmp_path, {"steps": 25, "batch": 8, "kinds": ("mug",)}, ("batch",))
    with pytest.raises(UserError, match="another 'steps' \\(25\\)"):
        check_settings(tmp_path, {"steps": 30, "batch": 4, "kinds": ("mug",)}, ("batch",))

"""Results survive an interruption and are never mixed with those of other settings."""

import pytest

from backend.errors import UserError
from backend.lab.evaluate.result_log import ResultLog, check_settings


def test_what_was_written_is_found_again(tmp_path):
    ResultLog(tmp_path / "a.jsonl").add("x", {"iou": 0.5})
    again = ResultLog(tmp_path / "a.jsonl")
    assert "x" in again
    assert "y" not in again
    again.add("x", {"iou": 0.7})
    assert ResultLog(tmp_path / "a.jsonl").rows == [{"key": "x", "iou": 0.7}]


def test_a_torn_line_is_done_again(tmp_path):
    path = tmp_path / "a.jsonl"
    ResultLog(path).add("x", {"iou": 0.5})
    path.write_text(path.read_text() + '{"key": "y", "iou": 0.')
    records = ResultLog(path)
    assert "y" not in records
    records.add("y", {"iou": 0.6})
    assert [row["key"] for row in ResultLog(path).rows] == ["x", "y"]


def test_other_settings_need_another_folder(tmp_path):
    check_settings(tmp_path, {"steps": 25, "batch": 4, "kinds": ("mug",)}, ("batch",))
    check_settings(tmp_path, {"steps": 25, "batch": 8, "kinds": ("mug",)}, ("batch",))
    with pytest.raises(UserError, match="another 'steps' \\(25\\)"):
        check_settings(tmp_path, {"steps": 30, "batch": 4, "kinds": ("mug",)}, ("batch",))

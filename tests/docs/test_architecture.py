"""The picture of the rooms is drawn from the code, and its arrows point down."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import rooms  # noqa: E402


def test_the_picture_in_the_document_is_the_code_as_it_is():
    """When this fails: python tools/rooms.py --write"""
    assert rooms.written() == rooms.picture()


def test_every_arrow_points_down():
    rank = {room: n for n, room in enumerate(rooms.ORDER)}
    up = [
        (room, target)
        for room, targets in rooms.arrows().items()
        for target in targets
        if rank[target] < rank[room]
    ]
    assert up == []


def test_every_room_is_described():
    text = rooms.DOCUMENT.read_text(encoding="utf-8")
    folders = {
        path.stem
        for path in (ROOT / "src" / "onesystem").iterdir()
        if path.stem not in {"__init__", "__pycache__"} and path.suffix in {"", ".py"}
    }
    assert {room for room in folders if f"| `{room}` |" not in text} == set()

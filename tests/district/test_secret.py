"""The key of a district is made once, and nobody else reads it."""

import stat

from onesystem.district.secret import keep_secret


def test_it_is_made_once_for_its_owner_alone(tmp_path):
    path = keep_secret(tmp_path)
    first = path.read_text(encoding="ascii")
    assert len(first) > 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert keep_secret(tmp_path).read_text(encoding="ascii") == first

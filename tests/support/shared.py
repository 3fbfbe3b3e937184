"""The folder of real data that is kept outside the repository: where it is, or the reason for skipping a test."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def shared_data(*parts: str) -> Path:
    """A path in XIAOCHENG_SHARED_DATA, or in shared/data beside the checkout; skips the test where it is absent."""
    base = Path(os.environ.get("XIAOCHENG_SHARED_DATA") or ROOT.parent / "shared" / "data")
    path = base.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"no shared data at {path}: set XIAOCHENG_SHARED_DATA to run this test")
    return path

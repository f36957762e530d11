"""Faults that a sync must survive, each played by the sandboxes over real HTTP."""

import pytest

pytest.register_assert_rewrite(f"{__name__}.verdict")

"""The pages of insight over the deals that tests/insight makes."""

from tests.insight.conftest import sales

__all__ = ["sales"]

"""The product's own settings; only the addresses of the floors are added."""

from xiaocheng.config.settings import *  # noqa: F403

ROOT_URLCONF = "tests.bench.floors"

"""Makes sure that there is a Chromium for the tests: the machine's own, else Debian's, else Playwright's."""

import os
import shutil
import subprocess
import sys

from playwright.sync_api import sync_playwright

from tests.support.browser import find


def ensure() -> str | None:
    """Return the path of a browser, installing one where that is possible."""
    if path := _present():
        return path
    if os.geteuid() == 0 and shutil.which("apt-get"):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-qq"], env=environment, check=False)
        install = ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium", "fonts-noto-cjk"]
        subprocess.run(install, env=environment, stdout=subprocess.DEVNULL, check=False)
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return _present()


def _present() -> str | None:
    with sync_playwright() as playwright:
        return find(playwright)


if __name__ == "__main__":
    found = ensure()
    print(found or "No Chromium: the tests in a browser will not run.")
    sys.exit(1 if found is None and os.environ.get("CI") else 0)

"""What holds for all tests: the browser, and what is done when a test in it fails."""

import os
import shutil

import pytest

#: of Debian's two the one without a window of its own is twice as fast; CXTEXT_CHROMIUM names another
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = os.environ.get("CXTEXT_CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)


def pytest_collection_modifyitems(items):
    """Let a test in a browser, which shares two cores with others, have a second and a third try; "R" tells of it."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2))


@pytest.fixture(scope="module")
def browser():
    """Chromium, started once for the tests of a file."""
    if not CHROMIUM and not os.environ.get("CI"):
        pytest.skip("there is no Chromium here; set CXTEXT_CHROMIUM to its path")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM)
        yield browser
        browser.close()

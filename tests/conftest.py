"""What holds for all tests."""

import pytest


def pytest_collection_modifyitems(items):
    """Let a test in a browser, which shares two cores with others, have a second and a third try; "R" tells of it."""
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.flaky(reruns=2))

"""How many examples a property test draws: many where every proof is required, a few in between."""

import os


def some(many: int) -> int:
    """`many` where BOOKEND_TEST_REQUIRE is set (as `.ci/run` does), else about a sixth of them."""
    return many if os.environ.get("BOOKEND_TEST_REQUIRE") else max(3, many // 6)

"""The contract kit: shipped with the wheel, so that a third party's connector is judged by the same suite as ours."""

import sys

# A test that fails shows its values only if pytest rewrote the module that it stands in, and pytest rewrites none of an
# installed package that nobody names. Without pytest there is nothing to rewrite.
if "pytest" in sys.modules:
    import pytest

    pytest.register_assert_rewrite(*(f"{__name__}.{each}" for each in ("contract", "simulated", "translation")))

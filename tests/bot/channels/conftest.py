import io

import pytest
from PIL import Image

LIBRARIES = ("aiogram", "ptb")


@pytest.fixture(params=LIBRARIES)
def library(request: pytest.FixtureRequest) -> str:
    """What is true of Telegram is true over each library."""
    return str(request.param)


@pytest.fixture
def png() -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(out, "PNG")
    return out.getvalue()

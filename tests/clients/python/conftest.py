"""What the tests share: the server, and that they run on asyncio."""

import pytest

import program


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    server = program.Server(tmp_path_factory.mktemp("home"))
    yield server
    server.halt()

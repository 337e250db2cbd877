"""The real program with the whole catalogue, and what is asked of it."""

import tempfile
from contextlib import contextmanager

import requests

import launch


@contextmanager
def serve():
    """Yields the address of GraphQL."""
    with tempfile.TemporaryDirectory(prefix="stackfit-client-") as home:
        child, host = launch.start(home)
        try:
            yield f"http://{host}/graphql"
        finally:
            launch.stop(child)


def ask(url, query, **variables):
    answer = requests.post(url, json={"query": query, "variables": variables}, timeout=launch.TIMEOUT).json()
    assert "errors" not in answer, answer
    return answer["data"]

"""The check of the frame of answers: good ones pass, and each way to be broken is found."""

from types import SimpleNamespace

import pytest

from answers import GRAPHQL_RESPONSE, JSON, Broken, check_body, check_response, read


def error(code="BAD_USER_INPUT", **more):
    return {"message": "No.", "extensions": {"code": code}, **more}


@pytest.mark.parametrize(
    "body",
    [
        {"data": {}},
        {"data": None, "errors": [error(locations=[{"line": 1, "column": 3}])]},
        {"data": {"a": [{"b": None}]}, "errors": [error(path=["a", 0, "b"])]},
        {"data": {"a": None}, "errors": [error(path=["a", 0, "b"])]},
    ],
)
def test_a_good_body_passes(body):
    check_body(body, "BAD_.*")


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"data": None},
        {"data": {}, "errors": []},
        {"data": {}, "errors": None},
        {"data": {}, "more": 1},
        {"data": None, "errors": ["No."]},
        {"data": None, "errors": [{"message": "No."}]},
        {"data": None, "errors": [{"message": "No.", "extensions": {}}]},
        {"data": None, "errors": [error(message=None)]},
        {"data": None, "errors": [error("INTERNAL_SERVER_ERROR")]},
        {"data": None, "errors": [error(locations=[{"line": 0, "column": 0}])]},
        {"data": {"a": 1}, "errors": [error(path=["a"])]},
        {"data": {"a": []}, "errors": [error(path=["a", 0])]},
        {"data": {"a": 1}, "errors": [error(path=["b"])]},
    ],
)
def test_a_broken_body_does_not(body):
    with pytest.raises(Broken):
        check_body(body, "BAD_.*")


@pytest.mark.parametrize("text", ['{"a": NaN}', '{"a": 1, "a": 1}', "<html>"])
def test_what_is_not_json_is_refused(text):
    with pytest.raises((Broken, ValueError)):
        read(text)


REFUSED = {"data": None, "errors": [error()]}
FAILED = {"data": None, "errors": [error(path=["a"])]}


@pytest.mark.parametrize(
    ("status", "media", "accepted", "body", "good"),
    [
        (200, JSON, JSON, REFUSED, True),
        (200, f"{JSON}; charset=utf-8", JSON, {"data": {}}, True),
        (400, GRAPHQL_RESPONSE, GRAPHQL_RESPONSE, REFUSED, True),
        (200, GRAPHQL_RESPONSE, GRAPHQL_RESPONSE, FAILED, True),
        (200, JSON, GRAPHQL_RESPONSE, FAILED, False),
        (400, JSON, JSON, REFUSED, False),
        (200, GRAPHQL_RESPONSE, GRAPHQL_RESPONSE, REFUSED, False),
        (500, JSON, JSON, {"data": {}}, False),
    ],
)
def test_status_and_type(status, media, accepted, body, good):
    response = SimpleNamespace(status_code=status, headers={"content-type": [media]})
    if good:
        check_response(response, accepted, body)
    else:
        with pytest.raises(Broken):
            check_response(response, accepted, body)

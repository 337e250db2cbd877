"""What must hold of every answer, whatever was asked, but for its data."""

import json
import re

JSON = "application/json"
GRAPHQL_RESPONSE = "application/graphql-response+json"


class Broken(AssertionError):
    """An answer that the server must not give."""


def require(holds, message, path=()):
    if not holds:
        raise Broken(f"{'.'.join(map(str, path)) or 'the answer'}: {message}")


def read(text):
    """Reads JSON as strictly as its standard has it, which Python's reader by itself does not."""
    return json.loads(text, object_pairs_hook=unique, parse_constant=refuse)


def unique(pairs):
    fields = dict(pairs)
    require(len(fields) == len(pairs), f"a key is there twice: {[key for key, _ in pairs]}")
    return fields


def refuse(word):
    raise Broken(f"{word} is not JSON")


def check_response(response, accepted, body):
    """What GraphQL over HTTP says of the answer to a request that is well-formed."""
    media = response.headers["content-type"][0].split(";")[0]
    require(media == accepted, f"has the type {media} and not {accepted}")
    executed = body.get("data") is not None or any("path" in error for error in body["errors"])
    status = 400 if accepted == GRAPHQL_RESPONSE and not executed else 200
    require(response.status_code == status, f"has the status {response.status_code} and not {status}")


def check_body(body, allowed):
    """The frame of an answer, whose errors may have only codes that the pattern allows."""
    require(isinstance(body, dict), "is not an object")
    require(body.keys() <= {"data", "errors", "extensions"}, f"has the keys {list(body)}")
    errors, data = body.get("errors"), body.get("data")
    require(errors is None or isinstance(errors, list), "has errors that are not a list")
    require(errors or "errors" not in body, "has an empty list of errors")
    require(errors or data is not None, "has neither data nor errors")
    for error in errors or []:
        check_error(error, allowed)
        check_path(error.get("path", []), data)


def check_error(error, allowed):
    require(isinstance(error, dict), f"the error {error!r} is not an object")
    require(isinstance(error.get("message"), str), f"the error {error} has no message")
    extensions = error.get("extensions")
    require(isinstance(extensions, dict), f"the error {error} has no extensions")
    code = extensions.get("code")
    require(isinstance(code, str), f"the error {error} has no code")
    require(re.fullmatch(allowed, code), f"the error {error} must not happen")
    for place in error.get("locations", []):
        require(place["line"] > 0 and place["column"] > 0, f"the error {error} is at no place")


def check_path(path, data):
    """The path of an error leads to the null that it made."""
    for key in path:
        if data is None:
            return
        there = key in data if isinstance(data, dict) else isinstance(data, list) and key in range(len(data))
        require(there, "the path of an error leads nowhere", path)
        data = data[key]
    require(data is None or not path, "is not null although it failed", path)

"""Generated documents, each sent to the real server, whose every answer must be a good one."""

from graphql import parse, validate
from hypothesis import HealthCheck, Phase, given, note, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from answers import GRAPHQL_RESPONSE, JSON, check_body, check_response, read
from conformity import check_data

# To look for a smaller document that fails can take minutes, so the first one is told as it is.
SETTINGS = settings(
    database=None,
    deadline=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
REFUSALS = r"BAD_USER_INPUT|MAX_\w+_EXCEEDED"
FAULTS = r"GRAPHQL_\w+_FAILED|BAD_USER_INPUT"


def for_each(operation, mode, number, test):
    """Runs a test with a number of documents, always the same ones, that ask for one field of the query."""

    @seed(88)
    @settings(SETTINGS, max_examples=number)
    @given(operation.as_strategy(mode), st.sampled_from([JSON, GRAPHQL_RESPONSE]))
    def run(case, accept):
        test(case, accept)

    run()


def answer(case, accept, allowed):
    note(case.body)
    response = case.call(headers={"Accept": accept})
    note(f"{response.status_code} {response.text[:2000]}")
    body = read(response.text)
    check_body(body, allowed)
    check_response(response, accept, body)
    return body


def test_valid_documents(valid, field, committed, tally):
    def check(case, accept):
        document = parse(case.body)
        mistakes = validate(committed, document)
        # The generator does not know that some input objects take exactly one field.
        assert all("OneOf Input Object" in mistake.message for mistake in mistakes), mistakes
        if mistakes:
            answer(case, accept, f"{FAULTS}|{REFUSALS}")
            tally.documents["documents with more or less than the one field"] += 1
            return
        body = answer(case, accept, REFUSALS)
        tally.documents["valid documents"] += 1
        for code in {error["extensions"]["code"] for error in body.get("errors", [])}:
            tally.documents[f"valid documents with {code}"] += 1
        if (data := body.get("data")) is not None:
            tally.documents["valid documents answered with data"] += 1
            tally.fields.update(check_data(committed, document, data))

    for_each(valid[field], GenerationMode.POSITIVE, 30, check)


def test_many_are_answered_with_data(tally):
    assert tally.documents["valid documents"] > 0
    assert tally.documents["valid documents answered with data"] * 3 >= tally.documents["valid documents"]


def test_invalid_documents(invalid, field, committed, tally):
    def check(case, accept):
        faults = [error.message for error in validate(committed, parse(case.body))]
        if not faults:
            # A field without arguments may leave the generator nothing to get wrong.
            return
        body = answer(case, accept, FAULTS)
        tally.documents["invalid documents"] += 1
        # The library looks at the size of a number only when it reads it.
        if not all("non 32-bit" in fault for fault in faults):
            assert "errors" in body, faults

    for_each(invalid[field], GenerationMode.NEGATIVE, 10, check)

"""What the property-based tests share: how much they try, and what a user may be shown."""

from hypothesis import HealthCheck, settings

from sernas.base.errors import SernasError


def bounded(examples: int) -> settings:
    """So many examples, the same on every run."""
    return settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def result_or_message(function, *names):
    """What ``function`` returns; or None if it raises our error, which must be fit for a user: of
    readable length, and naming one of ``names`` and a remedy. Nothing else may be raised.
    """
    try:
        return function()
    except SernasError as error:
        message = str(error)
    assert any(str(name) in message for name in names), message
    remedies = (";", "must", "config/README.md")
    assert any(sign in message for sign in remedies), f"no remedy: {message}"
    assert len(message) < 5000, f"{len(message)} characters: {message[:500]}"
    message.encode("utf-8")  # a log file must be able to hold it
    assert "\0" not in message
    return None

"""What the desk can answer besides a task.

::

    ProducerError
    ├── InvalidInputError (producer.errors)   a field is off
    └── ServiceError
        ├── UnauthorizedError                 no key, or not one of ours
        ├── RetiredError                      a task type that is no longer made
        ├── InsufficientCreditsError          the account can't pay
        ├── TooManyTasksError                 the account's slots are taken
        ├── NotFoundError                     nothing of that name in this account
        ├── ConflictError                     an idempotency key used for two different requests
        ├── EndedError                        a task that can't be cancelled any more
        └── UnavailableError                  a part of the service is away for a moment
"""

from producer.errors import ProducerError


class ServiceError(ProducerError):
    """The desk can't do this."""


class UnauthorizedError(ServiceError):
    """Invalid API key"""


class RetiredError(ServiceError):
    """The task type has been retired."""


class InsufficientCreditsError(ServiceError):
    """Insufficient credits. Please purchase additional credits or subscribe to continue."""

    def __init__(self, remaining_credits: int) -> None:
        super().__init__()
        self.remaining_credits = remaining_credits


class TooManyTasksError(ServiceError):
    """Too many concurrent tasks. Retry after a short wait."""


class NotFoundError(ServiceError):
    """Not found."""


class ConflictError(ServiceError):
    """The Idempotency-Key was used for another request within the last 24 hours."""


class EndedError(ServiceError):
    """The task has ended already."""


class UnavailableError(ServiceError):
    """Generation provider is temporarily unavailable. Please retry."""

"""The one error type that users meet."""


class UserError(Exception):
    """Something a user can mend.

    The text is shown as it is: what happened, why probably, what to do now. Commands exit with 2.
    """

"""Words that would be harmful if a page took them for more than text."""

HOSTILE = (
    """</script><script>document.title='owned'</script>"'&<img src=x onerror=owned()>\u2028]]>"""
)


def quiet(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""

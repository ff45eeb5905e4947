"""Progress of long work: live on a terminal, elsewhere a line when something begins."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tinygesture.cli.output import Output

Stages = Callable[[str, int, int], None]  # stage, done, total


@contextmanager
def working(out: Output, what: str) -> Iterator[Callable[[str], None]]:
    """Gives a function that takes lines on what is being done."""
    if not out.on_terminal:
        out.say(f"{what} ...")
        yield lambda line: None
        return
    from rich.markup import escape

    with out.console().status(what) as status:
        yield lambda line: status.update(f"{what}  [bright_black]{escape(line[-50:])}")


@contextmanager
def stages(out: Output) -> Iterator[Stages]:
    """Gives a function that takes a stage's name, what of it is done, and the total."""
    if not out.on_terminal:
        begun: set[str] = set()

        def mention(stage: str, done: int, total: int) -> None:
            if stage not in begun:
                begun.add(stage)
                out.say(f"{stage} ...")

        yield mention
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = TextColumn("{task.description:12}"), BarColumn(), MofNCompleteColumn()
    bars = Progress(
        *columns,
        TimeElapsedColumn(),
        console=out.console(),
        redirect_stdout=False,
        redirect_stderr=False,  # training holds back what libraries write to stderr
    )
    with bars:
        tasks = {"preparing": bars.add_task("preparing", total=None)}

        def advance(stage: str, done: int, total: int) -> None:
            bars.update(tasks["preparing"], total=1, completed=1)
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage)
            bars.update(tasks[stage], completed=done, total=total)

        yield advance

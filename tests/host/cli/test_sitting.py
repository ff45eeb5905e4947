"""A sitting with a board that a test plays: what is kept, refused, undone, lost and found again."""

import json
from collections import Counter
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_board import INFO, FakeBoard
from tinygesture.cli import connection
from tinygesture.cli.capturing.board import Board
from tinygesture.cli.capturing.continuous import Continuous
from tinygesture.cli.capturing.listener import Listener
from tinygesture.cli.capturing.manner import Manner, Triggering
from tinygesture.cli.capturing.script import Script
from tinygesture.cli.capturing.sitting import Sitting
from tinygesture.cli.capturing.who import Who
from tinygesture.dataset import Dataset
from tinygesture.errors import UserError
from tinygesture.link import CueKind, Info, LinkLost
from tinygesture.link import messages as m


class Session:
    """A session with a board whose samples come as fast as they are asked for.

    ends_after: samples until the link breaks; drops: (from, to) these samples never arrive;
    moves: whether there is motion after each "go".
    """

    name = "/dev/ttyFAKE"

    def __init__(self, info=INFO, ends_after=None, drops=(0, 0), moves=True, odr_hz=119.0, noise=5):
        self.info: Info = info
        self.crc_errors = 0
        self.cues = []
        self.closed = False
        self.ends_after, self._drops, self._moves = ends_after, drops, moves
        self._noise = noise
        self._period_us = round(1e6 / odr_hz)
        self.at = 0
        self._moving_from = 10**9
        self._rng = np.random.default_rng(1)

    def stream(self, streams): ...

    def send(self, message):
        self.cues.append((message.kind, message.label))
        if message.kind == CueKind.GO and message.label != "rest" and self._moves:
            self._moving_from = self.at + 30

    def receive(self, timeout=0):
        return None

    def lasting_messages(self, silence=3.0):
        while True:
            if self.ends_after is not None and self.at >= self.ends_after:
                raise LinkLost(f"The link to {self.name} broke off; unplugged. Plug it in again.")
            number = np.arange(self.at, self.at + 8)
            self.at += 8
            if self._drops[0] <= number[0] < self._drops[1]:
                continue
            counts = self._rng.normal([0, 0, 8192, 0, 0, 0], [30] * 3 + [self._noise] * 3, (8, 6))
            moving = (number > self._moving_from) & (number < self._moving_from + 80)
            counts[moving, 3] += 3000 * np.sin(number[moving] / 5)
            t_us = (number * self._period_us) & 0xFFFFFFFF
            yield m.Samples(int(number[0]), t_us, np.rint(counts).astype(np.int16))

    def close(self):
        self.closed = True


class Typing:
    """Keys that a test presses: one for each question."""

    def __init__(self, *keys):
        self.keys = list(keys)
        self.asked = False

    def pressed(self, timeout_s=0):
        if not self.asked:
            return ""
        key = self.keys.pop(0)
        self.asked = key == "u"
        return key

    def forget(self): ...


class View:
    def __init__(self, keys):
        self.said, self.titles, self.figures, self.bells, self._keys = [], [], [], 0, keys

    def announce(self, title, progress):
        self.titles.append(title)

    def show(self, moment): ...

    def ask(self, review):
        self._keys.asked = review is not None

    def saved(self, review):
        self.figures.append(review.figures)
        self.said += [f"{review.title} saved", *review.faults]

    def say(self, sentence):
        self.said.append(sentence)

    warn = say

    def bell(self):
        self.bells += 1


class Out:
    def __init__(self):
        self.lines = []

    def emit(self, value):
        self.lines.append(json.loads(json.dumps(value)))


class Desk:
    """Everything a sitting needs. sessions: what each connection to the port gives."""

    def __init__(self, tmp_path, monkeypatch, *sessions, keys=(), watched=False):
        self.sessions = list(sessions) or [Session()]
        monkeypatch.setattr(connection.boards, "connect", self.connect)
        monkeypatch.setattr(connection, "RETRY_S", 0)
        self.dataset = Dataset.open_or_create(tmp_path / "d")
        self.keys = Typing(*keys)
        self.view = View(self.keys)
        self.out = Out()
        self.board = Board("/dev/ttyFAKE", watched)
        self.who = Who("anna", "a", self.dataset.id)

    def connect(self, port):
        session = self.sessions.pop(0)
        if session is None:
            raise UserError("There is no port /dev/ttyFAKE.")
        return session

    def sit(self, *labels, count=1, trigger=None, refuse=False, bell=False, seconds=1.0):
        there = Counter(entry.label for entry in self.dataset.entries if self.who.made(entry))
        manner = Manner(0.1, seconds, trigger, refuse, bool(self.keys.keys), bell)
        script = Script(labels, count, there)
        sitting = Sitting(
            self.board, self.dataset, script, manner, self.who, self.view, self.keys, self.out
        )
        sitting.run()
        return sitting

    @property
    def labels(self):
        return [entry.label for entry in Dataset.open(self.dataset.path).entries]

    @property
    def trash(self):
        folder = self.dataset.path / "trash"
        return [entry.label for entry in Dataset.open(folder).entries] if folder.exists() else []


@pytest.fixture
def desk(tmp_path, monkeypatch):
    return lambda *sessions, **more: Desk(tmp_path, monkeypatch, *sessions, **more)


def test_every_decision(desk):
    at = desk(keys=["\n", "r", "\n", "d", "u", "\n", "\n"])
    at.sit("circle", "punch", count=2)
    # circle kept, circle once more, circle kept, punch discarded; at punch again the circle before
    # it is undone, punch kept, and circle made anew
    assert at.labels == ["circle", "punch", "circle"]
    assert sorted(at.trash) == ["circle", "circle", "punch"]
    removed = [line for line in at.out.lines if "removed" in line]
    assert [line["id"] for line in removed] == [at.out.lines[1]["id"]]
    assert at.view.titles[-1] == "circle 2 of 2"


def test_quitting_keeps_what_is_on_the_screen_and_going_on_makes_the_rest(desk):
    at = desk(keys=["q"])
    assert at.sit("circle", count=3).missing == 2
    assert at.labels == ["circle"]
    at = desk()
    assert at.sit("circle", count=3).saved == 2
    assert at.labels == ["circle"] * 3


def test_a_trigger_has_the_beginning_and_rest_has_none(desk):
    at = desk()
    at.sit("circle", "rest", trigger=Triggering(None, 0.3), seconds=4.0)
    circle, rest = [at.dataset.load(entry) for entry in at.dataset.entries]
    moving = np.abs(circle.counts[:, 3].astype(int)) > 300
    assert 0.28e6 < circle.t_us[np.argmax(moving)] < 0.35e6
    last = np.flatnonzero(moving)[-1]
    assert 0.35e6 < circle.t_us[-1] - circle.t_us[last] < 0.45e6
    assert 1.48e6 < rest.t_us[-1] < 1.5e6
    assert any("a recording starts at 20 °/s" in sentence for sentence in at.view.said)
    assert at.dataset.entries[0].marks == at.dataset.entries[1].marks == ""


def test_rest_alone_needs_no_threshold(desk):
    at = desk()
    at.sit("rest", trigger=Triggering(None, 0.3), seconds=4.0)
    assert at.labels == ["rest"]
    assert at.view.titles == ["rest 1 of 1"]
    assert not any("starts at" in sentence for sentence in at.view.said)


@pytest.mark.parametrize(("threshold", "said"), [(300.0, "no motion of 300"), (0.1, "never still")])
def test_a_trigger_that_never_fires_is_given_up(desk, threshold, said):
    at = desk(Session())
    with pytest.raises(UserError, match=f"{said}.* in 60 s"):
        at.sit("circle", trigger=Triggering(threshold, 0.3), seconds=4.0)
    assert 59e6 < at.board.listener._now_us < 61e6


def test_a_name_that_differs_from_the_number_is_said(desk):
    at = desk()
    at.sit("circle", count=2)
    assert [at.view.figures[n].endswith(f", as circle/{n + 1}") for n in (0, 1)] == [False, False]
    at.who = Who("ben", "a", at.dataset.id)
    at.sit("circle", count=1)
    assert at.view.figures[2].endswith(", as circle/3")


def test_a_continuous_recording_says_what_to_do_with_it(desk):
    at = desk()
    keys = ["1", *[""] * 60, "1"]
    at.keys.pressed = lambda timeout_s=0: keys.pop(0) if keys else ""
    Continuous(at.board, at.dataset, ["circle"], 6.0, at.who, at.view, at.keys, at.out).run()
    assert "continuous/1 saved" in at.view.said
    assert f"tinygesture data cut continuous/1 --data {at.dataset.path}" in at.view.said[-1]


def test_the_bell_rings_at_start_and_stop(desk):
    at = desk()
    at.sit("circle", count=2, bell=True)
    assert at.view.bells == 4


def test_drops_inside_a_recording_are_marked(desk):
    at = desk(Session(drops=(64, 72)))
    at.sit("circle")
    [entry] = at.dataset.entries
    assert entry.drops == 8 and entry.marks == "drops"
    assert "8 samples lost" in at.view.said


def test_drops_before_go_are_not_those_of_the_recording(desk):
    session = Session()
    gaps = [8]

    def receive(timeout):
        """What waits when "go" is due: samples after a gap."""
        if not gaps or session.at == 0:
            return None
        session.at += gaps.pop()
        return next(session.lasting_messages())

    session.receive = receive
    at = desk(session)
    at.sit("circle")
    assert at.dataset.entries[0].drops == 0
    assert at.board.listener.lost == 8


def test_trouble_while_a_question_is_asked_keeps_what_is_asked_about(desk):
    at = desk(keys=["?"])
    at.keys.pressed = lambda timeout_s=0: "" if not at.keys.asked else trouble()

    def trouble():
        raise UserError("The board reports trouble.")

    with pytest.raises(UserError, match="trouble"):
        at.sit("circle", count=2)
    assert at.labels == ["circle"]
    assert len(at.out.lines) == 1


def test_drops_before_the_trigger_are_not_those_of_the_recording(desk):
    at = desk(Session(drops=(16, 24)))
    at.sit("circle", trigger=Triggering(20.0, 0.3), seconds=4.0)
    assert at.dataset.entries[0].drops == 0
    assert at.board.listener.lost == 8


def test_drops_in_a_long_pre_roll_are_those_of_the_recording(desk):
    at = desk(Session(drops=(160, 168)))
    at.sit("circle", trigger=Triggering(20.0, 2.0), seconds=4.0)
    assert at.dataset.entries[0].drops == 8


def test_a_recording_that_mostly_did_not_arrive_is_made_again(desk):
    at = desk(Session(drops=(32, 200)))
    at.sit("circle")
    assert any("Less than half of the circle arrived" in sentence for sentence in at.view.said)
    assert at.labels == ["circle"]
    assert at.dataset.entries[0].drops == 0


def test_it_gives_up_where_recordings_never_arrive(desk):
    session = Session()
    sparse = (  # 67 ms of every 0.6 s
        m.Samples(index, (np.arange(8) + index) * 8400, np.zeros((8, 6), np.int16))
        for index in range(0, 10_000, 72)
    )
    session.lasting_messages = lambda silence: sparse
    at = desk(session)
    with pytest.raises(UserError, match="Less than half of the circle arrived"):
        at.sit("circle")
    assert at.labels == []


@pytest.mark.parametrize(("odr_hz", "times"), [(80.0, 3), (119.0, 10)])
def test_refusing_ends_sooner_where_nothing_helps(desk, odr_hz, times):
    at = desk(Session(odr_hz=odr_hz, moves=False))
    with pytest.raises(UserError, match=f"^{times} recordings in a row were refused"):
        at.sit("circle", count=20, refuse=True)
    assert at.labels == [] and at.trash == ["circle"] * times
    assert at.out.lines == []


def test_marking_is_the_default(desk):
    at = desk(Session(odr_hz=80.0, moves=False))
    at.sit("circle", count=2)
    assert [line["marks"] for line in at.out.lines] == ["slow still"] * 2
    assert sum("Flash its firmware again" in sentence for sentence in at.view.said) == 1


def test_the_session_goes_on_after_the_board_comes_back(desk):
    first, second = Session(ends_after=200), Session()
    at = desk(first, None, None, second)
    at.sit("circle", count=3)
    assert first.closed and not second.closed
    assert at.labels == ["circle"] * 3
    assert [s for s in at.view.said if "Waiting" in s or "back." in s] == [
        "The link to /dev/ttyFAKE broke off; unplugged. Everything recorded is saved. Waiting for "
        "the board to come back: plug it in again, or press its reset button. It has 30 s to do "
        "so.",
        "The board is back.",
    ]


@pytest.mark.parametrize("trigger", [None, Triggering(20.0, 0.3)])
def test_a_board_that_leaves_right_after_a_recording_takes_nothing_with_it(desk, trigger):
    first = Session()
    send = first.send

    def send_until_the_end(message):
        if message.kind == CueKind.NONE:
            first.ends_after = 0
            raise LinkLost("The link broke off. Plug it in again.")
        send(message)

    first.send = send_until_the_end
    at = desk(first, Session())
    at.sit("circle", count=2, trigger=trigger, seconds=1.5)
    assert at.labels == ["circle"] * 2
    assert first.at < 1000


def test_nobody_waits_for_ever_unless_somebody_watches(desk, monkeypatch):
    monkeypatch.setattr(connection, "PATIENCE_S", 0.05)
    at = desk(Session(ends_after=200), *[None] * 100_000)
    with pytest.raises(LinkLost):
        at.sit("circle", count=3)
    assert at.labels == ["circle"]


def test_somebody_who_watches_can_quit_while_the_board_is_away(desk):
    at = desk(Session(ends_after=200), *[None] * 10, watched=True)
    at.keys.pressed = lambda timeout_s=0: "q" if at.board.session.closed else ""
    assert at.sit("circle", count=3).saved == 1
    assert "q ends." in at.view.said[-1]


def test_a_board_that_never_gives_a_recording_is_given_up(desk):
    at = desk(*[Session(ends_after=20) for _ in range(3)], Session())
    with pytest.raises(LinkLost):
        at.sit("circle")
    assert len(at.sessions) == 1
    watched = desk(*[Session(ends_after=20) for _ in range(5)], Session(), watched=True)
    watched.sit("circle")
    assert watched.labels == ["circle"]


def test_a_continuous_recording_is_whole_when_the_board_leaves(desk):
    at = desk(Session(ends_after=1000), Session())
    job = Continuous(at.board, at.dataset, ["circle"], 12.0, at.who, at.view, at.keys, at.out)
    job.run()
    first, second = at.dataset.continuous
    assert first.samples == 1000
    assert job.saved == 2
    lengths = [at.dataset.load(entry).t_us[-1] for entry in (first, second)]
    assert 11.98e6 < sum(lengths) <= 12e6
    assert not (at.dataset.path / ".unfinished").exists()


def test_clipping_is_shown_for_a_second(desk):
    session = Session()
    listener = Listener(session)
    counts = np.zeros((8, 6), np.int16)
    counts[3, 2] = -32768

    def messages(silence):
        for n in range(40):
            values = counts if n == 3 else np.zeros((8, 6), np.int16)
            yield m.Samples(n * 8, (np.arange(8) + n * 8) * 8400, values)

    session.lasting_messages = messages
    clips = [listener.clips for _ in listener.blocks()]
    assert clips == [3 <= n <= 17 for n in range(40)]


def test_an_imu_in_trouble_ends_it_in_a_sentence(desk):
    session = Session()
    session.lasting_messages = lambda silence: iter([m.Error(1, "the IMU does not answer")])
    with pytest.raises(UserError, match="the IMU does not answer"):
        desk(session).sit("circle")


def test_an_unplugged_serial_line_is_a_lost_link():
    board = FakeBoard()
    with Board(board.port, watched=False) as connected:
        with suppress(OSError):
            board.unplug()
        with pytest.raises(LinkLost):
            next(connected.listener.blocks())


@settings(max_examples=20)
@given(
    keys=st.lists(st.sampled_from(["\n", "r", "d", "u", "q"]), max_size=12),
    breaks=st.lists(st.integers(1, 400), max_size=4),
    refuse=st.booleans(),
    trigger=st.sampled_from([None, Triggering(20.0, 0.3)]),
)
def test_whatever_happens_the_data_set_is_what_was_reported(
    tmp_path_factory, monkeypatch, keys, breaks, refuse, trigger
):
    sessions = [Session(ends_after=samples) for samples in breaks] + [Session()]
    folder = tmp_path_factory.mktemp("sitting")
    keys = [*keys, *["\n"] * 10]
    at = Desk(folder, monkeypatch, *sessions, keys=keys, watched=True)
    sitting = at.sit("circle", "rest", count=2, refuse=refuse, trigger=trigger, seconds=1.5)
    reported = [line["id"] for line in at.out.lines if "removed" not in line]
    removed = {line["id"] for line in at.out.lines if "removed" in line}
    dataset = Dataset.open(at.dataset.path)
    assert [entry.id for entry in dataset.entries] == [id for id in reported if id not in removed]
    assert sitting.saved == len(dataset.entries)
    assert all(dataset.load(entry).meta.drops == 0 for entry in dataset.entries)
    assert max(Counter(at.labels).values(), default=0) <= 2
    if "q" not in keys and "d" not in keys:
        assert Counter(at.labels) == {"circle": 2, "rest": 2}


def test_a_hand_that_never_keeps_still_is_told_so(desk):
    at = desk(Session(noise=5000))
    with pytest.raises(UserError, match=r"never kept still for 2 s .* give a --threshold"):
        at.sit("circle", trigger=Triggering(None, 0.3), seconds=4.0)
    assert sum("Keep still once more" in sentence for sentence in at.view.said) == 3

"""Ten virtual boards at once."""

import threading

from tinygesture.boards import connect
from tinygesture.link import Samples, SampleTracker, Stream

BOARDS = 10


def test_ten_boards_at_once(clone, board):
    results: dict[int, tuple[int, int, int]] = {}

    def listen(number):
        port = clone.port(board, subject=number, seed=number, speed=1)
        with connect(port) as session:
            tracker = SampleTracker()
            session.stream(Stream.SAMPLES)
            first_us = None
            for message in session.messages(silence=10):
                if isinstance(message, Samples):
                    t_us = tracker.unwrap(message)
                    first_us = t_us[0] if first_us is None else first_us
                    if t_us[-1] - first_us > 2e6:
                        break
            results[number] = tracker.received, tracker.lost, session.crc_errors

    threads = [threading.Thread(target=listen, args=[n]) for n in range(BOARDS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(results) == list(range(BOARDS))
    for received, lost, damaged in results.values():
        assert received > 200
        assert lost == damaged == 0

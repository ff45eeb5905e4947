"""Flashing a real board, with USB and PlatformIO played by the test."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace

import pytest
from serial.tools import list_ports

from tinygesture.boards import platformio, usb
from tinygesture.boards.build import Firmware
from tinygesture.boards.find import BOOTLOADER, SKETCH
from tinygesture.boards.usb import NO_IMU
from tinygesture.errors import UserError


def device(name: str, ids: tuple[int, int] | None = SKETCH, serial: str = "A1") -> SimpleNamespace:
    vid, pid = ids or (None, None)
    return SimpleNamespace(
        device=name, vid=vid, pid=pid, serial_number=serial, description="USB Serial CH340"
    )


class Computer:
    """What is plugged in, now and after each look."""

    def __init__(self) -> None:
        self.looks: list[list[SimpleNamespace]] = [[]]
        self.runs: list[tuple[str, ...]] = []
        self.said: tuple[list[str], int] = ([], 0)
        self.model_id = ""
        self.imu = "BMI270"
        self.engine = "compiled"
        self.trouble: list[UserError] = []
        self.opened: list[str] = []
        self.closed: UserError | None = None  # why the port cannot be opened before the upload

    def comports(self) -> list[SimpleNamespace]:
        return self.looks.pop(0) if len(self.looks) > 1 else self.looks[0]

    def run(
        self, env: str, bundle: Path | None, report: Callable[[str], None], *options: str
    ) -> tuple[list[str], int]:
        self.runs.append((env, *options))
        return self.said

    def open_port(self, port: str) -> SimpleNamespace:
        if self.closed:
            raise self.closed
        return SimpleNamespace(close=lambda: None)

    def open(self, port: str) -> object:
        self.opened.append(port)
        if self.trouble:
            raise self.trouble.pop(0)
        info = SimpleNamespace(model_id=self.model_id, imu=self.imu, engine=self.engine)
        return nullcontext(SimpleNamespace(info=info))


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch) -> Computer:
    played = Computer()
    monkeypatch.setattr(list_ports, "comports", played.comports)
    monkeypatch.setattr(platformio, "run", played.run)
    monkeypatch.setattr(usb, "open_session", played.open)
    monkeypatch.setattr(usb, "open_port", played.open_port)
    monkeypatch.setattr(usb, "build", lambda *_: Firmware(Path("firmware.elf"), 1, 2))
    monkeypatch.setattr(usb, "LOOK_EVERY_S", 0.001)
    monkeypatch.setattr(usb, "COMES_BACK_S", 0.05)
    monkeypatch.setattr(usb, "ANSWERS_S", 0.05)
    return played


def flash(port: str | None = None, model_id: str = "", engine: str = "compiled") -> str:
    """Where the board is afterwards."""
    return usb.upload(usb.choose(port), "", model_id, lambda line: None, engine)[-1]


def test_the_only_board_is_taken(computer: Computer) -> None:
    computer.looks = [[device("COM3", (0x1A86, 0x7523)), device("COM7")]]
    flash()
    assert computer.runs == [("nano33ble", "-t", "upload", "--upload-port", "COM7")]
    assert computer.opened == ["COM7"]


@pytest.mark.parametrize(
    ("listed", "named"), [("COM7", "com7"), ("/dev/cu.usbmodem1", "/dev/tty.usbmodem1")]
)
def test_another_name_of_the_port(
    computer: Computer, monkeypatch: pytest.MonkeyPatch, listed: str, named: str
) -> None:
    monkeypatch.setattr(usb.os.path, "normcase", str.lower)  # as on Windows
    computer.looks = [[device(listed), device("COM8", serial="B")]]
    flash(named)
    assert computer.opened == [listed]


def test_a_link_to_the_port(computer: Computer, tmp_path: Path) -> None:
    """As /dev/serial/by-id/ has them, and udev rules make them."""
    port, link = tmp_path / "ttyACM0", tmp_path / "usb-Arduino_Nano_33_BLE"
    port.touch()
    link.symlink_to(port)
    computer.looks = [[device(str(port)), device("COM8", serial="B")]]
    flash(str(link))
    assert computer.opened == [str(port)]


def test_a_device_that_leaves_while_it_is_looked_at(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def leaves() -> list[SimpleNamespace]:
        monkeypatch.setattr(list_ports, "comports", computer.comports)
        return [device("COM7", (int(None), 0))]  # type: ignore[call-overload]

    computer.looks = [[device("COM7")]]
    monkeypatch.setattr(list_ports, "comports", leaves)
    flash()
    assert computer.opened == ["COM7"]


def test_the_engine_is_another_environment(computer: Computer) -> None:
    computer.looks = [[device("COM7")]]
    flash(engine="tflm")
    assert computer.runs[0][0] == "nano33ble_tflm"


def test_it_is_followed_by_its_serial_number(computer: Computer) -> None:
    before = [device("COM7", serial="A1")]
    during = [device("COM8", BOOTLOADER, "A1")]
    after = [device("COM7", serial="B2"), device("COM9", serial="A1")]
    computer.looks = [before, before, before, [], during, during, after]
    assert flash() == "COM9"
    assert computer.opened == ["COM9"]


def test_an_old_sketch_has_another_serial_number(computer: Computer) -> None:
    before = [device("COM3", serial="B2"), device("COM7", serial="0123456789")]
    during = [device("COM3", serial="B2"), device("COM8", BOOTLOADER, "A1")]
    after = [device("COM3", serial="B2"), device("COM9", serial="A1")]
    computer.looks = [before, before, before, during, after]
    assert flash("COM7") == "COM9"


def test_a_port_that_another_board_takes_during_the_build(computer: Computer) -> None:
    before = [device("COM7", serial="A1")]
    after = [device("COM7", serial="B2"), device("COM9", serial="A1")]
    computer.looks = [before, before, after]
    assert flash() == "COM9"
    assert computer.runs[0][-1] == "COM9"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([device("COM7")], []),
        ([device("COM7")], [device("COM7", serial="B2")]),
        ([device("COM7"), device("COM8")], [device("COM8")]),  # sketches of old cores
    ],
)
def test_a_board_that_leaves_during_the_build(
    computer: Computer, before: list, after: list
) -> None:
    computer.looks = [before, before, after]
    with pytest.raises(UserError, match=r"COM7 is not there any more.*nothing was written"):
        flash("COM7")
    assert computer.runs == []


def test_a_board_in_its_bootloader_can_be_flashed(computer: Computer) -> None:
    before = [device("COM8", BOOTLOADER)]
    computer.looks = [before, before, before, [device("COM7")]]
    flash()
    assert computer.runs[0][-1] == "COM8"
    assert computer.opened == ["COM7"]


def test_a_system_that_hides_serial_numbers(computer: Computer) -> None:
    computer.looks = [[device("COM7", serial="")]]
    flash()
    assert computer.opened == ["COM7"]


def test_a_port_that_may_not_be_opened(computer: Computer) -> None:
    computer.looks = [[device("/dev/ttyACM0")]]
    computer.closed = UserError("No.", see="The port may not be opened")
    computer.said = (["No device found on ttyACM0"], 1)
    with pytest.raises(UserError, match="The port may not be opened"):
        flash()
    assert computer.runs == []


def test_a_port_that_answers_late(computer: Computer) -> None:
    computer.looks = [[device("COM7")]]
    computer.trouble = [UserError("busy")] * 3
    flash()
    assert len(computer.opened) == 4


def test_a_port_that_never_answers(computer: Computer) -> None:
    computer.looks = [[device("COM7")]]
    computer.trouble = [UserError("COM7 is in use.", see="The port is busy")] * 10_000
    with pytest.raises(UserError, match=r'did not tell what it is.*COM7 is in use.*"The port is b'):
        flash()
    computer.trouble = [UserError("COM7 says nothing.")] * 10_000
    with pytest.raises(UserError, match='"The board does not answer after the upload"'):
        flash()


def test_a_board_that_does_not_come_back(computer: Computer) -> None:
    before = [device("COM7")]
    computer.looks = [before, before, before, []]
    with pytest.raises(UserError, match=r"was written, but the board did not come back.*reset"):
        flash()


def test_another_model_than_was_uploaded(computer: Computer) -> None:
    computer.looks = [[device("COM7")]]
    computer.model_id = "00ff"
    with pytest.raises(UserError, match="runs the model 00ff, and 1234 was uploaded"):
        flash(model_id="1234")
    computer.model_id = "1234"
    flash(model_id="1234")


def test_a_kept_model_does_not_outlive_an_upload(
    computer: Computer, monkeypatch: pytest.MonkeyPatch
) -> None:
    computer.looks = [[device("COM7")]]
    computer.engine, computer.model_id = "plan", "00ff"

    def forget(session: SimpleNamespace) -> None:
        session.info.model_id = "1234"

    monkeypatch.setattr(usb, "remove", forget)
    flash(model_id="1234")


def test_a_board_whose_imu_does_not_answer(computer: Computer) -> None:
    computer.looks = [[device("COM7")]]
    computer.imu = NO_IMU
    with pytest.raises(UserError, match=r"finds no IMU.*red means"):
        flash()
    source = Path(__file__).parents[3] / "firmware/lib/imu/polled_imu.h"
    assert f': "{NO_IMU}"' in source.read_text("utf-8")


@pytest.mark.parametrize(
    ("ports", "port", "said"),
    [
        ([], None, "No Arduino Nano 33 BLE is connected.*reset button twice"),
        (
            [device("COM7"), device("COM9", serial="B")],
            None,
            r"Several boards .*COM7, COM9.*--port",
        ),
        (
            [device("COM3", (0x1A86, 0x7523))],
            None,
            r"No Arduino Nano 33 BLE is connected; COM3 is USB Serial CH340 \(1a86:7523\)\. Plug",
        ),
        (
            [device("COM3", (0x1A86, 0x7523)), device("COM7")],
            "COM3",
            r"COM3 is USB Serial CH340 \(1a86:7523\), probably the serial chip of another board",
        ),
        ([device("COM4", (0x2341, 0x8057))], "COM4", r"\(2341:8057\), another Arduino than"),
        ([device("COM7")], "COM5", "There is no port COM5.*reset button twice"),
    ],
)
def test_which_board(computer: Computer, ports: list, port: str | None, said: str) -> None:
    computer.looks = [ports]
    with pytest.raises(UserError, match=said):
        flash(port)
    assert computer.runs == []


def test_a_named_port_of_which_the_system_tells_nothing(computer: Computer) -> None:
    computer.looks = [[device("/dev/ttyS0", None, "")]]
    flash("/dev/ttyS0")
    assert computer.opened == ["/dev/ttyS0"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("No device found on COM7", "bootloader did not answer on COM7.*reset button twice"),
        ("SAM-BA operation failed", "bootloader did not answer"),
        ("Error: Couldn't find a board on the selected port.", "bootloader did not answer"),
        (
            "could not open port /dev/ttyACM0: [Errno 2] No such file or directory: '/dev/ttyACM0'",
            "COM7 vanished during the upload.*reset button twice",
        ),
        ("could not open port 'COM7': FileNotFoundError(2, '')", "COM7 vanished"),
        (
            "Write 91736 bytes to flash (23 pages)\n[==  ] 8%\nSAM-BA operation failed",
            "COM7 vanished",
        ),
        ("Device unsupported", "no nRF52840; it is probably another board"),
        ("could not open port '/dev/ttyACM0': [Errno 13] Permission denied", "usermod -aG dialout"),
        ("PermissionError: [Errno 13] Permission denied: '/dev/ttyACM0'", "usermod -aG dialout"),
        (
            "could not open port 'COM7': PermissionError(13, 'Access is denied.', None, 5)",
            "COM7 is in use by another program",
        ),
        ("[Errno 16] Device or resource busy: '/dev/ttyACM0'", "is in use.*ModemManager"),
        ("HTTPClientError: ", "registry is probably not reachable"),
        ("a novelty", "what PlatformIO says below.*a novelty.*The upload fails otherwise"),
    ],
)
def test_why_an_upload_failed(computer: Computer, line: str, said: str) -> None:
    computer.looks = [[device("COM7")]]
    computer.said = (["Looking for upload port...", line, ""], 1)
    with pytest.raises(UserError, match=f"(?s){said}"):
        flash()

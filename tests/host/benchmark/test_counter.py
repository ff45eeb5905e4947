"""counter.c on a program in assembly whose counts are known by hand."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tinygesture.benchmark.build import CPU, TOOLS
from tinygesture.benchmark.count import EMULATOR, build_plugin

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("arm-none-eabi-gcc", "qemu-system-arm", "cc"))),
    reason="the emulated board's compiler, QEMU or a C compiler is missing",
)

# Part 0 is main and exit, part 1 is first, part 2 is second; shared is in no part. What main calls
# besides first is not counted. second has an instruction of four bytes across 0x400, where a page
# of QEMU's ends.
PROGRAM = """
    .syntax unified
    .thumb
    .word 0x20008000, main + 1
    .org 0x100
    .type main, %function
main:
    bl first
    bl second
    bl first
    b exit
    .org 0x200
    .type first, %function
first:  @ 12 instructions, and shared
    push {r4, r5, r6, lr}          @ 4 stores
    mov r4, sp
    ldm r4, {r0, r1, r2, r3}       @ 4 loads
    strd r0, r1, [sp, #-8]!        @ 2 stores
    add sp, #8
    ldrb r0, [sp]                  @ 1 load
    bl shared
    bl second
    cmp r0, r0
    it ne
    strne r0, [sp]                 @ not executed, but it takes its place
    pop {r4, r5, r6, pc}           @ 4 loads
    .org 0x3f8
    .type second, %function
second:  @ 5 instructions, and shared
    push {r7, lr}                  @ 2 stores
    bl shared
    nop.w                          @ at 0x3fe
    nop
    pop {r7, pc}                   @ 2 loads
    .org 0x500
    .type shared, %function
shared:  @ 2 instructions
    strb r1, [sp, #-1]             @ 1 store
    bx lr
    .org 0x600
exit:
    ldr r1, =0x20026
    movs r0, #0x18
    bkpt 0xab
    b exit
"""
FIRST, SECOND = (14, 9, 7), (7, 2, 3)  # instructions, loads, stores


def test_known_counts(tmp_path: Path) -> None:
    source, program = tmp_path / "program.s", tmp_path / "program.elf"
    source.write_text(PROGRAM, "utf-8")
    link = ["-nostdlib", "-Wl,-Ttext=0", "-Wl,-e,0x101"]
    command = [f"{TOOLS}gcc", *CPU, *link, str(source), "-o", str(program)]
    subprocess.run(command, check=True)
    plugin = build_plugin(tmp_path)
    parts, out = tmp_path / "parts.txt", tmp_path / "counts.txt"
    parts.write_text("256 512 0\n512 1016 1\n1016 1280 2\n1536 1792 0\n", "ascii")
    command = [
        *(EMULATOR, "-M", "mps2-an386", "-display", "none", "-monitor", "none"),
        *("-serial", "none", "-semihosting-config", "enable=on,target=native"),
        *("-plugin", f"{plugin},parts={parts},out={out}", "-kernel", str(program)),
    ]
    subprocess.run(command, check=True, timeout=60)
    rows = [tuple(map(int, line.split())) for line in out.read_text("ascii").splitlines()]
    assert rows == [FIRST, SECOND, FIRST, SECOND]

"""Windows that move over an image, along one axis: of convolutions and of pools."""

SAME, VALID = 0, 1  # paddings


def output_and_padding(size: int, reach: int, stride: int, padding: int) -> tuple[int, int]:
    """The output's size, and how far its first window hangs over the input's edge."""
    out = (size + stride - 1) // stride if padding == SAME else (size - reach + stride) // stride
    return out, max((out - 1) * stride + reach - size, 0) // 2

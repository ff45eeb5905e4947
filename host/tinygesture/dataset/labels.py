"""Labels that say what was done while nobody made a gesture. Capitals make no difference."""

RESTING = frozenset(["rest", "idle", "still"])
BACKGROUND = RESTING | {
    "random",
    "unknown",
    "none",
    "noise",
    "background",
    "walk",
    "type",
    "travel",
}


def is_rest(label: str) -> bool:
    """Should the hand hold still?"""
    return label.lower() in RESTING


def is_background(label: str) -> bool:
    return label.lower() in BACKGROUND

"""What a model has learned: which samples made a decision, and how far back it remembers.

Of the float model, whose int8 form decides on the board. It imports TensorFlow when it computes.
"""

from tinygesture.explanation.explain import explain
from tinygesture.explanation.explanation import Explanation

__all__ = ["Explanation", "explain"]

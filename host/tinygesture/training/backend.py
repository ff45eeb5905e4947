"""TensorFlow, loaded once, late, quiet and deterministic."""

import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType

from tinygesture.errors import UserError

THREADS = 2
_ENVIRONMENT = {
    "TF_ENABLE_ONEDNN_OPTS": "0",  # oneDNN reorders sums
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "CUDA_VISIBLE_DEVICES": "-1",
    "KERAS_BACKEND": "tensorflow",
}


@cache
def tensorflow() -> ModuleType:
    """The module `tensorflow`, set up so that the same seed gives the same weights.

    Raises UserError where TensorFlow is not installed.
    """
    os.environ.update(_ENVIRONMENT)
    with quiet():
        try:
            import tensorflow as tf
        except ImportError as error:
            raise UserError(
                "Training needs TensorFlow, which is not installed here. "
                "Install it with: pip install 'tinygesture[train]' (Python 3.11)."
            ) from error
        tf.get_logger().setLevel("ERROR")
        tf.config.threading.set_intra_op_parallelism_threads(THREADS)
        tf.config.threading.set_inter_op_parallelism_threads(THREADS)
        tf.config.experimental.enable_op_determinism()
        warnings.filterwarnings("ignore", "    Warning: tf.lite.Interpreter is deprecated")
        import absl.logging

        absl.logging.set_verbosity(absl.logging.ERROR)
    module: ModuleType = tf
    return module


@cache
def compiles() -> bool:
    """Whether TensorFlow was built with XLA, which makes the steps of a training several times as
    fast."""
    tf = tensorflow()
    try:
        with quiet():
            tf.function(lambda: tf.constant(1.0) + 1.0, jit_compile=True)()
    except (tf.errors.OpError, ValueError):
        return False
    return True


@contextmanager
def quiet() -> Iterator[None]:
    """Hold back what native code writes to stderr; it is shown only if the block raises."""
    sys.stderr.flush()
    kept = os.dup(2)
    with tempfile.TemporaryFile() as held:
        os.dup2(held.fileno(), 2)
        try:
            yield
        except (UserError, KeyboardInterrupt):
            raise
        except BaseException:
            held.seek(0)
            os.write(kept, held.read())
            raise
        finally:
            os.dup2(kept, 2)
            os.close(kept)

"""Recordings -> streams of canonical samples -> a trained float model.

Only `backend.tensorflow()` imports TensorFlow, and only when a model is built.
"""

"""A bundle as a library for the Arduino IDE.

The form is that of Arduino's library specification, 1.5 rev. 2.2.
"""

from tinygesture.export.arduino.library import library, zipped

__all__ = ["library", "zipped"]

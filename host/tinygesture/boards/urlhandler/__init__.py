"""URL schemes for pyserial: it looks for modules named protocol_SCHEME here."""

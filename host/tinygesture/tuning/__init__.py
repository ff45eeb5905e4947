"""A search over architectures and training choices, under a budget for what the board has.

What a trial costs is known before it is trained: it depends on shapes alone. What it is worth is
measured on the validation recordings; the test recordings of the export are never looked at.
"""

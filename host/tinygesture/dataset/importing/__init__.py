"""Recordings that others made: tables, Edge Impulse's files, and data sets of our own.

Bytes -> text -> table -> rows -> recordings (`importer` calls them in turn); whatever is not plain
on the way is repaired with a notice, or refused with a reason.
"""

"""Courses in other languages: the files of one course, its texts replaced from a PO file.

Structure, keys, codes and pictures are those of the original, so a correction there reaches every
language, and a text that changed is asked for anew. An entry marked ``fuzzy`` awaits review by
somebody who catalogues in the language; the unit where it stands says so.
"""

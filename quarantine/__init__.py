"""Whatever comes from outside stays here until it is clean.

Pure: format libraries only, no Django. Each module is the one gate for its kind of input, takes
bytes or text with a limit, and raises a :class:`quarantine.errors.Refused` and nothing else.
"""

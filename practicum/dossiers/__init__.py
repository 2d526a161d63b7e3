"""A person's practice as one document, to be taken to another school or put back.

It holds rows as they are stored, with the key that their texts are sealed with: digests and
signatures are over the sealed form and hold only for it.
"""

"""Notices: what happened that a person should know, on the site and by mail.

Whoever has something to tell calls ``notify`` within the transaction of what it tells of: the
notice and the job that mails it are there if and only if that is. What a notice says is a sentence
of ``kinds``, kept by its name, so that each reader has it in their own language.
"""

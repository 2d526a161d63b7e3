"""Documents for print: what a report, a record or a transcript is made of, and its PDF. Pure.

``content`` has the parts that a document is put together from, ``pdf.write_pdf`` sets them on
pages: open fonts for Latin and Cyrillic with the Kazakh letters, tables that break over pages,
page numbers "n of m", and the tags that let a screen reader read it as it is meant. Tables for
spreadsheets are written by ``quarantine.tables``.
"""

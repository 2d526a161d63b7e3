"""What the practicum reports, as values: pages, PDF, spreadsheets and JSON are made from these.

Pure. Every report shows figures that the ledger gives at one sequence number of the trail.
"""

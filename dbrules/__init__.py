"""What the suite's apps ask of every database: rows written once, transactions run again."""

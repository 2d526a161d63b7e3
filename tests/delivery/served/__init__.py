"""The smallest school that ``serve`` can serve, with one page that leaves work behind."""

"""The blocks a trainee meets in a course."""

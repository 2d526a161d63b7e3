"""What was submitted and what it scored; policies, graders, marks."""

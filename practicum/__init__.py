"""Hours served at a host library: logged by trainees, confirmed by mentors, counted once."""

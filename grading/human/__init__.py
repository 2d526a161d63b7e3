"""What people grade: hand-ins, gradings, the queue; its public face is ``grading.staff``."""

"""What the commands of the site share."""

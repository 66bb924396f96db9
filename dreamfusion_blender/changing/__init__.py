"""Changes a generated object in place: what the job gets, and how the new version arrives."""

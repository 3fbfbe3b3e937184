"""Daily reports: assembled from the work, judged by the rep, signed by the supervisor."""

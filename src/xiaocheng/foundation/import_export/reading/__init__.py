"""Files that somebody uploaded, read in a child process: whatever is in them, the process that serves people lives."""

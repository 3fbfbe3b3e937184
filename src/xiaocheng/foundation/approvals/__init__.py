"""One sign-off for all: who may decide on that day, the verdict, the comment, the version seen."""

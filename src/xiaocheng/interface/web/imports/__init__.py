"""Imports: a file becomes rows in six confirmed steps, with progress, a result and an error file."""

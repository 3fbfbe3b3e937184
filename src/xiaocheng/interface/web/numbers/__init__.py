"""The rows behind the measures that home pages and daily reports show."""

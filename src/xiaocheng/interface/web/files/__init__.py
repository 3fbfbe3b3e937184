"""Attachments: shown on the page of their record, uploaded and fetched here."""

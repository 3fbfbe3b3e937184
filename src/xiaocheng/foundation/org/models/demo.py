"""The mark of a demo company."""

from __future__ import annotations

from django.db import models


class DemoCompany(models.Model):
    """One row while the company in this database is the demo: then the login page offers some people with one click.

    `logins` are user names; `steps_done` says how far the older history has been loaded.
    """

    loaded_on = models.DateField()
    logins = models.JSONField(default=list)
    steps_done = models.PositiveIntegerField(default=0)

"""Which address leads where: pages, API."""

from django.urls import URLPattern, URLResolver, include, path

from xiaocheng.interface.api.api import api

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/v1/", api.urls),
    path("", include("xiaocheng.interface.web.urls")),
]

handler400 = "xiaocheng.interface.web.shell.errors.bad_request"
handler403 = "xiaocheng.interface.web.shell.errors.forbidden"
handler404 = "xiaocheng.interface.web.shell.errors.not_found"
handler500 = "xiaocheng.interface.web.shell.errors.fault"

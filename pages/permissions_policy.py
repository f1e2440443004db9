"""What no page of ours may do in a browser, also when something gets into it."""

NOT_ALLOWED = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
)
POLICY = ", ".join(f"{feature}=()" for feature in NOT_ALLOWED)


class PermissionsPolicyMiddleware:
    """Send it with each page (W3C, Permissions Policy): Django does not."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", POLICY)
        return response

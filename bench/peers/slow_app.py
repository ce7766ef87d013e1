"""The slow API as a foreign server runs it: gunicorn -w 3 slow_app:app. Sleeps one second, tells nothing of itself."""

import time

BODY = b"This is a slow web api"


def app(environ, start_response):
    time.sleep(1)
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(BODY)))])
    return [BODY]

"""A foreign server whose answers take SLEEP_MS, give or take a fifth: gunicorn -w 8 timed_app:app."""

import os
import random
import time

BODY = b"This is a slow web api"
SLEEP_S = float(os.environ.get("SLEEP_MS", "100")) / 1000


def app(environ, start_response):
    time.sleep(SLEEP_S * random.uniform(0.8, 1.2))
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", str(len(BODY)))])
    return [BODY]

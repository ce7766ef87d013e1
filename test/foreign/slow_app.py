# The talk's slow web API in its shortest form, for a server that is not ours.
import os
import time


def app(environ, start_response):
    time.sleep(float(os.environ["SERVICE_S"]))
    body = b"This is a slow web api"
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]

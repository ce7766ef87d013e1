"""Requests in a loop: one after the other, each on a connection of its own.

Usage: sequential.py URL COUNT
"""

import sys

import requests

url, count = sys.argv[1], int(sys.argv[2])
for _ in range(count):
    print(requests.get(url).text)

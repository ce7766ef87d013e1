"""A pool of three processes, each reading one URL at a time.

Usage: pool.py URL COUNT
"""

import multiprocessing
import sys

import requests


def read(url):
    return requests.get(url).text


if __name__ == "__main__":
    with multiprocessing.Pool(3) as pool:
        for text in pool.map(read, [sys.argv[1]] * int(sys.argv[2])):
            print(text)

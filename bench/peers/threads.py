"""A thread for each URL; what they read comes back through a queue.

Usage: threads.py URL COUNT
"""

import queue
import sys
import threading

import requests

url, count = sys.argv[1], int(sys.argv[2])
answers = queue.Queue()


def read():
    answers.put(requests.get(url).text)


threads = [threading.Thread(target=read) for _ in range(count)]
for thread in threads:
    thread.start()
for _ in range(count):
    print(answers.get())
for thread in threads:
    thread.join()

"""As gather.py, and a semaphore lets three through at a time.

Usage: semaphore.py URL COUNT
"""

import asyncio
import sys

import aiohttp

url, count = sys.argv[1], int(sys.argv[2])


async def read(session, semaphore):
    async with semaphore, session.get(url) as response:
        return await response.text()


async def main():
    semaphore = asyncio.Semaphore(3)
    async with aiohttp.ClientSession() as session:
        for text in await asyncio.gather(*(read(session, semaphore) for _ in range(count))):
            print(text)


asyncio.run(main())

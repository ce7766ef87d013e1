"""All requests at once in one thread: aiohttp, gathered.

Usage: gather.py URL COUNT
"""

import asyncio
import sys

import aiohttp

url, count = sys.argv[1], int(sys.argv[2])


async def read(session):
    async with session.get(url) as response:
        return await response.text()


async def main():
    async with aiohttp.ClientSession() as session:
        for text in await asyncio.gather(*(read(session) for _ in range(count))):
            print(text)


asyncio.run(main())

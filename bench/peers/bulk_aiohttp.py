"""A file of URLs through aiohttp behind a semaphore, a line of record for each.

Usage: bulk_aiohttp.py URL_FILE LIMIT RECORD
"""

import asyncio
import json
import sys
import time

import aiohttp

url_file, limit, record_file = sys.argv[1], int(sys.argv[2]), sys.argv[3]


async def main():
    semaphore = asyncio.Semaphore(limit)
    connector = aiohttp.TCPConnector(limit=limit)
    with open(url_file) as lines, open(record_file, "w") as record:
        async with aiohttp.ClientSession(connector=connector) as session:

            async def read(index, url):
                async with semaphore:
                    started = time.monotonic()
                    async with session.get(url) as response:
                        body = await response.read()
                    line = {"index": index, "url": url, "status": response.status, "bytes": len(body),
                            "startedMs": started * 1000, "endedMs": time.monotonic() * 1000}
                    record.write(json.dumps(line) + "\n")

            await asyncio.gather(*(read(index, url.strip()) for index, url in enumerate(lines)))


asyncio.run(main())

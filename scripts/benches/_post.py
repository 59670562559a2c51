"""A mail server that takes everything and keeps nothing, in a process of its own; prints its port."""

import asyncio
import sys

READY, OK, DATA, BYE = b"220 post\r\n", b"250 OK\r\n", b"354 go on\r\n", b"221 bye\r\n"


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(READY)
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"DATA":
            writer.write(DATA)
            while await reader.readline() != b".\r\n":
                pass
            writer.write(OK)
        elif word == b"QUIT":
            writer.write(BYE)
            break
        else:
            writer.write(OK)
    writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())

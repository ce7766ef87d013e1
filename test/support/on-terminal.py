"""A command on a pseudo-terminal, as the foreground job of a small shell that knows ^Z.

Started as `on-terminal.py COLUMNS ROWS COMMAND…`. Told by lines of JSON on stdin: {"type": "q"}, {"resize": [50, 24]},
{"continue": "foreground" or "background"}, {"modes": true}. Tells by lines of JSON on stdout: {"output": base64},
{"stopped": true}, {"modes": {…}}, {"exit": code, "modes": {…}}.
"""

import base64
import fcntl
import json
import os
import pty
import select
import signal
import struct
import sys
import termios


def shell(command, told):
    """The leader of the session: gives the terminal to the job and takes it back when that stops."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    wanted = {signal.SIGUSR1, signal.SIGUSR2}
    signal.pthread_sigmask(signal.SIG_BLOCK, wanted)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpgrp())
        for name in (signal.SIGTTOU, signal.SIGINT):
            signal.signal(name, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, wanted)
        os.execvp(command[0], command)
    modes = termios.tcgetattr(0)
    while True:
        _, status = os.waitpid(job, os.WUNTRACED)
        os.tcsetpgrp(0, os.getpgrp())
        if not os.WIFSTOPPED(status):
            left = {"exit": os.waitstatus_to_exitcode(status), "modes": modes_of(0)}
            os.write(told, json.dumps(left).encode() + b"\n")
            os._exit(0)
        of_job = termios.tcgetattr(0)
        os.write(told, b'{"stopped": true}\n')
        termios.tcsetattr(0, termios.TCSADRAIN, modes)
        if signal.sigwait(wanted) == signal.SIGUSR1:
            termios.tcsetattr(0, termios.TCSADRAIN, of_job)
            os.tcsetpgrp(0, job)
        os.kill(-job, signal.SIGCONT)


def tell(what):
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def resize(terminal, columns, rows):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


def modes_of(terminal):
    flags = termios.tcgetattr(terminal)[3]
    return {"lines": bool(flags & termios.ICANON), "echo": bool(flags & termios.ECHO)}


def obey(line, master, leader):
    told = json.loads(line)
    if "type" in told:
        os.write(master, told["type"].encode())
    elif "resize" in told:
        resize(master, *told["resize"])
    elif "continue" in told:
        os.kill(leader, signal.SIGUSR1 if told["continue"] == "foreground" else signal.SIGUSR2)
    elif "modes" in told:
        tell({"modes": modes_of(master)})


def main():
    columns, rows = int(sys.argv[1]), int(sys.argv[2])
    hears, told = os.pipe()
    master, slave = pty.openpty()
    resize(master, columns, rows)
    leader = os.fork()
    if leader == 0:
        os.setsid()
        fcntl.ioctl(slave, termios.TIOCSCTTY, 0)
        for fd in (0, 1, 2):
            os.dup2(slave, fd)
        shell(sys.argv[3:], told)
    commands = b""
    sources = [master, hears, 0]
    while True:
        ready, _, _ = select.select(sources, [], [])
        if master in ready:
            tell({"output": base64.b64encode(os.read(master, 65536)).decode()})
            continue
        if hears in ready:
            line = os.read(hears, 4096)
            tell(json.loads(line))
            if b"exit" in line:
                return
        if 0 in ready:
            piece = os.read(0, 65536)
            if piece == b"":
                sources.remove(0)
            *lines, commands = (commands + piece).split(b"\n")
            for line in lines:
                obey(line, master, leader)


main()

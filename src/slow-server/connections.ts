// The open connections of the front and how many answers each still owes, so that a drain ends idle
// connections at once and the others right after their answer. (Node's own closing of idle connections
// takes one whose last answer is still on its way to the kernel for idle, and cuts it.)
import type { Socket } from 'node:net';

export class Connections {
  readonly #owed = new Map<Socket, number>();
  #draining = false;

  get draining(): boolean {
    return this.#draining;
  }

  add(socket: Socket): void {
    this.#owed.set(socket, 0);
    socket.once('close', () => this.#owed.delete(socket));
    if (this.#draining) socket.destroy();
  }

  /** A request came in on it. */
  owe(socket: Socket): void {
    this.#owed.set(socket, (this.#owed.get(socket) ?? 0) + 1);
  }

  /** An answer is out, or will never be. */
  settle(socket: Socket): void {
    const owed = this.#owed.get(socket);
    if (owed === undefined) return;
    this.#owed.set(socket, owed - 1);
    if (this.#draining && owed === 1) socket.destroySoon();
  }

  /** From now on a connection that owes nothing is ended. */
  drain(): void {
    this.#draining = true;
    for (const [socket, owed] of this.#owed) if (owed === 0) socket.destroySoon();
  }

  destroyAll(): void {
    this.#draining = true;
    for (const socket of this.#owed.keys()) socket.destroy();
  }
}

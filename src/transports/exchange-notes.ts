// What an exchange has to tell of its connection: the addresses tried for it, when it was opened for this exchange,
// that a response has no end of its own, and how many it has passed over because its connection was kept.
import type { ConnectionNotes, ResponseHeaders } from '../model/attempt.ts';

export class ExchangeNotes {
  #addresses: readonly string[] | undefined;
  #framing: 'close' | undefined;
  #passedOver = 0;

  begin(): void {
    this.#addresses = undefined;
    this.#framing = undefined;
    this.#passedOver = 0;
  }

  /** The exchange has come to this connection; of a kept one there is nothing to tell. */
  noteConnection(connection: {
    readonly exchangeCount: number;
    readonly addresses: readonly string[];
  }): void {
    if (connection.exchangeCount === 0 && connection.addresses.length > 0)
      this.#addresses = connection.addresses;
  }

  noteResponse(method: string, status: number, headers: ResponseHeaders): void {
    if (endsWithConnection(method, status, headers)) this.#framing = 'close';
  }

  notePassedOver(count: number): void {
    this.#passedOver = count;
  }

  /** Undefined when there is nothing to tell, as for most. */
  take(): ConnectionNotes | undefined {
    const addresses = this.#addresses;
    const framing = this.#framing;
    const passedOver = this.#passedOver;
    if (addresses === undefined && framing === undefined && passedOver === 0) return undefined;
    this.begin();
    return {
      ...(addresses && { addresses }),
      ...(framing && { framing }),
      ...(passedOver > 0 && { passedOver }),
    };
  }
}

/**
 * Neither a length nor chunks: only its connection ends it (RFC 9112 section 6.3), and it cannot be told from one
 * that was cut by an orderly close.
 */
function endsWithConnection(method: string, status: number, headers: ResponseHeaders): boolean {
  if (headers['content-length'] !== undefined) return false;
  const coding = headers['transfer-encoding'];
  if (coding !== undefined && /chunked\s*$/i.test(String(coding))) return false;
  return method !== 'HEAD' && status !== 204 && status !== 304;
}

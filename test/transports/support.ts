// What the transport's tests share: a server with scripted answers, a lane to it, and plain responses.
import type { TestContext } from 'node:test';
import type { Transport } from '../../src/engine/ports.ts';
import { type ConnectionOptions, PLAIN_CONNECTION } from '../../src/model/plan.ts';
import { openHttpTransport } from '../../src/transports/http.ts';
import { openTestLane, type TestLane } from '../support/exchange.ts';
import { type Answer, type RawServer, type RawServerOptions, startRawServer } from '../support/raw-server.ts';

export interface TransportSettings {
  readonly bodyBytesMax?: number;
  readonly headerBytesMax?: number;
  readonly connection?: Partial<ConnectionOptions>;
}

/** A transport that is closed when the test ends. */
export function httpTransport(t: TestContext, settings: TransportSettings = {}): Transport {
  const { bodyBytesMax = 2 ** 26, headerBytesMax = 16_384 } = settings;
  const connection = { ...PLAIN_CONNECTION, ...settings.connection };
  const transport = openHttpTransport({ connection, limits: { bodyBytesMax, headerBytesMax } });
  t.after(() => transport.close());
  return transport;
}

export async function setUp(
  t: TestContext,
  answer: Answer,
  settings: TransportSettings & RawServerOptions = {},
): Promise<{ server: RawServer; transport: Transport; lane: TestLane }> {
  const server = await startRawServer(answer, settings);
  t.after(() => server.close());
  const transport = httpTransport(t, settings);
  return { server, transport, lane: openTestLane(transport) };
}

/** A complete response with a length, as bytes. */
export function response(body: string | Uint8Array, head = 'HTTP/1.1 200 OK\r\n'): Buffer {
  const bytes = Buffer.from(body as Uint8Array);
  return Buffer.concat([Buffer.from(`${head}content-length: ${bytes.length}\r\n\r\n`), bytes]);
}

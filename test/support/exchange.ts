// Runs exchanges on a transport's lane and gathers what is told, holding it to the order the port promises.
import assert from 'node:assert/strict';
import type { EarlyEnd, ExchangeEvents, Transport } from '../../src/engine/ports.ts';
import type { ConnectionNotes, ResponseHeaders } from '../../src/model/attempt.ts';
import type { HttpRequest } from '../../src/model/request.ts';

export interface Told {
  sent: boolean;
  status: number | null;
  headers: ResponseHeaders;
  body: Buffer;
  end: 'whole' | 'failed';
  wireBytes: number;
  failure: EarlyEnd | null;
  notes: ConnectionNotes | undefined;
}

/** Called at each stage of an exchange; for instance to abort there. */
export type OnStage = (stage: 'sent' | 'headers' | 'data') => void;

export interface TestLane {
  /** One exchange from start to end. */
  run(request: Partial<HttpRequest> & { url: string }, onStage?: OnStage): Promise<Told>;
  /** As `run`, for bodies that are not to be kept: told the size of each piece. */
  count(request: Partial<HttpRequest> & { url: string }, onPiece: (bytes: number) => void): Promise<Told>;
  abort(): void;
  waitsFor(): string;
}

export function openTestLane(transport: Transport): TestLane {
  let told: Told = nothing();
  let chunks: Buffer[] = [];
  let stage: OnStage = () => {};
  let onPiece: ((bytes: number) => void) | null = null;
  let done: ((told: Told) => void) | null = null;
  const finish = () => {
    assert.ok(done, 'an end is told once');
    const resolve = done;
    done = null;
    told.body = Buffer.concat(chunks);
    told.notes = lane.takeNotes?.();
    assert.equal(lane.takeNotes?.(), undefined, 'notes are told once');
    resolve(told);
  };
  const events: ExchangeEvents = {
    onSent() {
      assert.ok(done && !told.sent && told.status === null, 'sent is told once, first');
      told.sent = true;
      stage('sent');
    },
    onHeaders(status, headers) {
      assert.ok(done && told.sent && told.status === null, 'headers are told once, after sent');
      told.status = status;
      told.headers = headers;
      stage('headers');
    },
    onData(chunk) {
      assert.ok(done && told.status !== null, 'data is told after headers');
      if (onPiece === null) chunks.push(Buffer.from(chunk));
      else onPiece(chunk.byteLength);
      stage('data');
    },
    onEnd(wireBytes) {
      assert.ok(told.status !== null, 'a whole response has headers');
      told.end = 'whole';
      told.wireBytes = wireBytes;
      finish();
    },
    onFailed(failure, wireBytes) {
      told.end = 'failed';
      told.failure = failure;
      told.wireBytes = wireBytes;
      finish();
    },
  };
  const lane = transport.openLane(events);
  const testLane: TestLane = {
    count: (request, told) => {
      onPiece = told;
      return testLane.run(request).finally(() => {
        onPiece = null;
      });
    },
    run: (request, onStage = () => {}) => {
      assert.equal(done, null, 'a lane carries one exchange at a time');
      told = nothing();
      chunks = [];
      stage = onStage;
      return new Promise(resolve => {
        done = resolve;
        lane.send({ method: 'GET', headers: [], body: null, id: null, timeoutMs: null, ...request });
      });
    },
    abort: () => lane.abort(),
    waitsFor: () => lane.waitsFor?.() ?? '',
  };
  return testLane;
}

function nothing(): Told {
  return {
    sent: false,
    status: null,
    headers: {},
    body: Buffer.alloc(0),
    end: 'failed',
    wireBytes: 0,
    failure: null,
    notes: undefined,
  };
}

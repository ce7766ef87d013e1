// The bare loop that bounds what can be reached with undici: one Client for each lane, at its dispatch level,
// no engine, no deadlines, no checks.
// Usage: node undici-client-per-lane.mjs URL_FILE LANES [RECORD]: with RECORD a short line for each request.
import { openSync, readFileSync, writeSync } from 'node:fs';
import { Client } from 'undici';

const RECORD_PIECE = 65_536;

const [, , urlFile, lanes, recordFile] = process.argv;
const urls = readFileSync(urlFile, 'utf8').trimEnd().split('\n');
const { origin } = new URL(urls[0]);
const record = recordFile === undefined ? undefined : openSync(recordFile, 'w');
let started = 0;
let failed = 0;
let lines = '';

function write(lane, index, status, startedMs) {
  const endedMs = performance.now();
  lines +=
    `{"index":${index},"url":"${urls[index]}","status":${status},"lane":${lane},` +
    `"startedMs":${startedMs.toFixed(3)},"endedMs":${endedMs.toFixed(3)}}\n`;
  if (lines.length >= RECORD_PIECE) flush();
}

function flush() {
  if (record !== undefined) writeSync(record, lines);
  lines = '';
}

function runLane(lane) {
  const client = new Client(origin, { pipelining: 1 });
  let index = 0;
  let status = 0;
  let startedMs = 0;
  const handler = {
    onRequestStart() {},
    onResponseStart(_controller, statusCode) {
      status = statusCode;
    },
    onResponseData() {},
    onResponseEnd() {
      if (status !== 200) failed++;
      if (record !== undefined) write(lane, index, status, startedMs);
      next();
    },
    onResponseError() {
      failed++;
      next();
    },
  };
  const next = () => {
    if (started === urls.length) {
      client.close();
      return;
    }
    index = started++;
    if (record !== undefined) startedMs = performance.now();
    client.dispatch({ path: urls[index].slice(origin.length), method: 'GET' }, handler);
  };
  next();
}

for (let lane = 0; lane < Number(lanes); lane++) runLane(lane);
process.on('exit', () => {
  flush();
  if (failed > 0) process.exitCode = 1;
});

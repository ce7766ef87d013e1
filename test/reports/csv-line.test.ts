import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { HttpRequest } from '../../src/model/request.ts';
import { InvalidInput } from '../../src/model/request.ts';
import type { Settled } from '../../src/model/settled.ts';
import { csvHead, csvLine } from '../../src/reports/csv-line.ts';

const REQUEST: HttpRequest = {
  url: 'http://a/?q=1,2',
  method: 'GET',
  headers: [],
  body: null,
  id: 7,
  timeoutMs: null,
};
const SETTLED: Settled<HttpRequest> = {
  index: 3,
  request: REQUEST,
  outcome: 'timeout',
  createdMs: 1.5,
  endedMs: 30,
  tries: [
    {
      lane: 2,
      outcome: 'timeout',
      status: null,
      startedMs: 2,
      endedMs: 30,
      phasesMs: {},
      bytes: 0,
      error: { code: 'TIMEOUT_HEADERS', message: '=HYPERLINK("x")\r\n' },
    },
  ],
};

test('a row has a cell for each column, quoted where it must be, and no formula', () => {
  assert.equal(
    csvLine(SETTLED),
    `3,7,GET,"http://a/?q=1,2",timeout,,1,2,,1.5,2,30,0,TIMEOUT_HEADERS,"'=HYPERLINK(""x"")\r\n"`,
  );
  assert.equal(csvHead().split(',').length, 15);
});

test('S15: what never started has empty cells, and every beginning of a formula is made text', () => {
  for (const start of ['=', '+', '-', '@', '\t', '\r']) {
    const request = new InvalidInput({ code: 'ERR_INPUT_URL', message: 'no', url: `${start}1`, id: null });
    const line = csvLine({ ...SETTLED, request, outcome: 'invalid_input', tries: [] });
    assert.equal(line, `3,,,"'${start}1",invalid_input,,0,,,1.5,,30,0,,`);
  }
});

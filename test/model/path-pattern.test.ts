// Requests that cost about the same have one name, and it is short.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pathPattern, pathPatterns } from '../../src/model/path-pattern.ts';

const of = (path: string, method = 'GET'): string => pathPattern({ method, url: `https://host:8443${path}` });

test('numbers and identifiers are one thing, words are not', () => {
  assert.equal(of('/items/17?full=1'), 'GET /items/*');
  assert.equal(of('/items/18'), of('/items/90017'));
  assert.equal(of('/items/4f1c0a9e77b24d3e'), 'GET /items/*');
  assert.equal(of('/items/3b241101-e2bb-4255-8caf-4136c566a962/parts'), 'GET /items/*/parts');
  assert.equal(of('/feed'), 'GET /feed');
  assert.notEqual(of('/items'), of('/items', 'POST'));
  assert.equal(pathPattern({ method: 'GET', url: 'http://host' }), 'GET /');
});

test('a long address costs no long name', () => {
  assert.ok(of(`/${'x'.repeat(100_000)}`).length <= 100);
  assert.equal(of(`/items/${'7'.repeat(100_000)}`), 'GET /items/*');
});

test('the same address again gives the very same name', () => {
  const nameOf = pathPatterns();
  const request = { method: 'GET', url: 'http://host/a/1' };
  assert.equal(nameOf(request), 'GET /a/*');
  assert.equal(nameOf(request), 'GET /a/*');
  assert.equal(nameOf({ ...request, method: 'PUT' }), 'PUT /a/*');
  assert.equal(nameOf({ ...request, url: 'http://host/b' }), 'GET /b');
});

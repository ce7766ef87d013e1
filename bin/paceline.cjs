#!/usr/bin/env node
// Starts the command. Written in the JavaScript of 2015 without modules, so that even a very old Node gets
// as far as saying what is needed. The real program is dist/main.cjs, or src/cli/main.ts in a checkout.
'use strict';

var NEEDED = [22, 19];
var have = process.versions.node.split('.').map(Number);

if (have[0] < NEEDED[0] || (have[0] === NEEDED[0] && have[1] < NEEDED[1])) {
  process.stderr.write(
    'paceline: needs Node ' +
      NEEDED.join('.') +
      ' or newer, this is ' +
      process.versions.node +
      ' (' +
      process.execPath +
      '). Install a newer one from https://nodejs.org.\n'
  );
  process.exitCode = 2;
} else {
  start();
}

function start() {
  var fs = require('fs');
  var path = require('path');
  var built = path.join(__dirname, '..', 'dist', 'main.cjs');
  var source = path.join(__dirname, '..', 'src', 'cli', 'main.ts');
  tuneForShortRuns();
  if (fs.existsSync(built)) {
    cacheCompiledCode(path);
    runMain(require(built));
  } else if (fs.existsSync(source)) {
    require('../tools/from-source.cjs')(require('url').pathToFileURL(source)).then(runMain);
  } else {
    process.stderr.write(
      'paceline: ' + built + ' is missing. Run `npm run build`, or install paceline again.\n'
    );
    process.exitCode = 3;
  }
}

// The process then ends by itself once nothing is left to do, so that what went to a pipe arrives whole.
function runMain(program) {
  return program.main(process.argv.slice(2), process).then(function (exitCode) {
    process.exitCode = exitCode;
  });
}

// In a directory that belongs to the user: Node's own default lies in the shared temporary directory, where
// others could put code for us to run. Children find it through the variable. NODE_COMPILE_CACHE and
// NODE_DISABLE_COMPILE_CACHE set by the user win.
function cacheCompiledCode(path) {
  var env = process.env;
  if (env.NODE_COMPILE_CACHE || env.NODE_DISABLE_COMPILE_CACHE) return;
  var home = env.HOME || env.USERPROFILE;
  var caches =
    process.platform === 'win32'
      ? env.LOCALAPPDATA
      : env.XDG_CACHE_HOME
        ? env.XDG_CACHE_HOME
        : home && path.join(home, process.platform === 'darwin' ? 'Library/Caches' : '.cache');
  if (!caches || !path.isAbsolute(caches)) return;
  var directory = path.join(caches, 'paceline', 'compiled');
  require('module').enableCompileCache(directory);
  env.NODE_COMPILE_CACHE = directory;
}

// undici parses HTTP with one very large WebAssembly function. After three or four answers V8 begins to
// compile it anew with its optimising compiler, and a process that wants to exit waits for that: 45 ms of a
// run whose own cost is 80. A larger budget (V8's own: 13 million) lets a few hundred answers pass first, so
// long runs still get the fast code. Threads share the flags of the process, child processes are forked
// with its `execArgv`. The library leaves both alone: they belong to whoever started the process.
function tuneForShortRuns() {
  var flag = '--wasm-tiering-budget=100000000';
  require('v8').setFlagsFromString(flag);
  process.execArgv.push(flag);
}

// Loads the command from a checkout that was not built. A file of its own because `import()` would keep an
// old Node from reading bin/paceline.cjs at all.
module.exports = source => import(source.href);

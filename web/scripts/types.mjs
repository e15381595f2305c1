// The types of what the service answers, out of its OpenAPI document, into src/api.d.ts.
// usage: node scripts/types.mjs [--check]    `--check` writes nothing and fails when the file is not what it would write
import { readFileSync, writeFileSync } from 'node:fs';
import openapiTS, { astToString } from 'openapi-typescript';

const FILE = new URL('../src/api.d.ts', import.meta.url);
const SOURCE = new URL('../../schemas/openapi.json', import.meta.url);
const HEAD =
  '// Generated from schemas/openapi.json by `npm run types`; `npm run check` tells when it is out of date.\n\n';

/** The document writes a choice of words as a pattern, `^(a|b)$`; as a type it is a choice. */
function choices(schema) {
  if (Array.isArray(schema)) return schema.map(choices);
  if (typeof schema !== 'object' || schema === null) return schema;
  const told = Object.fromEntries(Object.entries(schema).map(([name, value]) => [name, choices(value)]));
  const words = typeof told.pattern === 'string' ? /^\^\((\w+(?:\|\w+)*)\)\$$/.exec(told.pattern) : null;
  if (words === null) return told;
  const nothing = Array.isArray(told.type) && told.type.includes('null') ? [null] : [];
  return { ...told, enum: [...words[1].split('|'), ...nothing] };
}

const { openapi, info, components } = JSON.parse(readFileSync(SOURCE, 'utf8'));
// Only the named shapes: of addresses the desk needs no types.
const shapes = { openapi, info, paths: {}, components: { schemas: choices(components.schemas) } };
const text = HEAD + astToString(await openapiTS(shapes, { defaultNonNullable: false, emptyObjectsUnknown: true }));
if (process.argv[2] !== '--check') {
  writeFileSync(FILE, text);
} else if (readFileSync(FILE, 'utf8') !== text) {
  console.error('src/api.d.ts is not what schemas/openapi.json says: npm run types');
  process.exit(1);
}

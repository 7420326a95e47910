// Writes openapi/openapi.json and openapi/schema.graphql from the built code; with --check, fails where they differ.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const { generateContracts } = await import(join(root, 'dist', 'contracts.js'));
const { openApi, schema } = await generateContracts();
const check = process.argv.includes('--check');
let drifted = false;
for (const [name, text] of [
  ['openapi.json', openApi],
  ['schema.graphql', schema],
]) {
  const path = join(root, 'openapi', name);
  const known = existsSync(path) ? readFileSync(path, 'utf8') : '';
  if (known === text) continue;
  drifted = true;
  if (!check) writeFileSync(path, text);
  console.log(
    check ? `openapi/${name} has drifted from the code: run npm run contracts` : `wrote openapi/${name}`,
  );
}
process.exit(check && drifted ? 1 : 0);

import { readFileSync } from 'node:fs';
import { permissionsDocument, FILE } from '../../bin/permissions';

test('P1.4: docs/permissions.md says what the rules say; `npm run permissions` writes it anew', () => {
  expect(readFileSync(FILE, 'utf8')).toBe(permissionsDocument());
});

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

/**
 * `npm run clauses`: every clause of the policy with the tests whose titles name it. A clause without a test is
 * unfinished work; it is marked `no test`. The list of clauses is docs/clauses.md.
 */
const root = resolve(__dirname, '..');

interface NamedTest {
  readonly file: string;
  readonly title: string;
}

export function clausesOf(markdown: string): { id: string; title: string }[] {
  return [...markdown.matchAll(/^\| (P[^ |]+) \| ([^|]+) \|/gm)].flatMap(([, ids = '', title = '']) =>
    expand(ids).map((id) => ({ id, title: title.trim() })),
  );
}

/** `P3.1–P3.4` stands for four clauses. */
function expand(ids: string): string[] {
  const range = /^(P\d+\.)(\d+)–P\d+\.(\d+)$/.exec(ids);
  if (!range) return [ids];
  const [, prefix = '', from = '', to = ''] = range;
  return Array.from(
    { length: Number(to) - Number(from) + 1 },
    (_, index) => `${prefix}${Number(from) + index}`,
  );
}

/** Titles of the tests in a file's text, as written: `it('P2.1.3: …')`, `test.each(…)('…')`, `describe('…')`. */
export function titlesOf(source: string): string[] {
  const call = /\b(?:it|test|describe)(?:\.each\([\s\S]*?\))?\(\s*(['"`])((?:\\.|(?!\1)[\s\S])*)\1/g;
  return [...source.matchAll(call)].map(([, , title = '']) => title);
}

export function named(id: string, title: string): boolean {
  return new RegExp(`(^|[^\\w.-])${id.replaceAll('.', '\\.')}(?![\\w.-]*\\d|[a-z])`).test(title);
}

function testsBelow(folder: string): NamedTest[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return testsBelow(path);
    if (!name.endsWith('.test.ts')) return [];
    return titlesOf(readFileSync(path, 'utf8')).map((title) => ({ file: relative(root, path), title }));
  });
}

function main(): void {
  const clauses = clausesOf(readFileSync(join(root, 'docs/clauses.md'), 'utf8'));
  const tests = testsBelow(join(root, 'test'));
  let bare = 0;
  for (const { id, title } of clauses) {
    const proofs = tests.filter((test) => named(id, test.title));
    if (proofs.length === 0) bare += 1;
    console.log(`${id}  ${title}${proofs.length === 0 ? '  — no test' : ''}`);
    for (const proof of proofs) console.log(`    ${proof.file}: ${proof.title}`);
  }
  console.log(`\n${clauses.length} clauses, ${clauses.length - bare} with tests, ${bare} without`);
}

if (require.main === module) main();

import { clausesOf, named, titlesOf } from '../../bin/clauses';

describe('npm run clauses', () => {
  it('reads clause ids from the table, ranges included', () => {
    const table = '| P1.1 | 一(一) | x |\n| P3.1–P3.3 | 三 | y |\n| P5.3b | 五 | z |';
    expect(clausesOf(table).map(({ id }) => id)).toEqual(['P1.1', 'P3.1', 'P3.2', 'P3.3', 'P5.3b']);
  });

  it('finds titles of it, test, describe and each, and only whole clause ids in them', () => {
    const source = `it('P2.1.3: a'); test.each([1, 2])('P2.1.30 %s', f); describe("P-A1: roles", f)`;
    expect(titlesOf(source)).toEqual(['P2.1.3: a', 'P2.1.30 %s', 'P-A1: roles']);
    expect(named('P2.1.3', 'P2.1.3: a')).toBe(true);
    expect(named('P2.1.3', 'P2.1.30 x')).toBe(false);
    expect(named('P2.1', 'P2.1.3: a')).toBe(false);
    expect(named('P5.3', 'P5.3b: x')).toBe(false);
    expect(named('P-A1', 'P-A1: roles')).toBe(true);
  });
});

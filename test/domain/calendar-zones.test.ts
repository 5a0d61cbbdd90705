import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

const program = join(__dirname, 'calendar-in-zone.ts');

function answersUnder(zone: string): { offset: number; answers: unknown[] } {
  const out = execFileSync(process.execPath, ['--import', 'tsx', program], {
    env: { ...process.env, TZ: zone, NODE_OPTIONS: '' },
    encoding: 'utf8',
  });
  return JSON.parse(out) as { offset: number; answers: unknown[] };
}

test('P2.1.3: the calendar says the same under every zone of the machine', () => {
  const home = answersUnder('Asia/Shanghai');
  const zones = ['UTC', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Europe/London'].map(answersUnder);
  expect(home.offset).toBe(-480);
  expect(zones.map(({ offset }) => offset)).toEqual([0, 480, -840, 0]);
  expect(home.answers).toHaveLength(200);
  for (const zone of zones) expect(zone.answers).toEqual(home.answers);
});

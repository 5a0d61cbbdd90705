import { parse } from 'yaml';
import { dashboard, expressions, readText, rules, type Panel } from './observability';

/** `### JiugaiNotReady` is found as `#jiugainotready`. */
function headings(text: string): string[] {
  return [...text.matchAll(/^#{2,4} (.+)$/gm)].map(([, title = '']) => title);
}
const anchorOf = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\p{L}\p{N} -]/gu, '')
    .replaceAll(' ', '-');

const operations = readText('docs/operations.md');
const sections = headings(operations);

describe('the alert rules', () => {
  test.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s says how bad it is, what is the matter, and where stands what to do',
    (name, { labels, annotations }) => {
      expect(name).toMatch(/^Jiugai[A-Z]\w+$/);
      expect(['warning', 'critical']).toContain(labels.severity);
      expect(annotations.summary).toMatch(/\p{Script=Han}/u);
      expect(annotations.runbook).toBe(`docs/operations.md#${name.toLowerCase()}`);
      expect(sections).toContain(name);
    },
  );

  test('each has one name, and each section of the runbook has its alert', () => {
    const names = rules.map(({ alert }) => alert);
    expect(new Set(names).size).toBe(names.length);
    expect(sections.filter((title) => /^Jiugai/.test(title)).toSorted()).toEqual(names.toSorted());
  });

  test('each section tells what to do, in more than one sentence', () => {
    for (const { alert } of rules) {
      const section = operations.split(`### ${alert}\n`)[1]?.split(/\n##+ /)[0] ?? '';
      expect({ alert, words: section.split(/\s+/).length > 30 }).toEqual({ alert, words: true });
    }
  });
});

describe('the runbook', () => {
  test('links to sections that are there', () => {
    const links = [...operations.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor]) => anchor);
    expect(sections.map(anchorOf)).toEqual(expect.arrayContaining(links));
  });
});

describe('the dashboard', () => {
  const panels = dashboard.panels.filter(({ type }) => type !== 'row');

  test('asks the source that is delivered with it', () => {
    const [source] = (
      parse(readText('docker/observability/grafana/datasources/prometheus.yml')) as {
        datasources: { uid: string; url: string }[];
      }
    ).datasources;
    expect(source?.url).toBe('https://prometheus:9090');
    const asked = panels.flatMap(({ targets = [] }) => targets.map(({ datasource }) => datasource.uid));
    expect(new Set(asked)).toEqual(new Set([source?.uid]));
  });

  test('has panels with a title and something to draw, none upon another, none wider than the page', () => {
    expect(panels.length).toBeGreaterThan(20);
    expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(dashboard.panels.length);
    for (const { title, targets = [], gridPos } of panels) {
      expect({ title, drawn: targets.length > 0 }).toEqual({
        title: expect.stringMatching(/./),
        drawn: true,
      });
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    }
    const overlapping = dashboard.panels.flatMap((one, index) =>
      dashboard.panels.slice(index + 1).filter((other) => overlap(one, other)),
    );
    expect(overlapping).toEqual([]);
  });

  test('never adds up what every worker tells alike', () => {
    const added = expressions.filter((one) =>
      /sum[^(]*\([^()]*jiugai_(tasks|alerts|outbox|workflows)/.test(one),
    );
    expect(added).toEqual([]);
  });
});

function overlap({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

describe('Prometheus', () => {
  test('finds API processes and workers by the names and ports of docker-compose.yml', () => {
    const config = parse(readText('docker/observability/prometheus.yml')) as {
      scrape_configs: { job_name: string; dns_sd_configs: { names: string[]; port: number }[] }[];
    };
    const jobs = config.scrape_configs.map(({ job_name: job, dns_sd_configs: [found] }) => [
      job,
      found?.names[0],
      found?.port,
    ]);
    const compose = parse(readText('docker-compose.yml'), { merge: true }) as {
      services: Record<string, { environment: Record<string, string> }>;
    };
    const { api, worker } = compose.services;
    expect(jobs).toEqual([
      ['jiugai-api', 'api', Number(api?.environment['PORT'])],
      ['jiugai-worker', 'worker', Number(worker?.environment['JIUGAI_WORKER_PORT'])],
    ]);
  });
});

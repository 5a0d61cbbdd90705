/** What PromQL itself knows; whatever else stands in an expression must be a metric. */
const WORDS = new Set(
  `by without and or unless on ignoring group_left group_right offset bool
   sum min max avg count topk bottomk quantile absent rate increase histogram_quantile time clamp_min`.split(
    /\s+/,
  ),
);

/** The names of metrics in an expression, as a scrape has them. */
export function metricsIn(expression: string): string[] {
  const bare = expression
    // Labels to group by and to match are no metrics, nor are durations and texts.
    .replace(/\b(by|without|on|ignoring)\s*\([^)]*\)/g, ' ')
    .replace(/\{[^}]*\}/g, ' ')
    .replace(/\[[^\]]*\]/g, ' ')
    .replace(/"[^"]*"/g, ' ');
  const names = bare.match(/[a-zA-Z_:][a-zA-Z0-9_:]*/g) ?? [];
  return [...new Set(names.filter((name) => !WORDS.has(name)))];
}

/** The labels of a metric that an expression matches or groups by. */
export function labelsIn(expression: string): string[] {
  const matched = [...expression.matchAll(/([a-z_]+)\s*(?:=~|!~|!=|=)\s*"/g)].map(([, label]) => label);
  const grouped = [...expression.matchAll(/\b(?:by|without|on)\s*\(([^)]*)\)/g)].flatMap(([, list = '']) =>
    list.split(',').map((label) => label.trim()),
  );
  return [...new Set([...matched, ...grouped])].filter((label): label is string => Boolean(label));
}

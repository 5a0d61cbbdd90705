import { namesIn } from '../form/ui-schema';
import { labelOf, yuan } from '../words/labels';
import { useLanguage, type Language } from '../words/language';
import { differences, type Difference } from './differences';
import { ValueAlone, type Titles } from './readable';

const MOST = 100;

/** What differs from the last round, side by side; of money also by how much. */
export function Changes({
  title,
  was,
  is,
  titles,
  context,
}: {
  title: string;
  was: unknown;
  is: unknown;
  titles: Titles;
  context: unknown;
}) {
  const { words, language } = useLanguage();
  const changed = differences(was, is);
  if (changed.length === 0) return <p className="hint">{words.task.same}</p>;
  const money = changed.some((one) => byHowMuch(one) !== undefined);
  return (
    <div className="scroll" role="region" aria-label={title} tabIndex={0}>
      <table className="plain changes">
        <thead>
          <tr>
            <th scope="col">{words.task.item}</th>
            <th scope="col">{words.task.was}</th>
            <th scope="col">{words.task.is}</th>
            {money && <th scope="col">{words.task.by}</th>}
          </tr>
        </thead>
        <tbody>
          {changed.slice(0, MOST).map((one, i) => {
            const field = fieldOf(one);
            const shown = { field, titles, context };
            return (
              <tr key={i}>
                <th scope="row">{placeOf(one.path, context, titles, language)}</th>
                <td>
                  <del>
                    <ValueAlone {...shown} value={one.was} />
                  </del>
                </td>
                <td>
                  <ins>
                    <ValueAlone {...shown} value={one.is} />
                  </ins>
                </td>
                {money && <td className="sum whole">{signed(byHowMuch(one), language)}</td>}
              </tr>
            );
          })}
        </tbody>
      </table>
      {changed.length > MOST && <p className="hint">{words.task.more(changed.length - MOST)}</p>}
    </div>
  );
}

function fieldOf({ path }: Difference): string {
  return path.findLast((part) => typeof part === 'string') ?? '';
}

function byHowMuch(one: Difference): number | undefined {
  const { was, is } = one;
  const isMoney = fieldOf(one).endsWith('Fen') && typeof was === 'number' && typeof is === 'number';
  return isMoney ? is - was : undefined;
}

function signed(fen: number | undefined, language: Language): string {
  if (fen === undefined) return '';
  return `${fen > 0 ? '+' : '−'}${yuan(Math.abs(fen), language)}`;
}

/** `样例一小区 · 资金来源 · 市级财政资金 · 金额`: where in what the task is about. */
function placeOf(path: Difference['path'], context: unknown, titles: Titles, language: Language): string {
  const { items, keys } = namesIn(context);
  const parts = path.map((part) => {
    if (typeof part === 'string')
      return titles[part]?.replace(/（(分|附件|单位)）/, '') ?? labelOf(part, language);
    const { name, no, source, communityId } = part.row;
    if (typeof name === 'string') return name;
    const key = [communityId, source].find((one) => typeof one === 'string');
    const known = typeof no === 'number' ? items.get(no) : keys.get(key ?? '');
    return known ?? (language === 'zh' ? `第 ${part.at + 1} 项` : `no. ${part.at + 1}`);
  });
  return parts.join(' · ');
}

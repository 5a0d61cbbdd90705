import { Button } from 'antd';
import { useState } from 'react';
import { Link, useLocation, useParams } from 'react-router';
import type { z } from 'zod';
import type { touched } from '../../../api/routes/keeping-views';
import { usePolicy } from '../api/names';
import { Failure } from '../app/said';
import { useLanguage, useTitle } from '../words/language';
import { FormDialog, textIn } from '../form/form-dialog';
import { useValueWords } from './policy-values';
import { ReasonField } from './reason-field';
import { ListTable, Table, usePages } from './table';
import { useKeepingTexts } from './texts';

type Touched = z.infer<typeof touched>;
interface Outcome {
  readonly projectId: string;
  readonly status: number;
  readonly title?: string;
  readonly detail?: string;
}

/** Running projects that this version would touch, each with how; those chosen are moved to it, with a reason. */
export function PolicyMovesPage() {
  const { version = '' } = useParams();
  const texts = useKeepingTexts();
  const { words } = useLanguage();
  const policy = usePolicy();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [isAsking, setAsking] = useState(false);
  const [outcomes, setOutcomes] = useState<readonly Outcome[]>([]);
  const { state } = useLocation() as { state: { isNew?: boolean } | null };
  const title = texts.moves.title(version);
  useTitle(title);
  const found = usePages<Touched>(`/policy/versions/${version}/projects`);
  // The list is brought up to date a moment after the project has taken over the version.
  const isGone = ({ projectId }: Touched): boolean =>
    outcomes.some((one) => one.projectId === projectId && one.status < 300);
  const rows = found.data?.pages.flatMap(({ items }) => items.filter((row) => !isGone(row))) ?? [];
  const choose = (id: string, isChosen: boolean): void =>
    setChosen((now) => new Set(isChosen ? [...now, id] : [...now].filter((one) => one !== id)));
  const areaOf = (code: string): string => policy?.areas.find((one) => one.code === code)?.name ?? code;
  return (
    <>
      <p>
        <Link to="/admin/policy">{texts.policy.back}</Link>
      </p>
      <h1>{title}</h1>
      <section className="card" aria-label={title}>
        {state?.isNew && (
          <p role="status" className="next">
            {texts.policy.published(version)}
          </p>
        )}
        <p className="admin-lead">{texts.moves.hint}</p>
        {found.data && rows.length === 0 && <p className="empty">{texts.moves.none}</p>}
        {found.error && <Failure error={found.error} />}
        {rows.length > 0 && (
          <>
            <div className="row chosen">
              <Button onClick={() => setChosen(new Set(rows.map(({ projectId }) => projectId)))}>
                {texts.moves.chooseAll}
              </Button>
              <span>{texts.moves.chosen(chosen.size)}</span>
              <Button type="primary" disabled={chosen.size === 0} onClick={() => setAsking(true)}>
                {texts.moves.move}
              </Button>
            </div>
            <ListTable
              label={title}
              found={found}
              isGone={isGone}
              keyOf={({ projectId }) => projectId}
              columns={[
                {
                  title: texts.moves.select,
                  cell: ({ projectId, name }) => (
                    <input
                      type="checkbox"
                      aria-label={texts.moves.choose(name)}
                      checked={chosen.has(projectId)}
                      onChange={({ target }) => choose(projectId, target.checked)}
                    />
                  ),
                },
                {
                  title: texts.moves.project,
                  cell: ({ projectId, name, county }) => (
                    <>
                      <Link to={`/projects/${projectId}`}>{name}</Link>
                      <span className="hint block">
                        {areaOf(county)} {projectId}
                      </span>
                    </>
                  ),
                },
                { title: texts.moves.now, cell: ({ policyVersion }) => policyVersion, whole: true },
                {
                  title: texts.moves.steps,
                  cell: ({ steps }) => steps.map((step) => words.steps[step]).join('、'),
                },
                {
                  title: texts.moves.change,
                  cell: ({ differences }) => <Differences differences={differences} />,
                },
              ]}
            />
          </>
        )}
      </section>
      {outcomes.length > 0 && (
        <section className="card" aria-label={texts.moves.outcome} role="status">
          <h2>{texts.moves.outcome}</h2>
          <Table
            label={texts.moves.outcome}
            rows={outcomes}
            keyOf={({ projectId }) => projectId}
            columns={[
              { title: texts.moves.project, cell: ({ projectId }) => projectId },
              {
                title: texts.moves.outcome,
                cell: ({ status, title: why, detail }) =>
                  status < 300 ? (
                    <span className="state">{texts.moves.moved}</span>
                  ) : (
                    <span className="problem">{detail ?? why}</span>
                  ),
              },
            ]}
          />
        </section>
      )}
      {isAsking && (
        <FormDialog<{ outcomes: Outcome[] }>
          title={title}
          hint={texts.moves.chosen(chosen.size)}
          submit={texts.moves.move}
          asked={(form) => ({
            path: `/policy/versions/${version}/moves`,
            method: 'POST',
            body: { projects: [...chosen], reason: textIn(form, 'reason') ?? '' },
          })}
          onClose={() => setAsking(false)}
          onDone={(answer) => {
            setAsking(false);
            setChosen(new Set());
            setOutcomes(answer.outcomes);
            return found.refetch();
          }}
        >
          <ReasonField />
        </FormDialog>
      )}
    </>
  );
}

function Differences({ differences }: { differences: Touched['differences'] }) {
  const texts = useKeepingTexts().moves;
  const say = useValueWords();
  if (differences.length === 0) return texts.changes(0);
  const valueOf = (value: unknown): string | undefined => {
    if (typeof value !== 'object' || value === null) return undefined;
    if ('length' in value && !Array.isArray(value)) return say.length(value.length as never);
    if ('numerator' in value) return say.fraction(value as never);
    if ('value' in value) return say.fraction(value.value as never);
    return 'fen' in value ? say.money(Number(value.fen)) : undefined;
  };
  return (
    <details>
      <summary>{texts.changes(differences.length)}</summary>
      <ul className="words">
        {differences.map(({ path, title, before, after }) => {
          const [from, to] = [valueOf(before), valueOf(after)];
          return (
            <li key={path}>
              {title}：{from === undefined || to === undefined ? texts.changed : `${from} → ${to}`}
            </li>
          );
        })}
      </ul>
    </details>
  );
}

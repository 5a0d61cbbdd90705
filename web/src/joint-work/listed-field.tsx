import type { FieldProps } from '@rjsf/utils';
import { Button } from 'antd';
import { useMemo } from 'react';
import { useSurroundings } from '../form/surroundings';
import { candidatesOf, sumsOf } from './candidates';
import { SheetFrame, Tick } from './frame';
import { useTexts } from './texts';
import { Worksheet } from './worksheet';

/** Which of the ready projects go on the county's list. */
export function ListedField({ schema, formData, fieldPathId, rawErrors, onChange }: FieldProps) {
  const texts = useTexts();
  const { context } = useSurroundings();
  const all = useMemo(() => candidatesOf(context), [context]);
  const listed = useMemo(() => new Set(Array.isArray(formData) ? (formData as string[]) : []), [formData]);
  const filters = useMemo(
    () => [
      {
        key: 'in',
        title: texts.included,
        keep: ({ projectId }: { projectId: string }) => listed.has(projectId),
      },
      {
        key: 'out',
        title: texts.notIn,
        keep: ({ projectId }: { projectId: string }) => !listed.has(projectId),
      },
    ],
    [listed, texts],
  );
  const set = (next: ReadonlySet<string>): void =>
    onChange(
      all.map(({ projectId }) => projectId).filter((id) => next.has(id)),
      fieldPathId.path,
    );
  return (
    <SheetFrame
      id={fieldPathId.$id}
      title={schema.title}
      errors={rawErrors}
      sums={
        <p className="sums">
          {sumsOf(
            texts,
            texts.included,
            all.filter(({ projectId }) => listed.has(projectId)),
          )}
        </p>
      }
    >
      <Worksheet
        title={schema.title ?? texts.list}
        all={all}
        filters={filters}
        bar={(rows) => (
          <p className="row">
            <Button
              size="small"
              onClick={() => set(new Set([...listed, ...rows.map(({ projectId }) => projectId)]))}
            >
              {texts.includeShown(rows.length)}
            </Button>
            <Button
              size="small"
              onClick={() => {
                const out = new Set(rows.map(({ projectId }) => projectId));
                set(new Set([...listed].filter((id) => !out.has(id))));
              }}
            >
              {texts.clearShown(rows.length)}
            </Button>
          </p>
        )}
        first={({ projectId, name }) => (
          <Tick label={texts.include(name)} projectId={projectId} chosen={listed} onChange={set} />
        )}
      />
    </SheetFrame>
  );
}

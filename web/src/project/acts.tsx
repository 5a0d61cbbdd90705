import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useRef, useState } from 'react';
import { ask } from '../api/client';
import type { Act, Project } from '../api/projects';
import { newKey } from '../api/tasks';
import { Dialog } from '../app/dialog';
import { Failure, Loading } from '../app/said';
import { errorsOf } from '../form/refusals';
import { SchemaForm } from '../form/schema-form';
import { ClauseTag } from '../help/clause-tag';
import { insist } from '../task/send';
import { useLanguage } from '../words/language';
import { useTexts } from './texts';

/** What this person may begin in the project as it stands: controls, findings, changes, payments. */
export function Acts({ project: { id } }: { project: Project }) {
  const { language } = useLanguage();
  const texts = useTexts();
  const [chosen, setChosen] = useState<Act>();
  const [done, setDone] = useState(false);
  const found = useQuery({
    queryKey: ['project', id, 'acts'],
    queryFn: () => ask<{ items: Act[] }>(`/projects/${id}/acts`),
  });
  if (!found.data) return found.error ? <Failure error={found.error} /> : <Loading />;
  const yours = found.data.items.filter((act) => act.yours);
  if (yours.length === 0) return null;
  return (
    <section className="card">
      <h2>{texts.acts.title}</h2>
      {done && <p role="status">{texts.acts.done}</p>}
      <div className="row">
        {yours.map((act) => (
          <Button key={act.act} onClick={() => setChosen(act)}>
            {language === 'zh' ? act.title : act.titleEn}
          </Button>
        ))}
      </div>
      {chosen && (
        <ActDialog
          act={chosen}
          onClose={(isDone) => {
            setChosen(undefined);
            setDone(isDone);
          }}
        />
      )}
    </section>
  );
}

function ActDialog({ act, onClose }: { act: Act; onClose: (isDone: boolean) => void }) {
  const { words, language } = useLanguage();
  const client = useQueryClient();
  const [value, setValue] = useState<unknown>({});
  const [error, setError] = useState<unknown>();
  const [sending, setSending] = useState(false);
  // The same intention, however often it is sent.
  const [key] = useState(newKey);
  const busy = useRef(false);
  const send = async (form: unknown): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    setSending(true);
    setError(undefined);
    try {
      await insist(act.href.replace('/api/v1', ''), { method: 'POST', body: form, key }, () => undefined);
      onClose(true);
      await client.invalidateQueries({ queryKey: ['project'] });
    } catch (reason) {
      setError(reason);
    }
    busy.current = false;
    setSending(false);
  };
  return (
    <Dialog title={language === 'zh' ? act.title : act.titleEn} onClose={() => onClose(false)}>
      <p className="hint">
        {words.task.clause} <ClauseTag id={act.clause} />
      </p>
      <Failure error={error} />
      <SchemaForm
        idPrefix="act"
        schema={act.form}
        value={value}
        errors={errorsOf(error)}
        surroundings={SURROUNDINGS}
        onChange={setValue}
        onSubmit={(form) => void send(form)}
      >
        <div className="row">
          <Button type="primary" htmlType="submit" loading={sending}>
            {words.confirm}
          </Button>
          <Button onClick={() => onClose(false)}>{words.cancel}</Button>
        </div>
      </SchemaForm>
    </Dialog>
  );
}

const SURROUNDINGS = { context: undefined, colleagues: [] };

import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useRef, useState } from 'react';
import type { TaskDetail } from '../api/tasks';
import { newKey } from '../api/tasks';
import { Dialog } from '../app/dialog';
import { Failure } from '../app/said';
import { errorsOf } from '../form/refusals';
import { SchemaForm } from '../form/schema-form';
import { ClauseTag } from '../help/clause-tag';
import { useLanguage } from '../words/language';
import { insist } from './send';

type Act = TaskDetail['acts'][number];

/** Every act that the API offers this person with this task now, and none that it does not. */
export function Acts({ task }: { task: TaskDetail }) {
  const { words, language } = useLanguage();
  const [chosen, setChosen] = useState<Act>();
  if (task.acts.length === 0) return null;
  return (
    <section className="card">
      <h2>{words.task.acts}</h2>
      <div className="row">
        {task.acts.map((act) => (
          <Button key={act.act} onClick={() => setChosen(act)}>
            {language === 'zh' ? act.title : act.titleEn}
          </Button>
        ))}
      </div>
      {chosen && <ActDialog act={chosen} task={task} onClose={() => setChosen(undefined)} />}
    </section>
  );
}

function ActDialog({ act, task, onClose }: { act: Act; task: TaskDetail; onClose: () => void }) {
  const { words, language } = useLanguage();
  const client = useQueryClient();
  const [value, setValue] = useState<unknown>({});
  const [error, setError] = useState<unknown>();
  const [sending, setSending] = useState(false);
  const [key] = useState(newKey);
  const busy = useRef(false);
  const send = async (form: unknown): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    setSending(true);
    setError(undefined);
    try {
      await insist(act.href.replace('/api/v1', ''), { method: 'POST', body: form, key }, () => undefined);
      onClose();
      await client.invalidateQueries({ queryKey: ['tasks'] });
    } catch (reason) {
      setError(reason);
    }
    busy.current = false;
    setSending(false);
  };
  return (
    <Dialog title={language === 'zh' ? act.title : act.titleEn} onClose={onClose}>
      <p className="hint">
        {words.task.clause} <ClauseTag id={act.clause} />
      </p>
      <Failure error={error} />
      <SchemaForm
        idPrefix="act"
        schema={act.form}
        value={value}
        errors={errorsOf(error)}
        surroundings={{ context: task.context, colleagues: task.colleagues }}
        onChange={setValue}
        onSubmit={(form) => void send(form)}
      >
        <div className="row">
          <Button type="primary" htmlType="submit" loading={sending}>
            {words.confirm}
          </Button>
          <Button onClick={onClose}>{words.cancel}</Button>
        </div>
      </SchemaForm>
    </Dialog>
  );
}
